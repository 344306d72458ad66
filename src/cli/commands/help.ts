// rigtop help [COMMAND]: what --help says.
import type {CommandAnswer, Invocation} from '../command.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';
import {commandHelp, programHelp} from '../help-text.ts';

export const runHelp = ({io, args, commands}: Invocation): Promise<CommandAnswer> => {
  const [name] = args;
  const command = commands.find(one => one.name === name);
  if (name !== undefined && command === undefined) {
    return Promise.resolve(wrongUsage(`there is no command "${name}"`, 'rigtop --help lists the commands'));
  }
  io.out(command === undefined ? programHelp(commands) : commandHelp(command));
  return Promise.resolve(EXIT.done);
};
