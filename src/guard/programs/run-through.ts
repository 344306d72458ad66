// A program that is not known, with the words of one behind it that ends others: `uv run pkill node`. What stands there is played. Pure.
import type {Program} from '../call.ts';
import {unclear} from '../results.ts';

const ENDS = new Set(['kill', 'pkill', 'killall', 'fuser', 'skill', 'kill-port', 'fkill', 'tmux']);
const SHELL = /^(?:ba|z|da|k)?sh$/;

export const runThrough: Program = call => {
  const word = (at: number): string => {
    const arg = call.args[at];
    return arg?.known === true ? arg.value : '';
  };
  const at = call.args.findIndex((_, index) => ENDS.has(word(index)) || (SHELL.test(word(index)) && /^-\w*c/.test(word(index + 1))));
  return at >= 0 && at + 1 < call.args.length
    ? call.run(call.args.slice(at), call.stdin)
    : unclear(`what ${call.name} writes is not known`);
};
