// tr: what is put in the place of characters, or taken away. Pure.
import type {Program, Result} from '../call.ts';
import {answer, DECODED, unclear, wordsOf} from '../results.ts';
import {type Options, parseOptions} from './options.ts';
import {CLASSES} from './posix-pattern.ts';

/** Characters by their letters behind a backslash. */
export const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['0', '\0'],
]);

const plainSet = (text: string): string =>
  text
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\0', '\0')
    .replaceAll('[:space:]', ' \t\n')
    .replaceAll('[:blank:]', ' \t');

/** What stands in a set of tr as a class of a regular expression; null where it is not followed. */
const setClass = (text: string): string | null => {
  const escaped = (char: string): string => char.replace(/[\\\]^[-]/g, '\\$&');
  const parts = text.match(/\[:\w+:\]|(?:\\[\s\S]|[\s\S])-(?:\\[\s\S]|[^\\])|\\[\s\S]?|[\s\S]/g) ?? [];
  const classes = parts.map(part => {
    const plain = part.replace(/\\(?:([nrt0])|([^\w]))/g, (_, letter?: string, sign?: string) =>
      letter === undefined ? (sign ?? '') : (ESCAPES.get(letter) ?? ''),
    );
    if (/^\[:\w+:\]$/.test(part)) {
      return part;
    }
    const [first = '', dash, last] = plain;
    return dash === '-' && last !== undefined && plain.length === 3 && !/^\\-/.test(part)
      ? `${escaped(first)}-${escaped(last)}`
      : [...plain].map(escaped).join('');
  });
  return /\\[0-7a-mo-qsu-z]/.test(text.replace(/\\[nrt]/g, '')) ? null : classes.join('');
};

/** `tr -d SET`, `tr -cd 0-9`: nothing is put in the place of what goes. */
const deleted = (text: string, options: Options): Result => {
  const [given = '', ...more] = options.rest;
  const set = setClass(given);
  const pattern =
    set === null || more.length > 0 || !options.only('d', 'delete', 'c', 'C', 'complement')
      ? null
      : new RegExp(
          `[${options.has('c', 'C', 'complement') ? '^' : ''}${set.replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES.get(name) ?? '')}]`,
          'g',
        );
  return pattern === null ? unclear('what tr does is not followed') : answer(text.replace(pattern, ''));
};

export const translate: Program = call => {
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
  if (/[\w]-[\w]|\[:/.test(from + to) || !options.only('s', 'squeeze-repeats')) {
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
