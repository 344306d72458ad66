// xargs: the commands that it makes of what is fed to it. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Program, Text} from '../call.ts';
import {answer, fileOf, pathOf} from '../results.ts';
import {type OptionRules, type Options, parseOptions} from './options.ts';

interface Feed {
  readonly options: Options;
  /** The program with its words; `echo` where none is named. */
  readonly words: readonly Text[];
}

/** Options with a value; `-e`, `-i` and `-l` have theirs in the same word. */
const RULES: OptionRules = {
  short: 'adEILnPs',
  long: ['arg-file', 'delimiter', 'max-args', 'max-chars', 'max-procs', 'process-slot-var'],
  flags: 'eof replace max-lines null no-run-if-empty open-tty verbose interactive exit show-limits help version'.split(' '),
  stops: true,
};

/** `-iMARK` and `-lCOUNT` under their long names; behind other letters the value is let go. */
const withName = (word: string): string => {
  const [, before = '', letter = '', value = ''] = /^-([0oprtx]*)([eil])(.*)$/.exec(word) ?? [];
  if (letter === '' || before !== '') {
    return letter === '' ? word : `-${before}${letter}`;
  }
  return letter === 'i' ? `--replace=${value}` : `--${letter === 'l' ? 'max-lines' : 'eof'}=${value}`;
};

const feedOf = (args: readonly Text[]): Feed => {
  // Of an option that is not known nothing is known; what stands behind it may be the program.
  const words = args.map(arg => (arg.known ? arg.value : '-?'));
  const options = parseOptions(words.map(withName), RULES);
  const program = args.slice(args.length - options.rest.length);
  return {options, words: program.length === 0 ? [known('echo')] : program};
};

const separatorNamed = (value: string): string =>
  new Map([
    ['\\n', '\n'],
    ['\\t', '\t'],
    ['\\0', '\0'],
  ]).get(value) ?? value;

/** A word of the input: quotes and backslashes keep blanks together, and are taken off. */
const WORD = /(?:[^\s"'\\]|"[^"\n]*"|'[^'\n]*'|\\[\s\S])+/g;

const unquoted = (word: string): string =>
  word.replace(
    /"([^"\n]*)"|'([^'\n]*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) => double ?? single ?? escaped ?? '',
  );

const wordsIn = (text: string): readonly string[] => (text.match(WORD) ?? []).map(unquoted);

const inGroups = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({length: Math.ceil(items.length / size)}, (_, at) => items.slice(at * size, (at + 1) * size));

const sizeOf = (value: string | undefined): number => (Number(value) > 0 ? Number(value) : Number.POSITIVE_INFINITY);

/** What each run of the program gets. */
const groupsOf = ({all, has}: Options, text: string): readonly (readonly string[])[] => {
  const [delimiter = has('0', 'null') ? '\\0' : undefined] = all('d', 'delimiter');
  const most = Math.min(sizeOf(all('n', 'max-args')[0]), Number.MAX_SAFE_INTEGER);
  if (delimiter !== undefined) {
    return inGroups(
      text.split(separatorNamed(delimiter)).filter(item => item !== ''),
      most,
    );
  }
  const [rows = has('l') ? '' : undefined] = all('L', 'max-lines');
  const count = Math.min(sizeOf(rows === '' ? '1' : rows), Number.MAX_SAFE_INTEGER);
  const groups = inGroups(text.split('\n'), count).map(lines => wordsIn(lines.join('\n')));
  return count < Number.MAX_SAFE_INTEGER ? groups.filter(group => group.length > 0) : inGroups(wordsIn(text), most);
};

/** `-I MARK`, `-i`, `--replace`: what a line stands for. */
const markOf = ({all, has}: Options): string | null => {
  const [mark] = all('I', 'replace');
  return (mark === '' ? '{}' : mark) ?? (has('i') ? '{}' : null);
};

const batches = ({options, words}: Feed, text: string): readonly (readonly Text[])[] => {
  const mark = markOf(options);
  if (mark !== null) {
    const rows = text
      .split('\n')
      .map(row => unquoted(row.trimStart()))
      .filter(row => row !== '');
    return rows.map(row => words.map(word => (word.known ? known(word.value.replaceAll(mark, row)) : word)));
  }
  const groups = groupsOf(options, text);
  if (groups.length === 0) {
    return options.has('r', 'no-run-if-empty') ? [] : [words];
  }
  return groups.map(group => [...words, ...group.map(known)]);
};

export const xargs: Program = call => {
  const feed = feedOf(call.args);
  const [file] = feed.options.all('a', 'arg-file');
  const path = file === undefined ? null : pathOf(call.scope, file);
  const read = path?.known === true ? fileOf(call, path.value) : null;
  const fed = read?.known === true ? known(read.value ?? '') : read;
  const input = fed ?? call.stdin ?? unknown('nothing is fed to it');
  const mark = markOf(feed.options);
  const results = input.known
    ? batches(feed, input.value).map(words => call.run(words, known('')))
    : [call.run([...feed.words.map(word => (word.known && mark !== null && word.value.includes(mark) ? input : word)), input], known(''))];
  const hidden = results.find(({out}) => !out.known);
  return hidden ?? answer(results.map(({out}) => (out.known ? out.value : '')).join(''));
};
