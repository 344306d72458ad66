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

/** `self`: the process that asks, below the agent; it is never among the ended. */
export const resolveCommand = async (
  command: string,
  caller: Caller,
  env: Readonly<Record<string, string | undefined>>,
  self: number,
): Promise<Resolved> => {
  let facts = NO_FACTS;
  let asking = caller;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const {needs, endings, containers, undecided} = playCommand(command, asking, facts);
    if (needs.length === 0) {
      return {endings: endings.filter(({pid}) => pid !== self), containers, undecided, facts};
    }
    facts = await gather(needs, facts, asking, env);
    if (asking.runtimePid === null && facts.processes?.known === true) {
      asking = {...asking, runtimePid: runtimeAbove(facts.processes.value, self)};
    }
  }
  return {endings: [], containers: [], undecided: NEVER_ENDED, facts};
};
