// rigtop completion SHELL: the completion script of a shell, from the command table; and for that script, what is there now.
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Command, CommandAnswer, Invocation} from '../command.ts';
import {completionScript} from '../completion-scripts.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';
import {unknownCommand} from '../parse-arguments.ts';
import {SHELLS} from '../shell-names.ts';

/** A person waits for it with a half-typed line: rather nothing than late. */
const DEADLINE_MS = 800;

const liveWords = async (invocation: Invocation, {names}: Command) => {
  const [{openFleet, openHost, readConfig}, {referenceWords, scopeWords}] = await Promise.all([
    import('../open-fleet.ts'),
    import('../live-words.ts'),
  ]);
  if (names === 'plans') {
    const host = openHost(invocation);
    const {createPlanStore} = await import('../../core/act/plan-store.ts');
    const ids = await createPlanStore(host, stateDirectory(host.env, host.home)).ids();
    await host.close();
    return ids.map(word => ({word, about: 'plan'}));
  }
  const {engine} = openFleet(invocation, await readConfig(invocation));
  const assessment = await engine.refresh();
  await engine.close();
  return names === 'scopes' ? scopeWords(assessment) : referenceWords(assessment);
};

const printLive = async (invocation: Invocation, command: Command): Promise<CommandAnswer> => {
  const late = setTimeout(() => process.exit(EXIT.done), DEADLINE_MS);
  const words = command.names === null ? [] : await liveWords(invocation, command);
  clearTimeout(late);
  invocation.io.out(words.map(({word, about}) => `${word} ${about}\n`).join(''));
  return EXIT.done;
};

export const runCompletion = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, args, options, commands} = invocation;
  const wanted = options.text('for');
  if (wanted !== undefined) {
    const command = commands.find(({name}) => name === wanted);
    return command === undefined ? unknownCommand(wanted, commands) : printLive(invocation, command);
  }
  const [name] = args;
  const shell = SHELLS.find(known => known === name);
  if (shell === undefined) {
    return wrongUsage(
      name === undefined ? 'rigtop completion needs a shell' : `there is no completion for "${name}"`,
      `there is one for ${SHELLS.join(', ')}`,
    );
  }
  io.out(completionScript(shell, commands));
  return EXIT.done;
};
