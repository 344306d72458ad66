// Documents as text that no terminal obeys. Pure.

/** C1 controls, line separators and bidirectional marks: JSON lets them stand as they are, terminals act on them. */
const ACTED_ON = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text that JSON.stringify made, or a part of it, with what a terminal acts on written out. */
export const escapeText = (text: string): string =>
  text.replace(ACTED_ON, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Indented, ending in a newline. */
export const jsonText = (document: unknown): string => `${escapeText(JSON.stringify(document, null, 2))}\n`;

/** One line, ending in a newline. */
export const jsonLine = (document: unknown): string => `${escapeText(JSON.stringify(document))}\n`;
