// Commands inside of what is not worked out: sums, tests, replacements, targets of redirections. They run all the same. Pure.
import {type Command, forEachChild, type ParsedScript, parse, type SyntaxNode, type While} from 'unbash';
import {unknown} from '../../core/domain/known.ts';
import type {Scope} from '../call.ts';

interface Playing {
  readonly scope: Scope;
  readonly substitute: (script: ParsedScript | undefined) => unknown;
}

/** Plays every command that is substituted somewhere below a node. */
export const playInner = (node: SyntaxNode, play: (script: ParsedScript | undefined, isFed: boolean) => unknown): void => {
  if ('script' in node) {
    play(node.script, node.type === 'ProcessSubstitution' && node.operator === '>');
    return;
  }
  forEachChild(node, child => playInner(child, play));
};

/** Texts of a sum or a test that are sums themselves: names, whose variables are, and subscripts, which are expanded once more. */
export const playSubscripts = (node: SyntaxNode, {scope, substitute}: Playing): void => {
  if (node.type === 'Word' || node.type === 'ArithmeticWord') {
    playText(node.value.includes('[') ? node.value : '', substitute);
  }
  if (node.type === 'ArithmeticWord') {
    for (const value of scope.variables.get(node.value)?.values ?? []) {
      playText(value.known ? value.value : '', substitute);
    }
  }
  forEachChild(node, child => playSubscripts(child, {scope, substitute}));
};

const ASSIGNED = /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*(?:[-+*/%&|^]?=(?!=)|<<=|>>=|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)/g;

/** What a sum sets is not known behind it. */
export const forgetSums = (text: string, {variables}: Scope): void => {
  for (const [, before, behind] of text.matchAll(ASSIGNED)) {
    variables.set(before ?? behind ?? '', {values: [unknown('a sum is not followed')], isArray: false});
  }
};

/** The variables of a loop that counts. */
export const forgetNames = (node: SyntaxNode | undefined, scope: Scope): void => {
  if (node?.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(node.value)) {
    forgetSums(`${node.value}=`, scope);
  } else if (node !== undefined) {
    forEachChild(node, child => forgetNames(child, scope));
  }
};

/** Text that a shell expands once more: a prompt, a subscript. */
export const playText = (text: string, play: (script: ParsedScript | undefined) => unknown): void => {
  if (/\$\(|`/.test(text)) {
    play(parse(`: "${text.replaceAll('"', '\\"')}"`));
  }
};

/** The `read` that a loop waits for, if that is all its condition is. */
export const readOf = ({clause}: While): Command | null => {
  const [statement, ...more] = clause.commands;
  const command = statement?.command;
  return more.length === 0 && command?.type === 'Command' && command.name?.value === 'read' ? command : null;
};
