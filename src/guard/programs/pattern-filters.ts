// grep and awk: which lines and which parts of them are left, in the forms by which pids are picked. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Program, Text} from '../call.ts';
import {answer, lines, unclear, undecided, wordsOf} from '../results.ts';
import {inputOf, rowsOf, UNTOLD} from './filter-input.ts';
import {type OptionRules, type Options, parseOptions} from './options.ts';
import {type PatternKind, posixPattern} from './posix-pattern.ts';

const dialectOf = (name: string, options: Options): PatternKind['dialect'] => {
  if (options.has('P', 'perl-regexp')) {
    return 'perl';
  }
  if (options.has('F', 'fixed-strings') || name === 'fgrep') {
    return 'fixed';
  }
  return options.has('E', 'extended-regexp') || name === 'egrep' || name === 'rg' ? 'extended' : 'basic';
};

const spanOf = (options: Options): 'any' | 'whole' | 'word' => {
  if (options.has('x', 'line-regexp')) {
    return 'whole';
  }
  return options.has('w', 'word-regexp') ? 'word' : 'any';
};

const GREP: OptionRules = {
  short: 'efABCmdD',
  long: [
    'regexp',
    'file',
    'max-count',
    'after-context',
    'before-context',
    'context',
    'include',
    'exclude',
    'binary-files',
    'label',
    'devices',
    'directories',
  ],
  flags: (
    'extended-regexp fixed-strings basic-regexp perl-regexp ignore-case no-ignore-case word-regexp line-regexp null-data no-messages invert-match ' +
    'byte-offset line-number line-buffered with-filename no-filename only-matching quiet silent text recursive dereference-recursive ' +
    'files-without-match files-with-matches count initial-tab null color colour binary'
  ).split(' '),
};
const GREP_FOLLOWED = (
  'e regexp E extended-regexp F fixed-strings G basic-regexp P perl-regexp i y ignore-case w word-regexp x line-regexp v invert-match ' +
  'o only-matching c count m max-count q quiet silent s no-messages h no-filename a text n line-number color colour line-buffered'
).split(' ');

export const grep: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, GREP);
  const given = options.all('e', 'regexp');
  const patterns = given.length > 0 ? given : options.rest.slice(0, 1);
  const text = inputOf(call, given.length > 0 ? options.rest : options.rest.slice(1));
  const dialect = dialectOf(call.name, options);
  const kind = {dialect, ignoreCase: options.has('i', 'y', 'ignore-case'), span: spanOf(options), global: true};
  // A star with nothing before it means nothing to it.
  const regexes = patterns
    .flatMap(pattern => pattern.split('\n'))
    .map(pattern => posixPattern(dialect === 'extended' ? pattern.replace(/^\*+/, '') : pattern, kind));
  if (!text.known || regexes.includes(null) || !options.only(...GREP_FOLLOWED)) {
    return unclear(text.known ? 'what grep finds is not followed' : text.because);
  }
  const isInverse = options.has('v', 'invert-match');
  const found = (row: string): readonly string[] => regexes.flatMap(regex => (regex === null ? [] : (row.match(regex) ?? [])));
  const kept = rowsOf(text.value)
    .map((row, at) => ({row, at: at + 1}))
    .filter(({row}) => found(row).length > 0 !== isInverse)
    .slice(0, Number(options.all('m', 'max-count')[0] ?? Number.POSITIVE_INFINITY));
  const status = kept.length > 0 ? 0 : 1;
  if (options.has('q', 'quiet', 'silent')) {
    return answer('', status);
  }
  if (options.has('c', 'count')) {
    return lines([kept.length], status);
  }
  const isOnly = options.has('o', 'only-matching');
  const numbered = (at: number, shown: string): string => (options.has('n', 'line-number') ? `${at}:${shown}` : shown);
  const partsOf = (row: string): readonly string[] => (isInverse ? [] : found(row).filter(part => part !== ''));
  return lines(
    kept.flatMap(({row, at}) => (isOnly ? partsOf(row) : [row]).map(shown => numbered(at, shown))),
    status,
  );
};

/** Null where it depends on what is not known of the row. */
type RowTest = (row: string, fields: readonly string[], number: number) => boolean | null;

const field = (index: string, row: string, fields: readonly string[]): string => {
  if (index === 'NF') {
    return fields.at(-1) ?? '';
  }
  return index === '0' ? row : (fields.at(Number(index) - 1) ?? '');
};

const compare = (left: string, operator: string, right: string): boolean | null => {
  if (left.includes(UNTOLD)) {
    return null;
  }
  const [a, b] = [Number(left), Number(right)];
  const isNumeric = left.trim() !== '' && !Number.isNaN(a) && !Number.isNaN(b);
  const order = isNumeric ? a - b : left.localeCompare(right);
  switch (operator) {
    case '==':
      return isNumeric ? a === b : left === right;
    case '!=':
      return isNumeric ? a !== b : left !== right;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    default:
      return order <= 0;
  }
};

/** One condition of an awk program; null where it is not followed. */
const rowTest = (text: string): RowTest | null => {
  const regex = /^(!?)\/((?:[^/\\]|\\.)*)\/$/.exec(text);
  if (regex !== null) {
    const pattern = posixPattern((regex[2] ?? '').replaceAll('\\/', '/'), {dialect: 'extended'});
    return pattern === null ? null : row => pattern.test(row) !== (regex[1] === '!');
  }
  const matched = /^\$(\d+|NF)\s*(!?~)\s*(?:\/((?:[^/\\]|\\.)*)\/|"([^"]*)")$/.exec(text);
  if (matched !== null) {
    const [, index = '0', operator, slashed, quoted] = matched;
    const pattern = posixPattern((slashed ?? quoted ?? '').replaceAll('\\/', '/'), {dialect: 'extended'});
    return pattern === null
      ? null
      : (row, fields) => {
          const value = field(index, row, fields);
          return index !== '0' && value.includes(UNTOLD) ? null : pattern.test(value) === (operator === '~');
        };
  }
  const compared = /^(\$(?:\d+|NF)|NR|NF)\s*(==|!=|>=|<=|>|<)\s*(?:"([^"]*)"|(\d+))$/.exec(text);
  if (text === 'NF') {
    return (_, fields) => fields.length > 0;
  }
  if (compared === null) {
    return null;
  }
  const [, left = '', operator = '', quoted, number = ''] = compared;
  const comparedText = (row: string, fields: readonly string[], at: number): string => {
    if (left === 'NR') {
      return String(at);
    }
    return left === 'NF' ? String(fields.length) : field(left.slice(1), row, fields);
  };
  return (row, fields, at) => compare(comparedText(row, fields, at), operator, quoted ?? number);
};

/** In a text that runs programs. */
export const RUNS_ENDING = /\b(?:kill|pkill|killall|fuser|tmux\s+kill)/;

interface AwkProgram {
  /** One of these lists has to hold as a whole. */
  readonly ways: readonly (readonly RowTest[])[];
  /** Words, each of pieces that stand side by side: texts in quotes, fields, and parts of a field. */
  readonly printed: readonly (readonly string[])[];
  readonly split: Split | null;
  /** `exit` behind it: the first row alone. */
  readonly isOnce: boolean;
}

/** `split($7, a, "/")` */
interface Split {
  readonly field: string;
  readonly list: string;
  readonly by: RegExp | string;
}

const PIECE = /"(?:[^"\\]|\\.)*"|\$(?:\d+|NF)|\w+\[\d+\]/g;
const PIECES = /^(?:\s*(?:"[^"\\]*"|\$(?:\d+|NF)|\w+\[\d+\]))+\s*$/;
const SPLIT = /\{\s*split\(\s*\$(\d+|NF)\s*,\s*([a-z]\w*)\s*,\s*"([^"\\ ]+)"\s*\)\s*[;\n]/;

/** Undefined where it parts in a way that is not followed. */
const splitIn = (text: string): Split | null | undefined => {
  const [, field = '', list = '', separator = ''] = SPLIT.exec(text) ?? [];
  const by = separator.length > 1 ? posixPattern(separator, {dialect: 'extended'}) : separator;
  if (separator === '') {
    return null;
  }
  return by === null ? undefined : {field, list, by};
};

const parseAwk = (written: string): AwkProgram | null => {
  const split = splitIn(written);
  const text = written.replace(SPLIT, '{').replace(/\bprintf\s*\(?\s*"%s\\n"\s*,([^(),]*?)\)?\s*(?=[;}])/, 'print $1');
  const match = /^\s*([^{]*?)\s*(?:\{\s*print(?:\s+([^;}]*?))?\s*;?\s*(exit)?\s*;?\s*\})?\s*$/.exec(text);
  if (match === null || text.trim() === '' || split === undefined) {
    return null;
  }
  const ways = ((match[1] ?? '') === '' ? [] : (match[1] ?? '').split('||')).map(way => way.split('&&').map(part => rowTest(part.trim())));
  const words = (match[2] || '$0').match(/(?:"[^"\\]*"|[^,"])+/g) ?? [];
  const printed = words.map(part => part.match(PIECE) ?? []);
  const isOfSplit = (piece: string): boolean => !/^[^"$]/.test(piece) || piece.startsWith(`${split?.list}[`);
  return words.every(part => PIECES.test(part)) && printed.flat().every(isOfSplit) && !ways.flat().includes(null)
    ? {ways: ways.map(way => way.flatMap(test => (test === null ? [] : [test]))), printed, split, isOnce: match[3] !== undefined}
    : null;
};

/** `-v NAME=TEXT`: the text stands where the name does, outside of texts and patterns. */
const withAssigned = (program: string, assigned: readonly string[]): string =>
  assigned.reduce((whole, each) => {
    const [, name = '', text = ''] = /^([A-Za-z_]\w*)=([^"\\]*)$/.exec(each) ?? [];
    const place = new RegExp(`("(?:[^"\\\\]|\\\\.)*"|/(?:[^/\\\\]|\\\\.)*/)|\\b${name}\\b`, 'g');
    return name === '' ? '' : whole.replace(place, (_, kept?: string) => kept ?? `"${text}"`);
  }, program);

/** Of `A && B || C`; null where it depends on what is not known of the row. */
const isMeant = (ways: AwkProgram['ways'], test: (each: RowTest) => boolean | null): boolean | null => {
  const held = ways.map(way => {
    const answers = way.map(test);
    return answers.includes(false) ? false : !answers.includes(null) || null;
  });
  return held.includes(true) || held.length === 0 || (held.includes(null) ? null : false);
};

export const awk: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: 'Fvfe',
    long: ['field-separator', 'assign', 'file', 'source'],
    flags: ['posix', 'traditional', 'version'],
    stops: true,
  });
  const [named] = options.all('e', 'source');
  const paths = options.all('f', 'file');
  const read = paths.length > 0 ? inputOf(call, paths) : known(named ?? options.rest[0] ?? '');
  const isBehind = named !== undefined || paths.length > 0;
  const program = [read.known ? read.value : '', ...options.all('v', 'assign')].join('\n').trim();
  const text = inputOf(call, options.rest.slice(isBehind ? 0 : 1));
  if (/\bsystem\s*\(|\|\s*&?\s*(?:"|getline)|\bprint\b[^|]*\|/.test(program) && RUNS_ENDING.test(program)) {
    return undecided(call, 'whom awk ends is not followed');
  }
  const assigned = options.all('v', 'assign');
  const parsed = isBehind ? null : parseAwk(withAssigned(options.rest[0] ?? '', assigned));
  const separator = (options.all('F', 'field-separator')[0] ?? ' ').replaceAll('\\t', '\t').replace(/^t$/, '\t');
  const regex = separator.length > 1 ? posixPattern(separator, {dialect: 'extended'}) : separator;
  if (!text.known || parsed === null || regex === null) {
    return unclear(text.known ? 'what awk writes is not followed' : text.because);
  }
  const fieldsOf = (row: string): readonly string[] => (separator === ' ' ? (row.match(/[^ \t]+/g) ?? []) : row.split(regex));
  let isTold = true;
  const rows = rowsOf(text.value).flatMap((row, at) => {
    const fields = fieldsOf(row);
    const textIn = (piece: string): string => {
      if (/^["$]/.test(piece)) {
        return piece.startsWith('"') ? piece.slice(1, -1) : field(piece.slice(1), row, fields);
      }
      const [, at = ''] = /\[(\d+)\]/.exec(piece) ?? [];
      const {field: whole = '', by = ''} = parsed.split ?? {};
      return (
        (Number(at) > 0
          ? field(whole, row, fields)
              .split(by)
              .at(Number(at) - 1)
          : undefined) ?? ''
      );
    };
    const held = isMeant(parsed.ways, test => test(row, fields, at + 1));
    isTold &&= held !== null;
    return held === true ? [parsed.printed.map(pieces => pieces.map(textIn).join('')).join(' ')] : [];
  });
  if (!isTold) {
    return unclear('what awk compares with is not known');
  }
  return lines(parsed.isOnce ? rows.slice(0, 1) : rows);
};

/** `wc -l` and nothing else of it. */
export const count: Program = ({stdin, args}) => {
  const isLines = args.length === 1 && args[0]?.known === true && args[0].value === '-l';
  const out: Text = stdin?.known === true && isLines ? known(`${rowsOf(stdin.value).length}\n`) : unknown('what is counted is not known');
  return {out, status: null};
};
