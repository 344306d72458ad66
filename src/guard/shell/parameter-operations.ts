// What stands behind a parameter's name in `${…}`: parts cut off, replaced, sliced, changed in case, decoded (bash(1), Parameter Expansion). Pure.
import {type ParameterExpansionPart, parse, type Word} from 'unbash';
import {known} from '../../core/domain/known.ts';
import type {Text} from '../call.ts';
import {globPattern} from './shell-pattern.ts';

type Operation = NonNullable<ParameterExpansionPart['operation']>;
/** The text of a word behind the operator. */
type Operand = (word: Word) => Text;

const sizesOf = (value: string): readonly number[] => Array.from({length: value.length + 1}, (_, size) => size);

const removed = (value: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string => {
  const matches = globPattern(pattern);
  const ordered = operator.length === 2 ? sizesOf(value).toReversed() : sizesOf(value);
  const size = ordered.find(each => matches.test(operator.startsWith('#') ? value.slice(0, each) : value.slice(value.length - each)));
  if (size === undefined) {
    return value;
  }
  return operator.startsWith('#') ? value.slice(size) : value.slice(0, value.length - size);
};

/** Length of the longest match that begins here; null where none does. */
const longestAt = (value: string, at: number, matches: RegExp): number | null =>
  sizesOf(value.slice(at))
    .toReversed()
    .find(size => size > 0 && matches.test(value.slice(at, at + size))) ?? null;

/** The longest text is worth a look at each of its places, and no more. */
const LONGEST = 1000;

const replaced = (value: string, pattern: string, by: string, operator: '/' | '//' | '/#' | '/%'): string | null => {
  if (value.length > LONGEST) {
    return null;
  }
  const matches = globPattern(pattern);
  let out = '';
  for (let at = 0; at < value.length; ) {
    const isPlace = operator !== '/#' || at === 0;
    const size = isPlace ? longestAt(value, at, matches) : null;
    if (size === null || (operator === '/%' && at + size < value.length)) {
      out += value.charAt(at);
      at += 1;
      continue;
    }
    out += by;
    at += size;
    if (operator !== '//') {
      return out + value.slice(at);
    }
  }
  return out;
};

const wholeNumber = (word: Word | undefined, operand: Operand): number | null => {
  const text = word === undefined ? known('') : operand(word);
  return text.known && /^\s*[-(]?\s*-?\d+\s*\)?\s*$/.test(text.value) ? Number(text.value.replace(/[()\s]/g, '')) : null;
};

/** Of a text its characters, of a list its values; null where the numbers are not known. */
export const sliced = <T extends {slice(from: number, to?: number): T; readonly length: number}>(
  whole: T,
  {offset, length}: Extract<Operation, {type: 'Slice'}>,
  operand: Operand,
  first = 0,
): T | null => {
  const from = wholeNumber(offset, operand);
  const count = wholeNumber(length, operand);
  if (from === null || (length !== undefined && count === null)) {
    return null;
  }
  const start = from < 0 ? Math.max(0, whole.length + from) : Math.max(0, from - first);
  const end = count === null || count >= 0 ? undefined : whole.length + count;
  return whole.slice(start, count !== null && count >= 0 ? start + count : end);
};

const inCase = (value: string, operator: '^' | '^^' | ',' | ',,'): string => {
  const change = (text: string): string => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase());
  return operator.length === 2 ? change(value) : change(value.charAt(0)) + value.slice(1);
};

/** As `$'…'` has it. */
const decoded = (value: string): string | null => {
  const [statement] = parse(`$'${value.replaceAll("'", "\\'")}'`).commands;
  const [part] = statement?.command.type === 'Command' ? (statement.command.name?.parts ?? []) : [];
  return part?.type === 'AnsiCQuoted' ? part.value : null;
};

const transformed = (value: string, how: string): string | null => {
  switch (how) {
    case 'E':
      return decoded(value);
    case 'U':
      return inCase(value, '^^');
    case 'u':
      return inCase(value, '^');
    case 'L':
      return inCase(value, ',,');
    default:
      return null;
  }
};

/** What is left of a value; null where that is not followed. Defaults are not for here: they depend on whether there is a value. */
export const operated = (value: string, operation: Operation, operand: Operand): Text | null => {
  switch (operation.type) {
    case 'Remove': {
      const pattern = operand(operation.operand);
      return pattern.known ? known(removed(value, pattern.value, operation.operator)) : pattern;
    }
    case 'Replace': {
      const [pattern, by] = [operand(operation.pattern), operand(operation.replacement)];
      if (!pattern.known || !by.known) {
        return pattern.known ? by : pattern;
      }
      const text = replaced(value, pattern.value, by.value, operation.operator);
      return text === null ? null : known(text);
    }
    case 'Slice': {
      const text = sliced(value, operation, operand);
      return text === null ? null : known(text);
    }
    case 'CaseModification':
      return operation.operand === undefined ? known(inCase(value, operation.operator)) : null;
    case 'Transform': {
      const how = operand(operation.operand);
      const text = how.known ? transformed(value, how.value) : null;
      return text === null ? null : known(text);
    }
    default:
      return null;
  }
};
