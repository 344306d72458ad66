// The command line of a program that is known by one name: its words, its options, and which of them are plain. Pure.
import {baseName} from './paths.ts';
import type {Process} from './process.ts';

export type Program = Pick<Process, 'comm' | 'argv'>;

const INTERPRETERS = /^(?:node|bun|(?:ba|da|z)?sh|python[\d.]*)$/;

/** Whether the part behind the last slash is `name`, which has none. Asked of every process in every look, so that nothing is cut out for it. */
const endsIn = (path: string | undefined, name: string): boolean =>
  path?.endsWith(name) === true && (path.length === name.length || path.at(-name.length - 1) === '/');

/** Whether a program goes by this name. A script that stands in for it has its interpreter's name, and its own behind it. */
const isNamed = ({comm, argv}: Program, name: string): boolean =>
  comm === name || endsIn(argv[0], name) || (endsIn(argv[1], name) && INTERPRETERS.test(baseName(argv[0] ?? '')));

/** The words behind the name of a program that goes by it; null of any other program. */
export const wordsBehind = (program: Program, name: string): readonly string[] | null =>
  isNamed(program, name) ? program.argv.slice(program.argv.findIndex(word => baseName(word) === name) + 1) : null;

/** What follows `--name` or `--name=`; null where it is not there. */
export const optionValue = (words: readonly string[], name: string): string | null => {
  for (const [index, word] of words.entries()) {
    if (word === name) {
      return words[index + 1] ?? null;
    }
    if (word.startsWith(`${name}=`)) {
      return word.slice(name.length + 1);
    }
  }
  return null;
};

/** Words that are neither options nor their values: the subcommand, and what it is about. `valued`: options that take the next word. */
export const plainWords = (words: readonly string[], valued: RegExp): readonly string[] =>
  words.filter((word, index) => !word.startsWith('-') && !valued.test(words[index - 1] ?? ''));

/** A session that a program shows to a person: null where its words name none, so that it may be any. */
export interface Shown {
  readonly name: string | null;
}

/**
 * The session that a client is told to show: the one of `--session`, or what follows one of the subcommands that show one. Null for any
 * other subcommand, which is a question or an order, and whose program ends by itself.
 */
export const shownByWords = (words: readonly string[], valued: RegExp, shows: readonly string[]): Shown | null => {
  const plain = plainWords(words, valued);
  const [verb] = plain;
  const named = optionValue(words, '--session') ?? optionValue(words, '-s');
  if (verb !== undefined && !shows.includes(verb)) {
    return null;
  }
  return {name: named ?? plain.find(word => !shows.includes(word)) ?? null};
};
