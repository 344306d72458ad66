// Commands for a person to paste into a shell: what is shown is what is copied is what the shell takes. Pure.
import {visible} from './visible.ts';

/** What no shell gives a meaning to anywhere in a word; `=` and `~` have one at its beginning (zsh, POSIX 2.6.1). */
const BARE = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * A word as every POSIX shell takes it. Null when there is none to be pasted: a terminal acts on controls before a shell sees them
 * (a line end runs what stands there, ESC[201~ ends a bracketed paste), whatever quotes are around them, and what cannot be seen
 * must not be copied either.
 */
export const shellWord = (word: string): string | null => {
  if (visible(word) !== word) {
    return null;
  }
  return BARE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
};

/** The words as one command; null when one of them cannot be pasted. */
export const shellCommand = (words: readonly string[]): string | null => {
  const quoted = words.map(shellWord);
  return quoted.includes(null) ? null : quoted.join(' ');
};
