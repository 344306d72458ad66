// Words for a person to paste into a shell. Pure.

/** A word as a POSIX shell takes it. */
export const shellWord = (word: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
