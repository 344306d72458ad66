// Words of a shell to the fields that a program gets: quoting, variables, substitutions, braces, splitting (sh(1), POSIX 2.6). Pure.
import type {DoubleQuotedChild, ParameterExpansionPart, ParsedScript, Word, WordPart} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import type {Text, Variable} from '../call.ts';
import {sumOf} from './arithmetic.ts';
import {expandBraces} from './braces.ts';
import {fieldsOf, type Piece, separatorOf} from './fields.ts';
import {forgetSums, playInner, playSubscripts, playText} from './inner-scripts.ts';
import {operated, sliced} from './parameter-operations.ts';
import {type Expander, joined, special, unset, variableText} from './variables.ts';

/** A word is one or more rows of pieces: `"$@"` and arrays begin a new field between their values. */
type Rows = readonly (readonly Piece[])[];

const EMPTY = known('');

const one = (text: Text, splits: boolean): Rows => [[{text, splits, globs: false}]];

/** Of a variable: zsh parts none, and drops an empty one as every shell does. */
const ofVariable = (text: Text, {scope}: Expander, quoted: boolean): Rows =>
  one(text, !quoted && !(scope.isZsh && text.known && text.value !== ''));

const many = (values: readonly Text[], quoted: boolean): Rows => values.map(text => [{text, splits: !quoted, globs: false}]);

const everyArgument = (name: string, {scope}: Expander, quoted: boolean): Rows =>
  name === '*' && quoted ? one(joined({values: scope.args, isArray: true}, scope), false) : many(scope.args, quoted);

const withOperation = (part: ParameterExpansionPart, value: Text, expander: Expander): Text => {
  const {operation, prefix} = part;
  if (prefix !== undefined) {
    return withPrefix(part, value, expander);
  }
  if (operation === undefined) {
    return value;
  }
  if (operation.type === 'Default' && /[-=]$/.test(operation.operator)) {
    const isSet = expander.scope.variables.has(part.parameter) || special(part.parameter, expander) !== null;
    const isEmpty = operation.operator.startsWith(':') && value.known && value.value === '';
    if (operation.operator.endsWith('=') && (!isSet || isEmpty)) {
      // An assignment as well.
      const text = unsetOr(part, value, textOf(operation.operand, expander), isSet);
      expander.scope.variables.set(part.parameter, {values: [text], isArray: false});
      return text;
    }
    return isSet && !isEmpty ? value : unsetOr(part, value, textOf(operation.operand, expander), isSet);
  }
  if (operation.type === 'Default') {
    return checked(part, value, operation, expander);
  }
  const left = value.known ? operated(value.value, operation, word => textOf(word, expander)) : value;
  if (left?.known) {
    return left;
  }
  playInner(part, expander.substitute);
  if (value.known && operation.type === 'Transform') {
    playText(value.value, expander.substitute);
  }
  return left ?? unknown(`${part.text} is not followed`);
};

/** `${x:?}` is the value where there is one, `${x:+other}` something else there. */
const checked = (
  {text}: ParameterExpansionPart,
  value: Text,
  {operator, operand}: Extract<ParameterExpansionPart['operation'], {type: 'Default'}>,
  expander: Expander,
): Text => {
  const other = textOf(operand, expander);
  if (!value.known || !operator.startsWith(':')) {
    return value.known ? unknown(`${text} is not followed`) : value;
  }
  if (operator === ':?') {
    return value.value === '' ? unknown(`${text} is not followed`) : value;
  }
  return value.value === '' ? EMPTY : other;
};

/** `${#x}` is a length, `${!x}` what the variable holds that `$x` names. */
const withPrefix = ({prefix, operation, text}: ParameterExpansionPart, value: Text, expander: Expander): Text => {
  if (operation !== undefined || !value.known) {
    return value.known ? unknown(`${text} is not followed`) : value;
  }
  return prefix === '#' ? known(String(value.value.length)) : variableText(value.value, expander);
};

/** A variable that the guard does not see may still be set in the tool’s shell, unless the command itself emptied it. */
const unsetOr = (part: ParameterExpansionPart, value: Text, otherwise: Text, isSet: boolean): Text =>
  isSet || value.known ? otherwise : unknown(`${part.text} depends on the surroundings`);

/** Values of a list: all, sliced, or each changed. */
const elements = (
  part: ParameterExpansionPart,
  {values, keys}: Pick<Variable, 'values' | 'keys'>,
  expander: Expander,
  first = 0,
): readonly Text[] => {
  const {operation} = part;
  if (part.prefix === '!' && operation === undefined) {
    return keys?.map(known) ?? values.map((_, at) => known(String(at + first)));
  }
  if (part.prefix !== undefined) {
    return [part.prefix === '#' ? known(String(values.length)) : unknown(`${part.text} is not followed`)];
  }
  if (operation?.type === 'Slice') {
    return sliced(values, operation, word => textOf(word, expander), first) ?? [unknown(`${part.text} is not followed`)];
  }
  return operation === undefined ? values : values.map(value => withOperation(part, value, expander));
};

/** By its number or its key; a name in place of a number is a variable that holds it. */
const element = (variable: Variable | undefined, index: Text, expander: Expander): Text | undefined => {
  if (variable === undefined || !index.known) {
    return undefined;
  }
  const at = variable.keys?.indexOf(index.value) ?? -1;
  if (at >= 0) {
    return variable.values[at];
  }
  const held = expander.scope.variables.get(index.value)?.values[0];
  const number = held?.known === true ? held.value : index.value;
  return variable.keys === undefined && /^-?\d+$/.test(number) ? variable.values.at(Number(number)) : undefined;
};

const parameter = (part: ParameterExpansionPart, expander: Expander, quoted: boolean): Rows => {
  const {parameter: name, index} = part;
  if (index?.text === '@' || index?.text === '*') {
    const array = expander.scope.variables.get(name);
    if (array === undefined) {
      return one(unset(name), !quoted);
    }
    const values = elements(part, array, expander);
    return index.text === '*' && quoted ? one(joined({values, isArray: true}, expander.scope), false) : many(values, quoted);
  }
  if (index !== undefined) {
    const at = textOf(index, expander);
    const isCounted = expander.scope.isZsh && at.known && /^\d+$/.test(at.value);
    if (isCounted && Number(at.value) === 0) {
      return ofVariable(withOperation(part, EMPTY, expander), expander, quoted);
    }
    const value = element(expander.scope.variables.get(name), isCounted ? known(String(Number(at.value) - 1)) : at, expander);
    const text = value === undefined ? unknown(`${part.text} is not followed`) : withOperation(part, value, expander);
    return ofVariable(text, expander, quoted);
  }
  if (name === '@' || name === '*') {
    const isWhole = part.operation === undefined && part.prefix === undefined;
    return isWhole ? everyArgument(name, expander, quoted) : many(elements(part, {values: expander.scope.args}, expander, 1), quoted);
  }
  const list = wholeList(name, expander);
  return list !== null && part.operation === undefined && part.prefix === undefined
    ? many(list, quoted)
    : ofVariable(withOperation(part, variableText(name, expander), expander), expander, quoted);
};

/** `$list` of zsh: every value. */
const wholeList = (name: string, {scope}: Expander): readonly Text[] | null => {
  const variable = scope.variables.get(name);
  return scope.isZsh && variable?.isArray === true ? variable.values : null;
};

const inQuotes = (part: DoubleQuotedChild, expander: Expander): Rows =>
  part.type === 'Literal' ? one(known(part.value), false) : expansion(part, expander, true);

const expansion = (part: Exclude<WordPart, {type: 'Literal'}>, expander: Expander, quoted: boolean): Rows => {
  switch (part.type) {
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return one(known(part.value), false);
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.length === 0 ? one(EMPTY, false) : append(part.parts.map(child => inQuotes(child, expander)));
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      const list = wholeList(name, expander);
      if (list !== null) {
        return many(list, quoted);
      }
      return name === '@' || name === '*'
        ? everyArgument(name, expander, quoted)
        : ofVariable(variableText(name, expander), expander, quoted);
    }
    case 'ParameterExpansion':
      return parameter(part, expander, quoted);
    case 'CommandExpansion': {
      const text = expander.substitute(part.script);
      return one(text.known ? known(text.value.replace(/\n+$/, '')) : text, !quoted);
    }
    case 'ProcessSubstitution':
      return one(substituted(part.script, expander, part.operator === '>'), false);
    case 'Glob':
      return [[{text: known(part.text), splits: false, globs: true}]];
    case 'ArithmeticExpansion':
      return one(arithmetic(part, expander), false);
    default:
      playInner(part, expander.substitute);
      return one(unknown(`${part.text} is not followed`), false);
  }
};

const arithmetic = (part: Extract<WordPart, {type: 'ArithmeticExpansion'}>, expander: Expander): Text => {
  playInner(part, expander.substitute);
  playSubscripts(part, expander);
  const text = part.text.replace(/^\$(?:\(\(|\[)|(?:\)\)|\])$/g, '').replace(/\$\{?([A-Za-z_]\w*)\}?/g, ' $1 ');
  const sum = sumOf(text, name => {
    const value = variableText(name, expander);
    return value.known ? value.value : null;
  });
  forgetSums(text, expander.scope);
  return sum === null ? unknown(`${part.text} is not followed`) : known(String(sum));
};

/** `<(…)` is a file with what the command writes. */
const substituted = (script: ParsedScript | undefined, {scope, substitute}: Expander, isFed: boolean): Text => {
  const path = `/dev/fd/63.${scope.written.size}`;
  scope.written.set(path, substitute(script, isFed));
  return known(path);
};

/** Rows behind one another: the last field of one and the first of the next are one field. */
const append = (all: readonly Rows[]): Rows => {
  let rows: (readonly Piece[])[] = [[]];
  for (const [first, ...more] of all) {
    const last = rows.at(-1) ?? [];
    rows = first === undefined ? rows : [...rows.slice(0, -1), [...last, ...first], ...more];
  }
  return rows;
};

const homeOf = ({scope, caller}: Expander): string => {
  const home = scope.variables.get('HOME')?.values[0];
  return home?.known === true ? home.value : caller.home;
};

const tilde = (word: Word, expander: Expander): string | null => {
  const match = /^~(?=\/|$)/.exec(word.text);
  return match === null ? null : homeOf(expander) + word.value.slice(1);
};

const rowsOf = (word: Word, expander: Expander): Rows => {
  const {parts} = word;
  if (parts === undefined || parts.length === 0) {
    return one(known(tilde(word, expander) ?? word.value), false);
  }
  const home = tilde(word, expander) === null ? [] : [one(known(homeOf(expander)), false)];
  const pieces = parts.map((part, at) => {
    if (part.type !== 'Literal') {
      return expansion(part, expander, false);
    }
    return one(known(at === 0 && home.length > 0 ? part.value.slice(1) : part.value), false);
  });
  return append([...home, ...pieces]);
};

/** The fields of these words, each known or not. */
export const expandWords = (words: readonly Word[], expander: Expander): readonly Text[] =>
  words.flatMap(word => {
    if (word.parts?.some(({type}) => type === 'BraceExpansion') === true) {
      return expandBraces(word) ?? [unknown(`${word.text} is not followed`)];
    }
    return rowsOf(word, expander).flatMap(row =>
      fieldsOf(row, separatorOf(expander.scope)).flatMap(({text, globs}) =>
        globs && text.known ? (expander.glob(text.value) ?? [text]) : [text],
      ),
    );
  });

/** A word that is never split: what is assigned, redirected to or fed in. */
export const textOf = (word: Word, expander: Expander): Text => joinRows(rowsOf(word, expander));

const joinRows = (rows: Rows): Text => {
  const texts = rows.map(row => row.map(({text}) => text));
  const hidden = texts.flat().find(text => !text.known);
  return hidden ?? known(texts.map(row => row.map(text => (text.known ? text.value : '')).join('')).join(' '));
};

/** The body of a here-document, with what is expanded in it. */
export const partsText = (parts: readonly WordPart[], expander: Expander): Text =>
  joinRows(append(parts.map(part => (part.type === 'Literal' ? one(known(part.value), false) : expansion(part, expander, true)))));
