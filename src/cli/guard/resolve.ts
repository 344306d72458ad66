// Plays a command, reads what that needs, and plays it again, until it is known whom it would end.
import {ancestorsOf} from '../../core/domain/forest.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import {monotonicNow} from '../../core/os/clock.ts';
import {readWithAncestors} from '../../core/os/light-table.ts';
import type {Caller, Facts} from '../../guard/facts.ts';
import {NO_FACTS} from '../../guard/facts.ts';
import {type Played, playCommand} from '../../guard/play-command.ts';
import {gather} from './gather.ts';

export interface Resolved extends Omit<Played, 'needs'> {
  readonly facts: Facts;
}

type Table = ReadonlyMap<number, TerminalProcess>;

/** A command that names more files than that one after the other is not followed to its end. */
const MOST_ROUNDS = 12;

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'env', 'timeout']);

/** `$PPID` of the tools: the hook runs below the same program, behind a shell at most. */
const runtimeAbove = (table: Table, self: number): number | null =>
  ancestorsOf(table, self).find(pid => !SHELLS.has(baseName(table.get(pid)?.argv[0] ?? ''))) ?? null;

const NEVER_ENDED: Played['undecided'] = [{by: 'the command', because: 'too many files would have to be read to understand it'}];

/** Who asks, and the shells between it and the agent: they are gone when the command runs. */
const ownChain = (table: Table, self: number): ReadonlySet<number> => {
  const above = ancestorsOf(table, self);
  const runtime = runtimeAbove(table, self);
  return new Set([self, ...above.slice(0, runtime === null ? 0 : above.indexOf(runtime))]);
};

/** `self`: the process that asks, below the agent. `until`: see `gather`. */
export const resolveCommand = async (
  command: string,
  caller: Caller,
  env: Readonly<Record<string, string | undefined>>,
  self: number,
  until: number,
): Promise<Resolved> => {
  let read: Table | null = null;
  const above = (): Table => {
    if (read === null) {
      const known = readWithAncestors([self], Math.max(0, until - monotonicNow()));
      read = known.known ? known.value : new Map();
    }
    return read;
  };
  const withRuntime = (): Caller => (caller.runtimePid === null ? {...caller, runtimePid: runtimeAbove(above(), self)} : caller);
  let [facts, asking] = [NO_FACTS, /\bppid\b/i.test(command) ? withRuntime() : caller];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const {needs, endings, containers, undecided} = playCommand(command, asking, facts);
    if (needs.length === 0) {
      const passing = endings.length === 0 ? new Set() : ownChain(above(), self);
      return {endings: endings.filter(({pid}) => !passing.has(pid)), containers, undecided, facts};
    }
    facts = await gather(needs, facts, asking, env, until);
    // A script that was read may name `$PPID` too.
    asking = withRuntime();
  }
  return {endings: [], containers: [], undecided: NEVER_ENDED, facts};
};
