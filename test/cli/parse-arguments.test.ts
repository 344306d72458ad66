import {describe, expect, test} from 'vitest';
import {COMMANDS} from '../../src/cli/command-table.ts';
import {formatFailure, isFailure} from '../../src/cli/failure.ts';
import {GLOBAL_FLAGS, PROGRAM_FLAGS} from '../../src/cli/flags.ts';
import {type Parsed, parseArguments} from '../../src/cli/parse-arguments.ts';

const parse = (...argv: readonly string[]): Parsed => {
  const parsed = parseArguments(argv, COMMANDS);
  if (isFailure(parsed)) {
    throw new Error(formatFailure(parsed));
  }
  return parsed;
};

const refusal = (...argv: readonly string[]): string => {
  const parsed = parseArguments(argv, COMMANDS);
  return isFailure(parsed) ? `${parsed.exit} ${formatFailure(parsed)}` : 'accepted';
};

describe('the command line', () => {
  test('flags stand before, behind and without a command', () => {
    expect(parse('--json', 'status', '--socket', 'work', '--socket=a/b', 'x').flags).toMatchObject({json: true, sockets: ['work', 'a/b']});
    expect(parse('--config', 'status').command).toBeNull();
    expect(parse('--config', 'status', 'status').command?.name).toBe('status');
    expect(parse('--json')).toMatchObject({command: null, flags: {json: true}});
  });

  test('references of every sort pass as arguments', () => {
    const refs = [':3102', '77', 'session:default/a b', 'f-3c91', '-'];
    expect(parse('status', ...refs).args).toEqual(refs);
    expect(parse('status', '--', '--odd').args).toEqual(['--odd']);
  });

  test.each([
    [['statsu'], '2 rigtop: there is no command "statsu": did you mean "rigtop status"?'],
    [['frobnicate'], '2 rigtop: there is no command "frobnicate": rigtop --help lists the commands'],
    [['status', '--jsno'], '2 rigtop: unknown flag --jsno: did you mean --json?'],
    [['status', '--frobnicate'], '2 rigtop: unknown flag --frobnicate: rigtop status --help lists its flags'],
    [['--config'], '2 rigtop: --config needs a value: rigtop --help says which'],
    [['status', '--color', 'pink'], '2 rigtop: --color cannot be "pink": it is one of auto, always, never'],
    [['explain'], '2 rigtop: rigtop explain needs REF: usage: rigtop explain REF'],
    [['explain', 'a', 'b'], '2 rigtop: rigtop explain cannot use "b": usage: rigtop explain REF'],
    [['status', '--version'], '2 rigtop: unknown flag --version: it belongs to rigtop without a command'],
    [['-f'], '2 rigtop: unknown flag -f: it belongs to rigtop status, rigtop journal, rigtop snapshot'],
    [['kill', 'x', '--follow'], '2 rigtop: unknown flag --follow: it belongs to rigtop status, rigtop journal, rigtop snapshot'],
    [['status', '--kind', 'orphan'], '2 rigtop: unknown flag --kind: it belongs to rigtop cleanup'],
  ])('%j is wrong usage and says what to do', (argv, message) => {
    expect(refusal(...argv)).toBe(message);
  });

  test('help asks for nothing else', () => {
    expect(parse('explain', '--help')).toMatchObject({help: true});
    expect(parse('-h')).toMatchObject({help: true, command: null});
    expect(parse('-V')).toMatchObject({version: true});
  });
});

test('a flag means the same in every command, so that a command is found behind it', () => {
  const seen = new Map<string, string>(Object.entries({...GLOBAL_FLAGS, ...PROGRAM_FLAGS}).map(([name, {type}]) => [name, type]));
  for (const {flags} of COMMANDS) {
    for (const [name, {type}] of Object.entries(flags)) {
      expect(seen.get(name) ?? type).toBe(type);
      seen.set(name, type);
    }
  }
});
