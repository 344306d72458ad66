// Options and variables of programs of another trade behind which a command stands. Pure.
import type {Call} from '../call.ts';
import {fork} from '../shell/scope.ts';

/** Each beginning of a long option, as getopt_long(3), argp and git take it. */
const abbreviated = (name: string): string => [...name].reduceRight((rest, letter) => (rest === '' ? letter : `${letter}(?:${rest})?`), '');

/** An option with a command for its value: behind its letter, after `=`, or in a word of its own. */
export const commandOption = (letter: string, ...names: readonly string[]): RegExp =>
  new RegExp(`^(?:-${letter}([\\s\\S]*)|--(?:${names.map(abbreviated).join('|')})(?:=([\\s\\S]*))?)$`);

/** Values of an option, in its own word or the next. */
export const valuesOf = (pattern: RegExp | undefined, words: readonly string[]): readonly string[] =>
  words.flatMap((word, at) => {
    const found = pattern?.exec(word);
    return found === null || found === undefined ? [] : [found[1] || found[2] || (words[at + 1] ?? '')];
  });

/** Plays what stands behind an option: `exec=` and `ProxyCommand=` are the program's. */
export const playValues = (call: Call, pattern: RegExp): void => {
  const words = call.args.map(arg => (arg.known ? arg.value : ''));
  for (const text of valuesOf(pattern, words)) {
    call.runText(text.replace(/^(?:exec=|\w*Command[= ]|Match exec )/, ''), fork(call.scope), null);
  }
};

/** Variables with a command for git, a pager, an editor, a shell of another machine. */
const COMMAND_VARIABLE =
  /^(?:GIT_(?:\w*EDITOR|SSH_COMMAND|SSH|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND|CONFIG_VALUE_\d+)|\w*PAGER|EDITOR|VISUAL|\w*_EDITOR|SSH_ASKPASS|SUDO_ASKPASS|BROWSER|RSYNC_RSH|RSYNC_CONNECT_PROG|LESSOPEN|LESSCLOSE|FZF_DEFAULT_COMMAND|TAR_OPTIONS)$/;

/** Plays the commands in those that this command has set. */
export const playVariables = (call: Call): void => {
  for (const [name, {values}] of call.scope.variables) {
    const [value] = values;
    if (COMMAND_VARIABLE.test(name) && value?.known === true && value.value !== call.caller.variables.get(name)) {
      const inner = fork(call.scope);
      inner.variables.delete(name);
      call.runText(name === 'TAR_OPTIONS' ? `tar ${value.value}` : value.value.replace(/^[|-]+/, ''), inner, null);
    }
  }
};
