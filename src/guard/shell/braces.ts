// Brace expansion of literal words (bash(1)): `{a,b}`, `{3000..3002}`. Pure.
import type {Word, WordPart} from 'unbash';
import {known} from '../../core/domain/known.ts';
import type {Text} from '../call.ts';

const MOST = 1000;

const range = (from: string, to: string): readonly string[] | null => {
  const [first, last] = [Number(from), Number(to)];
  if (Math.abs(last - first) > MOST) {
    return null;
  }
  const step = last < first ? -1 : 1;
  return Array.from({length: Math.abs(last - first) + 1}, (_, at) => String(first + at * step));
};

/** Alternatives of one brace expression without nested ones; null where it is not understood. */
const alternatives = (text: string): readonly string[] | null => {
  const inner = text.slice(1, -1);
  const ends = /^(-?(?:0|[1-9]\d*))\.\.(-?(?:0|[1-9]\d*))$/.exec(inner);
  if (ends !== null) {
    return range(ends[1] ?? '', ends[2] ?? '');
  }
  const letters = /^([A-Za-z])\.\.([A-Za-z])$/.exec(inner);
  if (letters !== null) {
    const codes = range(String(letters[1]?.charCodeAt(0)), String(letters[2]?.charCodeAt(0)));
    return codes?.map(code => String.fromCharCode(Number(code))) ?? null;
  }
  return /[{}$`"'\\*?[]|\.\./.test(inner) ? null : inner.split(',');
};

/** The fields that a word with braces stands for; null where any part of it is more than literal. */
export const expandBraces = (word: Word): readonly Text[] | null => {
  let fields: readonly string[] = [''];
  for (const part of word.parts ?? []) {
    const texts = part.type === 'BraceExpansion' ? alternatives(part.text) : literal(part);
    if (texts === null) {
      return null;
    }
    fields = fields.flatMap(before => texts.map(text => before + text));
    if (fields.length > MOST) {
      return null;
    }
  }
  return fields.map(known);
};

const literal = (part: WordPart): readonly string[] | null => {
  if (part.type === 'Literal' || part.type === 'SingleQuoted') {
    return [part.value];
  }
  return part.type === 'DoubleQuoted' && part.parts.every(({type}) => type === 'Literal') ? [part.text.slice(1, -1)] : null;
};
