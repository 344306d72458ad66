// Documents as text that no terminal obeys: JSON lets controls above 127, marks and what is drawn as nothing stand as they are. Pure.
import {visible} from '../../core/domain/visible.ts';

const jsonEscapes = (text: string): string => {
  let all = '';
  for (let index = 0; index < text.length; index += 1) {
    all += `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return all;
};

/** Text that JSON.stringify made, or a part of it, with what a terminal acts on written out. */
export const escapeText = (text: string): string =>
  text
    .split('\n')
    .map(line => visible(line, jsonEscapes))
    .join('\n');

/** Indented, ending in a newline. */
export const jsonText = (document: unknown): string => `${escapeText(JSON.stringify(document, null, 2))}\n`;

/** One line, ending in a newline. */
export const jsonLine = (document: unknown): string => `${escapeText(JSON.stringify(document))}\n`;
