// Numbers of things and lists of names as people read them. Pure.

const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}${noun.endsWith('s') ? 'es' : 's'}`);

/** `1 server`, `3 servers`, `2 processes`, `4 directories`. */
export const countOf = (count: number, noun: string): string => `${count} ${count === 1 ? noun : plural(noun)}`;

/** `a, b, c and 4 more`: at most `most` of them by name. */
export const firstOf = (words: readonly string[], most: number, between = ', '): string =>
  words.length > most ? `${words.slice(0, most).join(between)} and ${words.length - most} more` : words.join(between);

/** `a`, `a and b`, `a, b and c`. */
export const allOf = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** `:3102 :3103`. */
export const portList = (ports: readonly number[]): string => ports.map(port => `:${port}`).join(' ');
