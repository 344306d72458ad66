import {describe, expect, test} from 'vitest';
import {parseConfig} from '../../src/config/parse-config.ts';
import {formatProblem} from '../../src/config/problem.ts';

const problemsOf = (text: string): readonly string[] => parseConfig('/etc/c.toml', text).problems.map(formatProblem);

const EXAMPLE = `
interval = "2s"
read_only = false
[thresholds]
orphan_min_age = "60s"
confirm_gap = "500ms"
term_grace = "5s"
[protect]
sessions = ["scratch-*"]
commands = ["*postgres*"]
paths = ["~/code/keep"]
[[towns]]
path = "~/gt"
[[repos]]
path = "~/w/shop"
[[rigs]]
name = "search"
path = "~/w/search"
session = "search-{slot}"
slots = 4
slot_stride = 10
  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "pnpm dev --port {port}"
[runtimes.mybot]
process_names = ["mybot"]
args = ["--autonomous"]
[supervise]
interval = "30s"
keep = ["agent:search/*", "slot:search/*/web"]
[keys]
stop = ["x", "F9"]
[theme]
name = "dark"
`;

describe('a configuration file', () => {
  test('the documented example is valid as it stands', () => {
    const {values, problems} = parseConfig('c', EXAMPLE);
    expect(problems).toEqual([]);
    expect(values.rigs?.[0]?.services?.[0]?.base_port).toBe(3100);
    expect(values.keys).toEqual({stop: ['x', 'F9']});
  });

  test('a syntax error names its line', () => {
    expect(problemsOf('interval = "2s"\nread_only = yes\n')).toEqual(['/etc/c.toml:2: invalid value']);
  });

  test.each([
    ['interval = 2', '1: interval: expected a duration such as "500ms", "2s" or "1m", got 2'],
    ['interval = "2 parsecs"', '1: interval: expected a duration such as "500ms", "2s" or "1m", got "2 parsecs"'],
    ['interval = "0s"', '1: interval: must be at least 100ms, got "0s"'],
    ['\nread_only = "no"', '2: read_only: expected true or false, got "no"'],
    ['[thresholds]\nconfirm_gap = "100ms"', '2: thresholds.confirm_gap: must be at least 500ms, got "100ms"'],
    ['intervall = "2s"', '1: intervall: unknown key; did you mean "interval"?'],
    ['[theme]\nname = "drak"', '2: theme.name: expected one of dark, light, high-contrast, mono, colour-blind, got "drak"'],
    ['[[rigs]]\nname = "a"', '1: rigs[0].path: is missing'],
    ['protect = {sessions = 3}', '1: protect.sessions: expected a list, got 3'],
    ['[runtimes.bot]\nprocess_names = []', '2: runtimes.bot.process_names: must name at least one program'],
    ['[runtimes."a b"]\nprocess_names = ["x"]', '1: runtimes.a b: must be one word without "/", ":" or spaces'],
    ['[[rigs]]\nname = "a"\npath = "/a"\nslots = 1.5', '4: rigs[0].slots: expected a whole number, got 1.5'],
    ['[[rigs]]\nname = "a"\npath = "/a"\nslots = -1', '4: rigs[0].slots: must be at least 0, is -1'],
    [
      '[[rigs]]\nname = "a"\npath = "/a"\nsession = "a-{slug}"',
      '4: rigs[0].session: unknown placeholder {slug}: {rig}, {slot} can be used, got "a-{slug}"',
    ],
  ])('%j is refused by name', (text, problem) => {
    expect(problemsOf(text)).toEqual([`/etc/c.toml:${problem}`]);
  });

  test('a port beyond the last one is impossible', () => {
    const text = '[[rigs]]\nname = "a"\npath = "/a"\nslots = 9\nslot_stride = 1000\n[[rigs.services]]\nname = "w"\nbase_port = 60000\n';
    expect(problemsOf(text)).toEqual([
      '/etc/c.toml:8: rigs[0].services[0].base_port: slot 9 would need port 69000; ports end at 65535, got 60000',
    ]);
  });

  test('two rigs of one name and two services of one name are refused where the second stands', () => {
    const rig = (name: string) => `[[rigs]]\nname = "${name}"\npath = "/a"\n`;
    expect(problemsOf(rig('a') + rig('a'))).toEqual(['/etc/c.toml:5: rigs[1].name: another rig has that name already, got "a"']);
    const services = '[[rigs.services]]\nname = "w"\nbase_port = 1\n'.repeat(2);
    expect(problemsOf(rig('a') + services)).toEqual([
      '/etc/c.toml:8: rigs[0].services[1].name: this rig has a service of that name already, got "w"',
    ]);
  });

  test('what is valid beside a fault is kept', () => {
    const {values, problems} = parseConfig(
      'c',
      `nonsense = 1\n[protect]\nsessions = ["keep-*"]\npaths = "x"\n[[rigs]]\nname = "a"\n[[rigs]]\nname = "b"\npath = "/b"\n`,
    );
    expect(problems).toHaveLength(3);
    expect(values.protect).toEqual({sessions: ['keep-*']});
    expect(values.rigs?.map(rig => rig.name)).toEqual(['b']);
  });

  test('hostile text is told in one harmless line', () => {
    const [problem = ''] = problemsOf('"\\u001b[2J\\nkey" = 1');
    expect(problem).not.toMatch(/[\u0000-\u001f]/);
    expect(problemsOf(`a = ${'['.repeat(20_000)}`)).toHaveLength(1);
    expect(problemsOf('__proto__ = 1')[0]).toContain('unknown key');
  });
});
