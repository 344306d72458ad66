// xargs: the commands that it makes of what is fed to it. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Program, Text} from '../call.ts';
import {answer, fileOf, pathOf, unclear} from '../results.ts';

interface Feed {
  readonly most: number;
  readonly replace: string | null;
  readonly file: string | null;
  readonly separator: RegExp;
  readonly skipsEmpty: boolean;
  readonly words: readonly Text[];
}

const TAKES_NEXT = new Set(['--max-args', '--max-procs', '--arg-file', '--delimiter', '--max-chars']);

const separatorNamed = (value: string): RegExp => {
  const character = new Map([
    ['\\n', '\n'],
    ['\\t', '\t'],
    ['\\0', '\0'],
  ]).get(value);
  return new RegExp((character ?? value).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
};

const xargsOptions = (args: readonly Text[]): Feed => {
  let [most, replace, file, skipsEmpty] = [Number.POSITIVE_INFINITY, null as string | null, null as string | null, false];
  let separator = /\s+/;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg?.known !== true) {
      // An option that is not known; what stands behind it may be the program.
      continue;
    }
    const [, letter = '', attached = ''] = /^-([A-Za-z0])(.*)$/.exec(arg.value) ?? [];
    if (arg.value.startsWith('--')) {
      const [name = '', attachedValue] = arg.value.split('=');
      const following = args[at + 1];
      const takesNext = attachedValue === undefined && TAKES_NEXT.has(name);
      const value = takesNext && following?.known === true ? following.value : attachedValue;
      at += takesNext ? 1 : 0;
      separator = name === '--delimiter' ? separatorNamed(value ?? '') : separator;
      most = name === '--max-args' ? Number(value) : most;
      file = name === '--arg-file' ? (value ?? null) : file;
      replace = name === '--replace' ? (value ?? '{}') : replace;
      separator = name === '--null' ? /\0/ : separator;
      skipsEmpty ||= name === '--no-run-if-empty';
      continue;
    }
    if (letter === '') {
      return {most, replace, file, separator, skipsEmpty, words: args.slice(at)};
    }
    const takes = 'nIPaLsdE'.includes(letter);
    const next = args[at + 1];
    const taken = next?.known === true ? next.value : '';
    const value = attached !== '' || !takes ? attached : taken;
    at += takes && attached === '' ? 1 : 0;
    most = letter === 'n' ? Number(value) : most;
    replace = letter === 'I' ? value : replace;
    replace = letter === 'i' ? attached || '{}' : replace;
    file = letter === 'a' ? value : file;
    separator = letter === '0' ? /\0/ : separator;
    separator = letter === 'd' ? separatorNamed(value) : separator;
    skipsEmpty ||= letter === 'r' || arg.value.slice(1).includes('r');
    separator = arg.value.slice(1).includes('0') ? /\0/ : separator;
  }
  return {most, replace, file, separator, skipsEmpty, words: []};
};

const batches = (feed: Feed, text: string): readonly (readonly Text[])[] => {
  const {words} = feed;
  if (feed.replace !== null) {
    const mark = feed.replace;
    const rows = text
      .split('\n')
      .map(row => row.trim())
      .filter(row => row !== '');
    return rows.map(row => words.map(word => (word.known ? known(word.value.replaceAll(mark, row)) : word)));
  }
  const items = text.split(feed.separator).filter(item => item !== '');
  if (items.length === 0) {
    return feed.skipsEmpty ? [] : [words];
  }
  const size = Math.min(feed.most, items.length);
  return Array.from({length: Math.ceil(items.length / size)}, (_, at) => [...words, ...items.slice(at * size, (at + 1) * size).map(known)]);
};

export const xargs: Program = call => {
  const feed = xargsOptions(call.args);
  const path = feed.file === null ? null : pathOf(call.scope, feed.file);
  const read = path?.known === true ? fileOf(call, path.value) : null;
  const fed = read?.known === true ? known(read.value ?? '') : read;
  const stdin = fed ?? call.stdin;
  if (feed.words.length === 0) {
    return unclear('what xargs echoes is not followed');
  }
  const input = stdin ?? unknown('nothing is fed to it');
  const results = input.known
    ? batches(feed, input.value).map(words => call.run(words, known('')))
    : [
        call.run(
          [...feed.words.map(word => (word.known && feed.replace !== null && word.value.includes(feed.replace) ? input : word)), input],
          known(''),
        ),
      ];
  const hidden = results.find(({out}) => !out.known);
  return hidden ?? answer(results.map(({out}) => (out.known ? out.value : '')).join(''));
};
