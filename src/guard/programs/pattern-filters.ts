// grep, awk and sed: which lines and which parts of them are left, in the forms by which pids are picked. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Program, Text} from '../call.ts';
import {answer, lines, unclear, undecided, wordsOf} from '../results.ts';
import {type Options, parseOptions} from './options.ts';
import {type PatternKind, posixPattern} from './posix-pattern.ts';
import {inputOf, rowsOf} from './text-filters.ts';

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

export const grep: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: 'efABCmdD',
    long: ['regexp', 'file', 'max-count', 'after-context', 'before-context', 'context'],
  });
  const given = options.all('e', 'regexp');
  const patterns = given.length > 0 ? given : options.rest.slice(0, 1);
  const text = inputOf(call, given.length > 0 ? options.rest : options.rest.slice(1));
  const kind = {dialect: dialectOf(call.name, options), ignoreCase: options.has('i', 'ignore-case'), span: spanOf(options), global: true};
  const regexes = patterns.flatMap(pattern => pattern.split('\n')).map(pattern => posixPattern(pattern, kind));
  if (!text.known || regexes.includes(null) || options.has('f', 'r', 'R', 'A', 'B', 'C', 'l', 'L')) {
    return unclear(text.known ? 'what grep finds is not followed' : text.because);
  }
  const found = (row: string): readonly string[] => regexes.flatMap(regex => (regex === null ? [] : (row.match(regex) ?? [])));
  const isKept = (row: string): boolean => found(row).length > 0 !== options.has('v', 'invert-match');
  const kept = rowsOf(text.value)
    .filter(isKept)
    .slice(0, Number(options.all('m', 'max-count')[0] ?? Number.POSITIVE_INFINITY));
  const status = kept.length > 0 ? 0 : 1;
  if (options.has('q', 'quiet', 'silent')) {
    return answer('', status);
  }
  if (options.has('c', 'count')) {
    return lines([kept.length], status);
  }
  return lines(options.has('o', 'only-matching') ? kept.flatMap(row => found(row)) : kept, status);
};

type RowTest = (row: string, fields: readonly string[], number: number) => boolean;

const field = (index: string, row: string, fields: readonly string[]): string => {
  if (index === 'NF') {
    return fields.at(-1) ?? '';
  }
  return index === '0' ? row : (fields.at(Number(index) - 1) ?? '');
};

const compare = (left: string, operator: string, right: string): boolean => {
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
    return pattern === null ? null : (row, fields) => pattern.test(field(index, row, fields)) === (operator === '~');
  }
  const compared = /^(\$(?:\d+|NF)|NR|NF)\s*(==|!=|>=|<=|>|<)\s*(?:"([^"]*)"|(\d+))$/.exec(text);
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
const RUNS_ENDING = /\b(?:kill|pkill|killall|fuser|tmux\s+kill)/;

interface AwkProgram {
  readonly tests: readonly RowTest[];
  readonly printed: readonly string[];
}

const parseAwk = (text: string): AwkProgram | null => {
  const match = /^\s*([^{]*?)\s*(?:\{\s*print(?:\s+([^;}]*?))?\s*;?\s*\})?\s*$/.exec(text);
  if (match === null || text.trim() === '') {
    return null;
  }
  const tests = (match[1] ?? '') === '' ? [] : (match[1] ?? '').split('&&').map(part => rowTest(part.trim()));
  const printed = (match[2] ?? '$0').split(/\s*,\s*/);
  const isPlain = printed.every(part => /^\$(?:\d+|NF)$/.test(part));
  return isPlain && !tests.includes(null) ? {tests: tests.flatMap(test => (test === null ? [] : [test])), printed} : null;
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
  const parsed = options.has('v', 'assign') || isBehind ? null : parseAwk(program);
  const [separator = ' '] = options.all('F', 'field-separator');
  const regex = separator.length > 1 ? posixPattern(separator, {dialect: 'extended'}) : separator;
  if (!text.known || parsed === null || regex === null) {
    return unclear(text.known ? 'what awk writes is not followed' : text.because);
  }
  const fieldsOf = (row: string): readonly string[] => (separator === ' ' ? row.trim().split(/[ \t]+/) : row.split(regex));
  return lines(
    rowsOf(text.value).flatMap((row, at) => {
      const fields = fieldsOf(row);
      const isMeant = parsed.tests.every(test => test(row, fields, at + 1));
      return isMeant ? [parsed.printed.map(each => field(each.slice(1), row, fields)).join(' ')] : [];
    }),
  );
};

/** `s/A/B/`, `/A/d`, `/A/p`, `1d`, `Np`: one such order. */
const sedOrder = (order: string, rows: readonly string[], quiet: boolean, isExtended: boolean): readonly string[] | null => {
  const dialect = isExtended ? 'extended' : 'basic';
  const replaced = /^s([/|,#:])(.*?)\1(.*?)\1([gp]*)$/.exec(order);
  if (replaced !== null) {
    const [, , from = '', to = '', flags = ''] = replaced;
    const regex = posixPattern(from, {dialect, global: flags.includes('g')});
    const by = to
      .replaceAll('$', '$$$$')
      .replace(/\\(\d)/g, '$$$1')
      .replace(/(?<!\\)&/g, '$$&');
    if (regex === null) {
      return null;
    }
    return rows.flatMap(row => {
      const next = row.replace(regex, by);
      if (!quiet) {
        return [next];
      }
      return flags.includes('p') && row.search(regex) >= 0 ? [next] : [];
    });
  }
  const lineOrder = /^(?:(\d+)|\/(.*)\/)([dp])$/.exec(order);
  if (lineOrder === null) {
    return null;
  }
  const [, number, pattern = '', what] = lineOrder;
  const regex = posixPattern(pattern, {dialect});
  const isMeant = (row: string, at: number): boolean => (number === undefined ? (regex?.test(row) ?? false) : at + 1 === Number(number));
  if (regex === null || (what === 'p') !== quiet) {
    return null;
  }
  return rows.filter((row, at) => isMeant(row, at) === (what === 'p'));
};

export const sed: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: 'ef',
    long: ['expression', 'file', 'line-length'],
    flags: [
      'quiet',
      'silent',
      'debug',
      'follow-symlinks',
      'in-place',
      'posix',
      'regexp-extended',
      'separate',
      'sandbox',
      'unbuffered',
      'null-data',
    ],
  });
  const [file] = options.all('f', 'file').map(path => inputOf(call, [path]));
  const given = [...options.all('e', 'expression'), ...(file?.known === true ? [file.value] : [])];
  const orders = (given.length > 0 ? given : options.rest.slice(0, 1)).flatMap(order => order.split(/[;\n{}]/)).map(order => order.trim());
  const text: Text = options.has('f', 'file', 'i', 'in-place')
    ? unknown('sed changes files')
    : inputOf(call, given.length > 0 ? options.rest : options.rest.slice(1));
  if (orders.some(order => EXECUTES.test(order) && RUNS_ENDING.test(`${order}\n${text.known ? text.value : call.verdicts.source}`))) {
    return undecided(call, 'whom sed ends is not followed');
  }
  if (!text.known) {
    return unclear(text.because);
  }
  let rows: readonly string[] | null = rowsOf(text.value);
  for (const order of orders) {
    rows = rows === null ? null : sedOrder(order, rows, options.has('n', 'quiet'), options.has('E', 'r'));
  }
  return rows === null ? unclear('what sed does is not followed') : lines(rows);
};

/** `e` runs what it is given, or what stands in the line; as a flag of `s` what the line has become. */
const EXECUTES = /^(?:[\d,$!~+]+|\/.*\/[IM]?)?\s*e(?:\s|$)|^.*s(\W).*\1.*\1[gpIMm\d]*e[gpIMm\d]*(?:w\s.*)?$/;

/** `wc -l` and nothing else of it. */
export const count: Program = ({stdin, args}) => {
  const isLines = args.length === 1 && args[0]?.known === true && args[0].value === '-l';
  const out: Text = stdin?.known === true && isLines ? known(`${rowsOf(stdin.value).length}\n`) : unknown('what is counted is not known');
  return {out, status: null};
};
