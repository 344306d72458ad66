// head, tail, sort, uniq, cut, paste, tac: which lines and which parts of them are left. Pure.
import {known} from '../../core/domain/known.ts';
import type {Program} from '../call.ts';
import {lines, unclear, wordsOf} from '../results.ts';
import {inputOf, rowsOf} from './filter-input.ts';
import {type OptionRules, type Options, parseOptions} from './options.ts';

type Change = (rows: readonly string[], options: Options) => readonly string[] | null;

/** A filter of lines: what it does with its options, and which of its words are files. Options that are not `followed` leave nothing known. */
const filter =
  (rules: OptionRules, followed: readonly string[], change: Change): Program =>
  call => {
    const words = wordsOf(call.args);
    if (!words.known) {
      return unclear(words.because);
    }
    const options = parseOptions(words.value, rules);
    const text = inputOf(call, options.rest);
    const rows = text.known && options.only(...followed) ? change(rowsOf(text.value), options) : null;
    if (rows === null) {
      return unclear(text.known ? `what ${call.name} does is not followed` : text.because);
    }
    return lines(rows);
  };

const COUNTED: OptionRules = {
  short: 'nc',
  long: ['lines', 'bytes'],
  flags: [
    'quiet',
    'silent',
    'verbose',
    'zero-terminated',
    'follow',
    'retry',
    'pid',
    'sleep-interval',
    'max-unchanged-stats',
    'help',
    'version',
  ],
};
const FOLLOWED = ['n', 'lines', 'q', 'quiet', 'silent'];

/** `-5` and `+5` are `-n 5` and `-n +5`, where no other option takes them. */
const counted =
  (change: (rows: readonly string[], count: string) => readonly string[]): Program =>
  call => {
    const isShort = (at: number): boolean => {
      const [word, before] = [call.args[at], call.args[at - 1]];
      return word?.known === true && /^(?:-|\+)\d+$/.test(word.value) && !(before?.known === true && /^-[a-z]*n$|^--l/.test(before.value));
    };
    const args = call.args.map((arg, at) => (arg.known && isShort(at) ? known(`-n${arg.value.replace('-', '')}`) : arg));
    return filter(COUNTED, FOLLOWED, (rows, options) => {
      const [count = '10'] = options.all('n', 'lines');
      return /^[-+]?\d+$/.test(count) ? change(rows, count) : null;
    })({...call, args});
  };

const head = (rows: readonly string[], count: string): readonly string[] =>
  count.startsWith('-') ? rows.slice(0, Math.max(0, rows.length + Number(count))) : rows.slice(0, Number(count));

const tail = (rows: readonly string[], count: string): readonly string[] =>
  count.startsWith('+') ? rows.slice(Math.max(0, Number(count) - 1)) : rows.slice(Math.max(0, rows.length - Math.abs(Number(count))));

const SORT: OptionRules = {
  short: 'ktSTo',
  long: [
    'key',
    'field-separator',
    'buffer-size',
    'temporary-directory',
    'output',
    'compress-program',
    'batch-size',
    'files0-from',
    'parallel',
    'sort',
    'random-source',
  ],
  flags:
    'numeric-sort reverse unique check debug dictionary-order general-numeric-sort human-numeric-sort ignore-case ignore-leading-blanks ignore-nonprinting merge month-sort random-sort stable version-sort zero-terminated'.split(
      ' ',
    ),
};

/** In which order words stand that are more than small letters and digits depends on the language of the surroundings. */
const sort: Change = (rows, options) => {
  if (!rows.every(row => /^[a-z0-9]*$/.test(row))) {
    return null;
  }
  const isNumeric = options.has('n', 'numeric-sort');
  const numberIn = (row: string): number => Number.parseInt(row, 10) || 0;
  const ordered = rows.toSorted((a, b) => (isNumeric ? numberIn(a) - numberIn(b) : 0) || (a < b ? -1 : Number(a > b)));
  const isSame = (a: string, b: string | undefined): boolean => b !== undefined && (isNumeric ? numberIn(a) === numberIn(b) : a === b);
  const unique = options.has('u', 'unique') ? ordered.filter((row, at) => !isSame(row, ordered[at - 1])) : ordered;
  return options.has('r', 'reverse') ? unique.toReversed() : unique;
};

const uniq: Change = rows => rows.filter((row, at) => row !== rows[at - 1]);

const fieldList = (text: string): ((at: number) => boolean) | null => {
  const ranges = text.split(',').map(part => /^(\d*)(-?)(\d*)$/.exec(part));
  return ranges.includes(null)
    ? null
    : at =>
        ranges.some(range => {
          const first = Number(range?.[1] || 1);
          return range?.[2] === '' ? at === first : at >= first && at <= Number(range?.[3] || Number.POSITIVE_INFINITY);
        });
};

const CUT: OptionRules = {
  short: 'dfcb',
  long: ['delimiter', 'fields', 'characters', 'bytes', 'output-delimiter'],
  flags: ['complement', 'only-delimited', 'zero-terminated'],
};

const cut: Change = (rows, options) => {
  const [delimiter = '\t'] = options.all('d', 'delimiter');
  const [fields] = options.all('f', 'fields');
  const [characters] = options.all('c', 'characters', 'b', 'bytes');
  const isPicked = fieldList(fields ?? characters ?? '');
  if (isPicked === null) {
    return null;
  }
  const parts = (row: string): readonly string[] => (fields === undefined ? [...row] : row.split(delimiter));
  return rows.map(row =>
    fields !== undefined && !row.includes(delimiter)
      ? row
      : parts(row)
          .filter((_, at) => isPicked(at + 1))
          .join(fields === undefined ? '' : delimiter),
  );
};

const paste: Change = (rows, options) => {
  return options.has('s', 'serial') ? [rows.join(options.all('d', 'delimiters')[0] ?? '\t')] : null;
};

export const LINE_FILTERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['head', counted(head)],
  ['tail', counted(tail)],
  ['sort', filter(SORT, ['n', 'numeric-sort', 'r', 'reverse', 'u', 'unique', 'compress-program', 'T', 'S'], sort)],
  ['uniq', filter({short: 'fsw'}, [], uniq)],
  ['cut', filter(CUT, ['d', 'delimiter', 'f', 'fields', 'c', 'characters', 'b', 'bytes', 'n'], cut)],
  ['paste', filter({short: 'd', long: ['delimiters'], flags: ['serial']}, ['s', 'serial', 'd', 'delimiters'], paste)],
  ['tac', filter({short: 's'}, [], rows => rows.toReversed())],
]);
