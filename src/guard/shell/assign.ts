// What an assignment makes of a variable: a text, a list, a list with subscripts of its own. Pure.
import type {ArrayValue, Assignment, Word} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import type {Scope, Text, Variable} from '../call.ts';
import {expandWords, textOf} from './expand-words.ts';
import {playText} from './inner-scripts.ts';
import {setText} from './scope.ts';
import type {Expander} from './variables.ts';

const KEYED = /^\[([^\]]*)\]=([\s\S]*)$/;

/** With subscripts where one is written out. */
const listOf = ({elements}: ArrayValue, expander: Expander): Variable => {
  if (!elements.some(({text}) => /^\[[^\]]*\]=/.test(text))) {
    return {values: expandWords(elements, expander), isArray: true};
  }
  const pairs = elements.map((each): readonly [string, Text] => {
    const text = textOf(each, expander);
    const [, key = '', value = ''] = (text.known && KEYED.exec(text.value)) || [];
    return [key, text.known ? known(value) : text];
  });
  return {keys: pairs.map(([key]) => key), values: pairs.map(([, value]) => value), isArray: true};
};

const keysOf = ({keys, values}: Variable, first = 0): readonly string[] => keys ?? values.map((_, at) => String(first + at));

const joined = (before: Variable, list: Variable): Variable => ({
  values: [...before.values, ...list.values],
  isArray: true,
  ...(before.keys === undefined && list.keys === undefined ? {} : {keys: [...keysOf(before), ...keysOf(list, before.values.length)]}),
});

/** `a[2]=x`: the subscript is expanded as a sum, with whatever is substituted in it. */
const withElement = (before: Variable | undefined, index: Word, value: Text, expander: Expander): Variable => {
  const key = textOf(index, expander);
  if (!key.known) {
    return {values: [unknown(`a list is not followed: ${key.because}`)], isArray: true};
  }
  playText(key.value, expander.substitute);
  const {values} = before ?? {values: []};
  const keys = before === undefined ? [] : keysOf(before);
  const others = keys.flatMap((each, at) => (each === key.value ? [] : [at]));
  return {
    keys: [...others.map(at => keys[at] ?? ''), key.value],
    values: [...others.map(at => values[at] ?? known('')), value],
    isArray: true,
  };
};

export const assign = ({name, value, append, index}: Assignment, scope: Scope, expander: Expander): void => {
  const before = scope.variables.get(name);
  if (value.type === 'ArrayValue') {
    const list = listOf(value, expander);
    scope.variables.set(name, append === true && before !== undefined ? joined(before, list) : list);
    return;
  }
  const text = textOf(value, expander);
  if (index !== undefined) {
    scope.variables.set(name, withElement(before, index, text, expander));
    return;
  }
  const first = before?.values[0] ?? known('');
  let whole: Text = text;
  if (append === true && text.known) {
    whole = first.known ? known(first.value + text.value) : first;
  }
  setText(scope, name, whole);
};
