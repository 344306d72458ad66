// Which way a shell takes, where that is certain: `[[ … ]]`, comparisons, the patterns of `case`. Null: nobody can tell. Pure.
import type {CaseItem, TestExpression, Word} from 'unbash';
import {known} from '../../core/domain/known.ts';
import type {Text} from '../call.ts';
import {textOf} from './expand-words.ts';
import {globPattern} from './shell-pattern.ts';
import type {Expander} from './variables.ts';

/** With a zero before it, it may count by eights. */
const INTEGER = /^\s*-?(?:0|[1-9]\d{0,14})\s*$/;

const COMPARE: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['-eq', (a, b) => a === b],
  ['-ne', (a, b) => a !== b],
  ['-lt', (a, b) => a < b],
  ['-le', (a, b) => a <= b],
  ['-gt', (a, b) => a > b],
  ['-ge', (a, b) => a >= b],
] as const);

/** `A -gt B`; null where that is no comparison of two numbers. */
export const compared = (a: string, operator: string, b: string): boolean | null =>
  INTEGER.test(a) && INTEGER.test(b) ? (COMPARE.get(operator)?.(Number(a), Number(b)) ?? null) : null;

const QUOTED = /^(?:SingleQuoted|DoubleQuoted|AnsiCQuoted|LocaleString)$/;

/** The pattern of a word: what is quoted in it stands for itself. Null where it has more in it than is followed. */
const patternOf = (word: Word, expander: Expander): RegExp | null => {
  const {parts = []} = word;
  const texts =
    parts.length < 2 && !QUOTED.test(parts[0]?.type ?? '')
      ? [textOf(word, expander)]
      : parts.map(part => {
          const text = textOf({...word, text: part.text, value: part.text, parts: [part]}, expander);
          return text.known && QUOTED.test(part.type) ? known(text.value.replace(/[*?[\\]/g, '[$&]')) : text;
        });
  return /[@!+?*]\(|\[\[:|\\/.test(word.text) || texts.some(text => !text.known)
    ? null
    : globPattern(texts.map(text => (text.known ? text.value : '')).join(''));
};

/** Whether case matters is another setting of the shell (`shopt -s nocasematch`). */
const isMatch = (text: string, word: Word, expander: Expander): boolean | null => {
  const pattern = patternOf(word, expander);
  return pattern === null || (!pattern.test(text) && new RegExp(pattern.source, 'iu').test(text)) ? null : pattern.test(text);
};

const both = (all: readonly (boolean | null)[], decides: boolean): boolean | null => {
  if (all.includes(decides)) {
    return decides;
  }
  return all.includes(null) ? null : !decides;
};

/** Whether `[[ … ]]` holds. In a loop without an end in sight what is compared may be another thing the next time. */
export const holds = (node: TestExpression, expander: Expander): boolean | null => {
  switch (node.type) {
    case 'TestUnary': {
      const text = textOf(node.operand, expander);
      return text.known && !expander.scope.repeats && /^-[nz]$/.test(node.operator)
        ? (node.operator === '-z') === (text.value === '')
        : null;
    }
    case 'TestBinary': {
      const left = textOf(node.left, expander);
      if (!left.known || expander.scope.repeats) {
        return null;
      }
      if (/^(?:==?|!=)$/.test(node.operator)) {
        const matched = isMatch(left.value, node.right, expander);
        return matched === null ? null : matched === (node.operator !== '!=');
      }
      const right = textOf(node.right, expander);
      return right.known ? compared(left.value, node.operator, right.value) : null;
    }
    case 'TestLogical':
      return both(
        node.operands.map(each => holds(each, expander)),
        node.operator === '||',
      );
    case 'TestNot': {
      const held = holds(node.operand, expander);
      return held === null ? null : held === (node.negations.length % 2 === 0);
    }
    default:
      return holds(node.expression, expander);
  }
};

/** Whether this is the way that `case` takes, if it took none before. */
export const isTaken = (text: Text, {pattern}: CaseItem, expander: Expander): boolean | null =>
  both(
    pattern.map(word => (text.known && !expander.scope.repeats ? isMatch(text.value, word, expander) : null)),
    true,
  );
