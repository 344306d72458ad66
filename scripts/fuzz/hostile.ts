// Values that faults were made of before: names that act, names that every object has, numbers that are multiplied, depth, width.
import type {Dice} from './dice.ts';

const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'x\u001b]0;PWN\u0007y',
  'x\u001b[201~\u0003\ntouch /tmp/pasted\n',
  'a\u009b31mb',
  'a\u202eb\u2066c',
  'a\u200b\u200d\u2060\u00ad\ufeffb',
  'a\u{e0041}\u{e0042}b',
  '\u3164',
  `e${'\u0301'.repeat(200)}`,
  'a\u0000b',
  '\ud800',
  '$(touch$IFS""pwned)',
  '`id`',
  "';id;'",
  '../../../../../../etc',
  '/',
  '',
  ' ',
  '.',
  '-rf',
  '*',
  'a'.repeat(5000),
  'rigtop',
  'slot:x/1',
];

const NUMBERS: readonly number[] = [
  0, -1, 1, 2, 1.5, 255, 65_535, 65_536, 9999, 2_147_483_647, 2_147_483_648, 4_294_967_296, 1e308, -0, 1e-7,
];

const WORDS: readonly string[] = ['25d', '30d', '0s', '1ms', '9999999999d', 'true', '2026-01-01T00:00:00Z', '9999-99-99T99:99:99Z'];

export const hostileText = (dice: Dice): string => dice.pick(dice.chance(0.7) ? NAMES : WORDS);

/** Any value; `pids` are the driver's own processes, so that a number may mean something. */
export const hostileValue = (dice: Dice, pids: readonly number[]): unknown => {
  switch (dice.below(8)) {
    case 0:
    case 1:
      return hostileText(dice);
    case 2:
    case 3:
      return dice.pick(NUMBERS);
    case 4:
      return pids.length === 0 ? 1 : dice.pick(pids);
    case 5:
      return dice.pick([null, true, false, [], {}]);
    case 6:
      return Array.from({length: dice.below(400)}, (_, index) => (dice.chance(0.5) ? index : hostileText(dice)));
    default:
      return Object.fromEntries(Array.from({length: dice.below(40)}, (_, index) => [`${hostileText(dice)}${index}`, index]));
  }
};

/** Whole documents that were too deep, too wide or too many once. */
export const EXTREMES: readonly ((dice: Dice) => string)[] = [
  dice => '['.repeat(100_000 + dice.below(400_000)),
  dice => `{"version":${'['.repeat(50_000)}${']'.repeat(50_000)},"sessions":[${dice.below(9)}]}`,
  dice => `[${Array.from({length: 20_000 + dice.below(9)}, (_, index) => index).join('.')}]\nx = 1\n`,
  dice => `a${'.a'.repeat(20_000 + dice.below(100_000))} = 1\n`,
  dice => Array.from({length: 8000}, (_, index) => `k${index}${dice.below(9)} = 1\n`).join(''),
  dice => `keys = {${Array.from({length: 5000}, (_, index) => `k${index} = ["${dice.below(9)}"]`).join(', ')}}\n`,
  dice => Array.from({length: 2000}, (_, index) => `[[rigs]]\nname = "r${index}"\npath = "/p${dice.below(9)}"\nslots = 9999\n`).join(''),
  dice => Array.from({length: 500}, (_, index) => `[[services]]\nname = "s${index}"\nbase_port = ${3000 + dice.below(9)}\n`).join(''),
  dice =>
    JSON.stringify({
      version: 1,
      sessions: Array.from({length: 1000}, (_, slot) => ({
        slug: `s${slot}`,
        slot: slot + 1,
        worktree_path: `/w${dice.below(9)}`,
        mode: 'host',
      })),
    }),
  dice =>
    JSON.stringify({
      version: 1,
      rigs: Object.fromEntries(Array.from({length: 3000}, (_, index) => [`r${index}`, {beads: {prefix: dice.below(9)}}])),
    }),
  dice => '{"schema":"rigtop/journal@1","type":"outcome"}\n'.repeat(1000 + dice.below(1000)),
  dice => String.fromCharCode(...Array.from({length: 1000}, () => dice.below(256))),
  () => '\u0000'.repeat(10_000),
  () => '{"__proto__":{"pid":1},"constructor":{"prototype":{}}}',
];
