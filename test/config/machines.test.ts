// [[machines]]: what it may say, and that no project's file may say it.
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';
import {parseConfig} from '../../src/config/parse-config.ts';
import {formatProblem} from '../../src/config/problem.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'rigtop-machines-')));
  mkdirSync(join(root, '.config/rigtop'), {recursive: true});
  mkdirSync(join(root, 'clone'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const load = (own: string, project: string | null = null) => {
  writeFileSync(join(root, '.config/rigtop/config.toml'), own);
  if (project !== null) {
    writeFileSync(join(root, 'clone/.rigtop.toml'), project);
  }
  return loadConfig({
    cwd: join(root, 'clone'),
    env: {HOME: root},
    flags: {towns: [], repos: [], sockets: [], readOnly: false},
    trust: join(root, 'trust.json'),
  });
};

test('names over ssh, names through a program, and programs that print names', async () => {
  const {machines, problems} = await load(`
[[machines]]
name = "box1"
[[machines]]
name = "build-7"
via = ["kubectl", "exec", "-i", "{name}", "--"]
[[machines]]
from = ["list-pods"]
every = "1m"
via = ["podman", "exec", "-i", "{name}"]
terminal = ["podman", "exec", "-ti", "{name}"]
`);
  expect(problems).toEqual([]);
  expect(machines).toEqual([
    {name: 'box1', via: null},
    {name: 'build-7', via: {via: ['kubectl', 'exec', '-i', '{name}', '--'], terminal: ['kubectl', 'exec', '-it', '{name}', '--']}},
    {
      from: ['list-pods'],
      everyMs: 60_000,
      via: {via: ['podman', 'exec', '-i', '{name}'], terminal: ['podman', 'exec', '-ti', '{name}']},
    },
  ]);
});

test.each([
  ['name = "-oProxyCommand=x"', 'machines[0].name: a machine cannot begin with a dash'],
  ['name = "a b"', 'machines[0].name: a machine has no spaces'],
  ['name = ""', 'machines[0].name: must not be empty'],
  ['via = ["x"]', 'machines[0]: either `name` or `from` is needed'],
  ['name = "a"\nfrom = ["x"]', 'machines[0].from: either `name` or `from` is needed'],
  ['name = "a"\nevery = "1m"', 'machines[0].every: is for `from` only'],
  ['name = "a"\nterminal = ["x"]', 'machines[0].terminal: is for `via` only'],
  ['name = "a"\nvia = []', 'machines[0].via: must name a program'],
  ['name = "a"\nvia = ["x", "{pod}"]', 'machines[0].via[1]: unknown placeholder {pod}'],
  ['from = ["x"]\nvia = ["y"]', 'machines[0].via: must have {name} in it'],
  ['from = ["x"]\nevery = "1s"', 'machines[0].every: must be at least 10s'],
  ['name = "a"\n[[machines]]\nname = "a"', 'machines[1].name: another machine has that name already'],
])('%s is a fault', (text, message) => {
  const {problems} = parseConfig('c.toml', `[[machines]]\n${text}\n`);
  expect(problems.map(formatProblem).join('\n')).toContain(message);
});

test("a project's file names none, approved or not: an error that names the file", async () => {
  const {machines, problems, refusesActions} = await load(
    '[[machines]]\nname = "box1"\n',
    'read_only = false\n[[machines]]\nname = "evil"\nvia = ["touch", "owned"]\n',
  );
  expect(machines.map(machine => ('name' in machine ? machine.name : ''))).toEqual(['box1']);
  expect(problems.map(formatProblem)).toEqual([
    `${join(root, 'clone/.rigtop.toml')}:2: machines: only your own configuration may name machines: move it there`,
  ]);
  expect(refusesActions).toBe(true);
});
