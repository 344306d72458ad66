// sed: orders by which lines are changed, left out and run, in the forms by which pids are picked. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Program, Text} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {lines, make, NOT_FOLLOWED, NOTHING, originOf, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {inputOf, rowsOf} from './filter-input.ts';
import {parseOptions} from './options.ts';
import {RUNS_ENDING} from './pattern-filters.ts';
import {posixPattern} from './posix-pattern.ts';

/** The parts of `s/A/B/FLAGS`, at the signs that no backslash stands before. */
const partsOf = (order: string): readonly string[] | null => {
  const [, sign = ''] = /^s([^\w\s\\])/.exec(order) ?? [];
  const parts: string[] = [''];
  for (let at = 2; at < order.length && sign !== ''; at += 1) {
    const char = order.charAt(at);
    const next = order.charAt(at + 1);
    if (char === sign) {
      parts.push('');
    } else {
      parts.push(`${parts.pop()}${char === '\\' && next !== sign ? char + next : char.replace('\\', sign)}`);
      at += char === '\\' ? 1 : 0;
    }
  }
  return parts.length === 3 ? parts : null;
};

/** `\t` and `\n` are what they are to C; a replacement has more in it than is followed. */
const sedPattern = (text: string): string => text.replace(/\\t/g, '\t').replace(/\\n/g, '\n');
const PLAIN_REPLACEMENT = /^(?:[^\\]|\\[1-9&tn/|,#:.\\-])*$/;

const replacement = (text: string): string =>
  text.replace(/\\([\s\S])|(&)|(\$)/g, (_, escaped?: string, whole?: string) => {
    if (escaped === undefined) {
      return whole === undefined ? '$$' : '$&';
    }
    const named = new Map([
      ['t', '\t'],
      ['n', '\n'],
    ]).get(escaped);
    return /\d/.test(escaped) ? `$${escaped}` : (named ?? escaped);
  });

/** `s/A/B/`, `/A/d`, `/A/p`, `1d`, `Np`: one such order. */
const sedOrder = (
  order: string,
  rows: readonly Numbered[],
  quiet: boolean,
  isExtended: boolean,
  last: number,
): readonly Numbered[] | null => {
  const dialect = isExtended ? 'extended' : 'basic';
  const parts = partsOf(order);
  if (parts !== null) {
    const [from = '', to = '', flags = ''] = parts;
    const regex =
      /^[gpiI]*$/.test(flags) && PLAIN_REPLACEMENT.test(to)
        ? posixPattern(sedPattern(from), {dialect, global: flags.includes('g'), ignoreCase: /i/i.test(flags)})
        : null;
    // Where nothing matches as well, it differs from sed.
    if (regex === null || (flags.includes('g') && ''.search(regex) === 0 && !/[$^]/.test(from))) {
      return null;
    }
    const by = replacement(to);
    return rows.flatMap(({row, at}) => {
      const next = {row: row.replace(regex, by), at};
      const printed = flags.includes('p') && row.search(regex) >= 0 ? [next] : [];
      return quiet ? printed : [next, ...printed];
    });
  }
  const lineOrder = /^(?:(\d+|\$)(?:,(\d+|\$))?|\/((?:[^/\\]|\\.)*)\/)\s*(!?)\s*([dp])$/.exec(order);
  if (lineOrder === null) {
    return null;
  }
  const [, first, end = first, pattern = '', not, what] = lineOrder;
  const numberOf = (address: string | undefined): number => (address === '$' ? last : Number(address));
  const regex = posixPattern(sedPattern(pattern).replaceAll('\\/', '/'), {dialect});
  const isAddressed = ({row, at}: Numbered): boolean =>
    first === undefined ? (regex?.test(row) ?? false) : at >= numberOf(first) && at <= Math.max(numberOf(first), numberOf(end));
  if (regex === null || (what === 'p') !== quiet) {
    return null;
  }
  return rows.filter(row => (isAddressed(row) !== (not === '!')) === (what === 'p'));
};

interface Numbered {
  readonly row: string;
  readonly at: number;
}

/** What is left of a text; null where that is not followed. */
const edited = (text: string, orders: readonly string[], quiet: boolean, isExtended: boolean): readonly string[] | null => {
  let rows: readonly Numbered[] | null = rowsOf(text).map((row, at) => ({row, at: at + 1}));
  const last = rows.length;
  for (const order of orders.filter(each => each !== '')) {
    rows = rows === null ? null : sedOrder(order, rows, quiet, isExtended, last);
  }
  // What one order prints, another may print once more.
  return rows === null || (quiet && orders.length > 1) ? null : rows.map(({row}) => row);
};

/** `-i`: what the file is then, where that is followed; else what it was, unless the orders could have put in what ends others. */
const editInPlace = (call: Call, path: string, orders: readonly string[], edit: (text: string) => readonly string[] | null): void => {
  const place = pathOf(call.scope, path);
  if (place.known) {
    const before = originOf(call.scope, place.value);
    make(call.scope, place.value, later => {
      const text = before(later, '');
      const rows = text.known && text.value !== null ? edit(text.value) : null;
      if (rows !== null) {
        return known(`${rows.join('\n')}\n`);
      }
      const words = `${orders.join('\n')}\n${text.known ? text.value : ''}`;
      later.verdicts.source += words;
      return plainlyEnds(words) ? unknown(`what sed makes of ${path} ${NOT_FOLLOWED}`) : text;
    });
  }
};

export const sed: Program = call => {
  const words = wordsOf(call.args.map(arg => (arg.known ? known(arg.value.replace(/^(-[nErsuz]*i).+/, '$1')) : arg)));
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
  const isInPlace = options.has('i', 'in-place');
  const files = given.length > 0 ? options.rest : options.rest.slice(1);
  const text: Text = isInPlace || options.has('f', 'file') ? unknown('sed changes files') : inputOf(call, files);
  if (orders.some(order => EXECUTES.test(order) && RUNS_ENDING.test(`${order}\n${text.known ? text.value : call.verdicts.source}`))) {
    return undecided(call, 'whom sed ends is not followed');
  }
  const edit = (whole: string): readonly string[] | null =>
    edited(whole, orders, options.has('n', 'quiet', 'silent'), options.has('E', 'r', 'regexp-extended'));
  for (const path of isInPlace ? files : []) {
    editInPlace(call, path, orders, edit);
  }
  if (!text.known) {
    return isInPlace ? NOTHING : unclear(text.because);
  }
  const rows = edit(text.value);
  return rows === null ? unclear('what sed does is not followed') : lines(rows);
};

/** `e` runs what it is given, or what stands in the line; as a flag of `s` what the line has become. */
const EXECUTES = /^(?:[\d,$!~+]+|\/.*\/[IM]?)?\s*e(?:\s|$)|^.*s(\W).*\1.*\1[gpIMm\d]*e[gpIMm\d]*(?:w\s.*)?$/;
