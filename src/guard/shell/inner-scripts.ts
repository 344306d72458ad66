// Commands inside of what is not worked out: sums, tests, replacements, targets of redirections. They run all the same. Pure.
import {forEachChild, type ParsedScript, parse, type SyntaxNode} from 'unbash';
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

/** Text that a shell expands once more: a prompt, a subscript. */
export const playText = (text: string, play: (script: ParsedScript | undefined) => unknown): void => {
  if (/\$\(|`/.test(text)) {
    play(parse(`: "${text.replaceAll('"', '\\"')}"`));
  }
};
