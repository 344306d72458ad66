// rigtop guard: whom a command of an agent would end.
import {processRef} from '../../core/domain/reference.ts';
import {homeDirectory} from '../../core/os/whereabouts.ts';
import {describeEndings} from '../../words/describe-guard.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';
import {readCaller} from '../guard/guard-caller.ts';
import {type Resolved, resolveCommand} from '../guard/resolve.ts';

const document = (command: string, {endings, containers, undecided, facts}: Resolved) => {
  const table = facts.processes?.known === true ? facts.processes.value : new Map();
  return {
    schema: 'rigtop/guard@1',
    command,
    ends: endings.map(({pid, by}) => ({ref: processRef(pid), pid, startTime: table.get(pid)?.startTime ?? null, by})),
    containers: containers.map(({engine, id, name, project, by}) => ({engine, id, name, project, by})),
    undecided,
  };
};

/** `rigtop guard check 'pkill -f vite'`: for people; nothing is run. */
const check = async ({io, flags}: Invocation, words: readonly string[]): Promise<CommandAnswer> => {
  const command = words.join(' ');
  const caller = await readCaller({env: io.env, cwd: io.cwd, home: homeDirectory(io.env)});
  const resolved = await resolveCommand(command, caller, io.env, process.pid);
  const table = resolved.facts.processes?.known === true ? resolved.facts.processes.value : new Map();
  io.out(
    flags.json
      ? jsonLine(document(command, resolved))
      : describeEndings(resolved, table)
          .map(line => `${line}\n`)
          .join(''),
  );
  return EXIT.done;
};

export const runGuard = (invocation: Invocation): Promise<CommandAnswer> => {
  const [verb = '', ...words] = invocation.args;
  return verb === 'check' && words.length > 0
    ? check(invocation, words)
    : Promise.resolve(wrongUsage(`rigtop guard does not know ${verb}`, "usage: rigtop guard check 'COMMAND'"));
};
