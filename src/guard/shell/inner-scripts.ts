// Commands inside of what is not worked out: sums, tests, replacements, targets of redirections. They run all the same. Pure.
import {forEachChild, type ParsedScript, type SyntaxNode} from 'unbash';

/** Plays every command that is substituted somewhere below a node. */
export const playInner = (node: SyntaxNode, play: (script: ParsedScript | undefined) => unknown): void => {
  if ('script' in node) {
    play(node.script);
    return;
  }
  forEachChild(node, child => playInner(child, play));
};
