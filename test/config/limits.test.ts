import {describe, expect, test} from 'vitest';
import {parseConfig} from '../../src/config/parse-config.ts';
import {formatProblem} from '../../src/config/problem.ts';

const problemsOf = (text: string): readonly string[] => parseConfig('/c.toml', text).problems.map(formatProblem);
const times = (count: number, line: (index: number) => string): string => Array.from({length: count}, (_, index) => line(index)).join('');

/** Every one of these took minutes, or ended in a stack trace. */
describe('what costs more to refuse than to write', () => {
  test.each([
    ['unknown keys', times(8_000, index => `k${index} = 1\n`), 20, '/c.toml:1: k0: unknown key; known here: '],
    ['unknown long keys', times(200, index => `${'k'.repeat(1_000)}${index} = 1\n`), 20, '/c.toml:1: kkk'],
    ['unknown actions', `keys = {${times(12_000, index => `${index === 0 ? '' : ','}k${index}=["x"]`)}}`, 1, '/c.toml:1: keys: must have'],
    ['wrong values', `keys = {${times(12_000, index => `${index === 0 ? '' : ','}k${index}=[1]`)}}`, 20, '/c.toml:1: keys.k0[0]: expected'],
    ['a deep table', `[${'a.'.repeat(120_000)}a]\nb = 1\n`, 1, '/c.toml:1: a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: tables lie more than 16 deep'],
    ['a deep key', `x = 1\n${'a.'.repeat(120_000)}a = 1\n`, 1, '/c.toml:2: a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: tables lie more than 16 deep'],
    [
      'many rigs',
      times(4_000, index => `[[rigs]]\nname="a${index}"\npath="/a"\nslots=9999\n`),
      1,
      '/c.toml:1: rigs: must have at most 256',
    ],
    ['many of one name', times(8_000, () => '[[rigs]]\nname="a"\n'), 1, '/c.toml:1: rigs: must have at most 256 entries'],
    [
      'many services',
      `[[rigs]]\nname="a"\npath="/a"\n${times(4_000, index => `[[rigs.services]]\nname="s${index}"\nbase_port=1\n`)}`,
      1,
      '/c.toml:4: rigs[0].services: must have at most 64 entries',
    ],
    [
      'slots of all rigs',
      times(3, index => `[[rigs]]\nname="a${index}"\npath="/a"\nslots=4999\n`),
      1,
      '/c.toml:12: rigs[2].slots: the rigs up to this one have more than 10000',
    ],
    ['a long list', `[protect]\nsessions = [${'"x",'.repeat(60_000)}]`, 1, '/c.toml:2: protect.sessions: must have at most 1024 entries'],
    ['a long word', `[[towns]]\npath = "${'x'.repeat(5_000)}"`, 1, '/c.toml:2: towns[0].path: must have at most 4096 letters'],
    ['names of prototypes', '__proto__ = 1\nconstructor = 1\n[keys]\n__proto__ = ["x"]\n', 2, '/c.toml:1: __proto__: unknown key'],
  ])('%s', (_, text, count, first) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(count);
    expect(problems[0]?.startsWith(first) ? first : problems[0]).toBe(first);
    expect(problems.every(line => line.length < 400)).toBe(true);
  });

  test('of more than twenty problems the last line counts the rest', () => {
    expect(problemsOf(times(21, index => `k${index} = 1\n`)).at(-1)).toBe('/c.toml: and 2 more problems');
    expect(problemsOf(times(20, index => `k${index} = 1\n`)).at(-1)).toMatch(/^\/c\.toml:20: k19: unknown key/);
  });

  test('durations end before timers fire at once', () => {
    expect(problemsOf('interval = "24d"\n[supervise]\ninterval = "576h"\n')).toEqual([]);
    expect(problemsOf('interval = "25d"\n')).toEqual(['/c.toml:1: interval: must be at most 24d, got "25d"']);
    expect(problemsOf('[supervise]\ninterval = "25d"\n')).toHaveLength(1);
    expect(problemsOf('[thresholds]\nconfirm_gap = "25d"\nterm_grace = "99999999d"\n')).toHaveLength(2);
  });
});
