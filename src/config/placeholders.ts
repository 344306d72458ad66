// `{slot}` and its like in configured names and commands. Pure.

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** Names between braces, in order. */
export const placeholdersIn = (text: string): readonly string[] => [...text.matchAll(PLACEHOLDER)].map(match => match[1] ?? '');
