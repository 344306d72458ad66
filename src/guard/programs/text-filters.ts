// cat, cut, head, sort and their like: what is left of a text that is piped through them, as far as commands pick pids so. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import {baseName, parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Program, Result, Text} from '../call.ts';
import {answer, DECODED, fileOf, lines, NOTHING, pathOf, unclear, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';
import {type Options, parseOptions} from './options.ts';
import {posixPattern} from './posix-pattern.ts';

export const rowsOf = (text: string): readonly string[] => {
  const rows = text.split('\n');
  return rows.at(-1) === '' ? rows.slice(0, -1) : rows;
};

/** What a filter reads: the files that it names, else its standard input. */
export const inputOf = (call: Call, paths: readonly string[]): Text => {
  const named = paths.filter(path => path !== '-');
  if (named.length === 0) {
    return call.stdin ?? unknown('nothing is fed to it');
  }
  const texts: string[] = [];
  for (const each of named) {
    const path = pathOf(call.scope, each);
    const text = path.known ? fileOf(call, path.value) : path;
    if (!text.known) {
      return text;
    }
    texts.push(text.value ?? '');
  }
  return known(texts.join(''));
};

type Change = (rows: readonly string[], words: readonly string[]) => readonly string[] | null;

/** A filter of lines: what it does with its options, and which of its words are files. */
const filter =
  (short: string, change: Change, long: readonly string[] = []): Program =>
  call => {
    const words = wordsOf(call.args);
    if (!words.known) {
      return unclear(words.because);
    }
    const text = inputOf(call, parseOptions(words.value, {short, long}).rest);
    const rows = text.known ? change(rowsOf(text.value), words.value) : null;
    if (rows === null) {
      return unclear(text.known ? `what ${call.name} does is not followed` : text.because);
    }
    return lines(rows);
  };

const countOf = (words: readonly string[]): string => {
  const short = words.find(word => /^-\d+$/.test(word));
  return short === undefined ? (parseOptions(words, {short: 'nc', long: ['lines']}).all('n', 'lines')[0] ?? '10') : short.slice(1);
};

const head: Change = (rows, words) => {
  const count = countOf(words);
  return count.startsWith('-') ? rows.slice(0, rows.length + Number(count)) : rows.slice(0, Number(count));
};

const tail: Change = (rows, words) => {
  const count = words.find(word => /^\+\d+$/.test(word)) ?? countOf(words);
  return count.startsWith('+') ? rows.slice(Math.max(0, Number(count) - 1)) : rows.slice(Math.max(0, rows.length - Number(count)));
};

const sort: Change = (rows, words) => {
  const options = parseOptions(words, {short: 'ktSTo', long: ['key', 'field-separator']});
  const ordered = rows.toSorted(
    (a, b) => (options.has('n', 'numeric-sort') ? Number.parseFloat(a) - Number.parseFloat(b) : 0) || (a < b ? -1 : Number(a > b)),
  );
  const unique = options.has('u', 'unique') ? [...new Set(ordered)] : ordered;
  return options.has('r', 'reverse') ? unique.toReversed() : unique;
};

const uniq: Change = (rows, words) => (words.length > 0 ? null : rows.filter((row, at) => row !== rows[at - 1]));

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

const cut: Change = (rows, words) => {
  const options = parseOptions(words, {short: 'dfcb', long: ['delimiter', 'fields', 'characters']});
  const [delimiter = '\t'] = options.all('d', 'delimiter');
  const [fields] = options.all('f', 'fields');
  const [characters] = options.all('c', 'characters', 'b');
  const isPicked = fieldList(fields ?? characters ?? '');
  if (isPicked === null || options.has('complement')) {
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

const plainSet = (text: string): string =>
  text
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\0', '\0')
    .replaceAll('[:space:]', ' \t\n')
    .replaceAll('[:blank:]', ' \t');

/** `tr -d SET`, `tr -cd 0-9`: nothing is put in the place of what goes. */
const deleted = (text: string, {rest, has}: Options): Result => {
  const [given = ''] = rest;
  const set = posixPattern(`[${has('c', 'C', 'complement') ? '^' : ''}${plainSet(given).replace(/\\(?=[^\w])/g, '')}]`, {
    dialect: 'extended',
    global: true,
  });
  return set === null || rest.length !== 1 || has('s', 'squeeze-repeats') || /\\[0-7]/.test(given)
    ? unclear('what tr does is not followed')
    : answer(text.replace(set, ''));
};

const translate: Program = call => {
  const words = wordsOf(call.args);
  const {stdin} = call;
  if (!words.known || stdin?.known !== true) {
    return unclear('what tr gets is not known');
  }
  const options = parseOptions(words.value, {short: '', flags: ['complement', 'delete', 'squeeze-repeats', 'truncate-set1']});
  if (options.has('d', 'delete')) {
    return deleted(stdin.value, options);
  }
  const [from = '', to = ''] = options.rest.map(plainSet);
  if (/[\w]-[\w]|\[:/.test(from + to) || options.has('c', 'C', 'complement')) {
    return /[\w]-[\w]/.test(from) ? unclear(DECODED) : unclear('what tr does is not followed');
  }
  const set = new Set(from);
  let out = '';
  for (const char of stdin.value) {
    const at = from.indexOf(char);
    const next = at < 0 || to === '' ? char : to.charAt(Math.min(at, to.length - 1));
    const isRepeated = options.has('s', 'squeeze-repeats') && out.endsWith(next) && (to === '' ? set.has(char) : to.includes(next));
    out += isRepeated ? '' : next;
  }
  return answer(out);
};

const concatenate: Program = call => {
  const words = wordsOf(call.args);
  const text = words.known ? inputOf(call, parseOptions(words.value, {short: ''}).rest) : words;
  return text.known ? answer(text.value) : unclear(text.because);
};

/** Letters by their numbers; a lone `\0` only parts words. */
const SPELT = /\\(?:[xuU]|0?[1-7]|0[0-7]{2})/;

const unescaped = (text: string): string =>
  text
    .replace(/\\0(?![0-7])/g, '\0')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\\\', '\\');

const echo: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const first = words.value.findIndex(word => !/^-[neE]+$/.test(word));
  const options = words.value.slice(0, first < 0 ? undefined : first).join('');
  const text = words.value.slice(first < 0 ? words.value.length : first).join(' ');
  if (options.includes('e') && SPELT.test(text)) {
    return unclear(DECODED);
  }
  return answer((options.includes('e') ? unescaped(text) : text) + (options.includes('n') ? '' : '\n'), 0);
};

const print: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const [option, name = '', ...behind] = words.value;
  if (option === '-v') {
    const {out} = print({...call, args: behind.map(known)});
    setText(call.scope, name.replace(/\[.*$/s, ''), out);
    call.runText(`: "${name.replaceAll('"', '\\"')}"`, fork(call.scope), null);
    return NOTHING;
  }
  const [format = '', ...args] = option === '--' ? words.value.slice(1) : words.value;
  if (/%[^sdib%]/.test(format.replaceAll('%%', '')) || SPELT.test(format)) {
    return unclear(SPELT.test(format) ? DECODED : 'what printf writes is not followed');
  }
  const holes = format.match(/%[sdib]/g)?.length ?? 0;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(args.length / holes));
  let at = 0;
  const once = (): string =>
    unescaped(format).replace(/%[sdib%]/g, hole => {
      if (hole === '%%') {
        return '%';
      }
      at += 1;
      return args[at - 1] ?? '';
    });
  return answer(Array.from({length: rounds}, once).join(''), 0);
};

const sequence: Program = call => {
  const words = wordsOf(call.args);
  const [first = 1, last = first, step] = words.known ? words.value.map(Number) : [Number.NaN];
  const start = words.known && words.value.length === 1 ? 1 : first;
  if (step !== undefined || Number.isNaN(start + last) || last - start > 10_000) {
    return unclear('what seq writes is not followed');
  }
  return lines(Array.from({length: Math.max(0, last - start + 1)}, (_, at) => start + at));
};

const decode: Program = call => {
  const isDecoding = call.args.some(arg => arg.known && /^-[a-z]*[dDr]|^--decode/.test(arg.value)) || call.name === 'rev';
  return unclear(isDecoding ? DECODED : `what ${call.name} writes is not followed`);
};

const tee: Program = ({stdin, scope, args}) => {
  const out = stdin ?? known('');
  for (const arg of args) {
    const path = arg.known && !arg.value.startsWith('-') ? pathOf(scope, arg.value) : null;
    if (path?.known === true) {
      scope.written.set(path.value, out);
    }
  }
  return {out, status: null} satisfies Result;
};

const paste: Change = (rows, words) => {
  const options = parseOptions(words, {short: 'd', long: ['delimiters']});
  return options.has('s', 'serial') ? [rows.join(options.all('d', 'delimiters')[0] ?? '\t')] : null;
};

/** `pwd`, `dirname`, `basename`, `whoami`, `id -u`: words that stand in for others. */
const word: Program = call => {
  const words = wordsOf(call.args);
  const [path = ''] = words.known ? words.value : [];
  if (!words.known) {
    return unclear(words.because);
  }
  switch (call.name) {
    case 'pwd':
      return call.scope.cwd.known ? answer(`${call.scope.cwd.value}\n`, 0) : unclear(call.scope.cwd.because);
    case 'dirname':
      return answer(`${path.includes('/') ? parentDirectory(path) : '.'}\n`, 0);
    case 'basename':
      return words.value.length === 1 ? answer(`${baseName(path)}\n`, 0) : unclear('what basename writes is not followed');
    case 'whoami':
      return answer(`${call.caller.user}\n`, 0);
    default:
      return path === '-u' ? answer(`${call.caller.uid}\n`, 0) : unclear('what id writes is not followed');
  }
};

export const TEXT_FILTERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['cat', concatenate],
  ...['pwd', 'dirname', 'basename', 'whoami', 'id'].map((name): [string, Program] => [name, word]),
  ['head', filter('nc', head, ['lines'])],
  ['tail', filter('nc', tail, ['lines'])],
  ['sort', filter('ktSTo', sort, ['key', 'field-separator'])],
  ['uniq', filter('', uniq)],
  ['cut', filter('dfcb', cut, ['delimiter', 'fields', 'characters'])],
  ['paste', filter('d', paste, ['delimiters'])],
  ['tac', filter('', rows => rows.toReversed())],
  ['tr', translate],
  ['echo', echo],
  ['printf', print],
  ['seq', sequence],
  ['tee', tee],
  ['base64', decode],
  ['base32', decode],
  ['xxd', decode],
  ['rev', decode],
  ['openssl', decode],
]);
