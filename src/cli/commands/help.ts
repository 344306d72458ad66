// rigtop help [COMMAND]: what --help says.
import type {CommandAnswer, Invocation} from '../command.ts';
import {EXIT} from '../exit-codes.ts';
import {commandHelp, programHelp} from '../help-text.ts';
import {unknownCommand} from '../parse-arguments.ts';

export const runHelp = ({io, args, commands}: Invocation): Promise<CommandAnswer> => {
  const [name] = args;
  const command = commands.find(one => one.name === name);
  if (name !== undefined && command === undefined) {
    return Promise.resolve(unknownCommand(name, commands));
  }
  io.out(command === undefined ? programHelp(commands) : commandHelp(command));
  return Promise.resolve(EXIT.done);
};
