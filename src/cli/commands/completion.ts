// rigtop completion SHELL: the completion script of a shell, from the command table.
import type {CommandAnswer, Invocation} from '../command.ts';
import {completionScript} from '../completion-scripts.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';
import {SHELLS} from '../shell-names.ts';

export const runCompletion = ({io, args, commands}: Invocation): Promise<CommandAnswer> => {
  const shell = SHELLS.find(known => known === args[0]);
  if (shell === undefined) {
    return Promise.resolve(wrongUsage(`there is no completion for "${args[0]}"`, `there is one for ${SHELLS.join(', ')}`));
  }
  io.out(completionScript(shell, commands));
  return Promise.resolve(EXIT.done);
};
