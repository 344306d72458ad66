// Plays a command, reads what that needs, and plays it again, until it is known whom it would end.
import {ancestorsOf} from '../../core/domain/forest.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Caller, Facts} from '../../guard/facts.ts';
import {NO_FACTS} from '../../guard/facts.ts';
import {type Played, playCommand} from '../../guard/play-command.ts';
import {gather} from './gather.ts';

export interface Resolved extends Omit<Played, 'needs'> {
  readonly facts: Facts;
}

/** A command that names more files than that one after the other is not followed to its end. */
const MOST_ROUNDS = 12;

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'env', 'timeout']);

/** `$PPID` of the tools: the hook runs below the same program, behind a shell at most. */
const runtimeAbove = (table: ReadonlyMap<number, TerminalProcess>, self: number): number | null =>
  ancestorsOf(table, self).find(pid => !SHELLS.has(baseName(table.get(pid)?.argv[0] ?? ''))) ?? null;

const NEVER_ENDED: Played['undecided'] = [{by: 'the command', because: 'too many files would have to be read to understand it'}];

/** Who asks, and the shells between it and the agent: they are gone when the command runs. */
const ownChain = ({processes}: Facts, self: number): ReadonlySet<number> => {
  const table = processes?.known === true ? processes.value : new Map<number, TerminalProcess>();
  const above = ancestorsOf(table, self);
  const runtime = runtimeAbove(table, self);
  return new Set([self, ...above.slice(0, runtime === null ? 0 : above.indexOf(runtime))]);
};

const withRuntime = (caller: Caller, {processes}: Facts, self: number): Caller =>
  caller.runtimePid === null && processes?.known === true ? {...caller, runtimePid: runtimeAbove(processes.value, self)} : caller;

/** `self`: the process that asks, below the agent. `until`: see `gather`. */
export const resolveCommand = async (
  command: string,
  caller: Caller,
  env: Readonly<Record<string, string | undefined>>,
  self: number,
  until: number,
): Promise<Resolved> => {
  // `$PPID` is known once the processes are.
  let facts = /\bPPID\b/.test(command) ? await gather([{kind: 'processes'}], NO_FACTS, caller, env, until) : NO_FACTS;
  let asking = withRuntime(caller, facts, self);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const {needs, endings, containers, undecided} = playCommand(command, asking, facts);
    if (needs.length === 0) {
      const passing = ownChain(facts, self);
      return {endings: endings.filter(({pid}) => !passing.has(pid)), containers, undecided, facts};
    }
    facts = await gather(needs, facts, asking, env, until);
    asking = withRuntime(asking, facts, self);
  }
  return {endings: [], containers: [], undecided: NEVER_ENDED, facts};
};
