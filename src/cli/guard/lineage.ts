// Whose processes are by lineage alone, from the table that is read already and the details of those in question.
import {DEFAULT_SETTINGS} from '../../config/defaults.ts';
import {ancestorsOf} from '../../core/domain/forest.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Own} from '../../core/judge/own/ownership.ts';
import {withDetailsOf} from '../../core/os/light-table.ts';
import {smallWorld} from '../../guard/small-world.ts';

/** Lineage is not told by environments. */
const NO_MARKERS: ReadonlySet<string> = new Set();

/** By pid: null where lineage leaves a doubt. Null as a whole where the agent above is not known to be the one whose hook asks. */
export const lineageOf = (
  table: ReadonlyMap<number, TerminalProcess>,
  program: string,
  pids: readonly number[],
): ReadonlyMap<number, Own | null> | null => {
  const around = new Set([process.pid, ...pids].flatMap(pid => [pid, ...ancestorsOf(table, pid)]));
  // Nobody else bears on it.
  const near = new Map([...table].filter(([pid]) => around.has(pid)));
  const {processes, uptimeMs} = withDetailsOf(near, around, NO_MARKERS);
  const self = processes.get(process.pid);
  if (self === undefined) {
    return null;
  }
  const world = smallWorld(
    {processes, uptimeMs, self: {pid: self.pid, startTime: self.startTime, uid: self.uid}},
    program,
    DEFAULT_SETTINGS,
  );
  return world === null ? null : new Map(pids.map(pid => [pid, world.of(processes.get(pid) ?? self)]));
};
