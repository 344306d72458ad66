// What hangs on the targets of a running plan but was not in it: forked since, or escaped and known by what it left behind. Pure.
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import {knownValue} from '../domain/known.ts';
import type {Process, ProcessId} from '../domain/process.ts';
import {isSharedDaemon, paneMarkOf} from './traces.ts';

/** By what anything that belongs to the targets can be recognised. Numbers of groups and sessions stay taken while anyone is in them. */
export interface Traces {
  /** Every identity that is or was a target, by pid. */
  readonly members: ReadonlyMap<number, number>;
  /** Terminal sessions and process groups that a target leads and in which everybody is a target. */
  readonly sids: ReadonlySet<number>;
  readonly pgids: ReadonlySet<number>;
  /** Panes that end as a whole (see `paneMark`). */
  readonly panes: ReadonlySet<string>;
}

export interface Found {
  readonly process: Process;
  readonly how: 'late' | 'escaped';
  /** Reference of the target it hangs on, or null where only evidence ties it. */
  readonly below: number | null;
}

const isGone = ({state}: Process): boolean => state === 'Z' || state === 'X';

/** Groups of a kind (`pgid`, `sid`) that are led by a member and hold nobody else. */
const whollyOurs = (
  members: ReadonlyMap<number, number>,
  processes: ProcessMap,
  keyOf: (process: Process) => number,
): ReadonlySet<number> => {
  const ours = new Set<number>();
  const shared = new Set<number>();
  for (const process of processes.values()) {
    const key = keyOf(process);
    if (members.get(process.pid) === process.startTime) {
      if (members.has(key) && key > 1) {
        ours.add(key);
      }
    } else if (!isGone(process)) {
      shared.add(key);
    }
  }
  return new Set([...ours].filter(key => !shared.has(key)));
};

/** Taken before the first signal, while the leaders are still there to be recognised. */
export const traceTargets = (targets: readonly ProcessId[], processes: ProcessMap, panes: Iterable<string>): Traces => {
  const members = new Map(targets.map(({pid, startTime}) => [pid, startTime]));
  return {
    members,
    sids: whollyOurs(members, processes, ({sid}) => sid),
    pgids: whollyOurs(members, processes, ({pgid}) => pgid),
    panes: new Set(panes),
  };
};

/** The traces with what was found since. */
export const withMembers = (traces: Traces, found: readonly ProcessId[]): Traces => ({
  ...traces,
  members: new Map([...traces.members, ...found.map(({pid, startTime}) => [pid, startTime] as const)]),
});

/**
 * Everything alive that belongs to the targets and is none. `spared` are pids that a rule left out of the plan: they, and all that
 * is below them, stay. An ancestor counts only with the identity it had as a target: its pid may be somebody's by now.
 */
export const findLate = (traces: Traces, processes: ProcessMap, spared: ReadonlySet<number>): readonly Found[] => {
  const found: Found[] = [];
  for (const process of processes.values()) {
    if (traces.members.get(process.pid) === process.startTime || isGone(process) || spared.has(process.pid)) {
      continue;
    }
    const above = ancestorsOf(processes, process.pid);
    if (above.some(pid => spared.has(pid))) {
      continue;
    }
    const parent = above.find(pid => traces.members.get(pid) === processes.get(pid)?.startTime && processes.has(pid));
    if (parent !== undefined) {
      found.push({process, how: 'late', below: parent});
    } else if (traces.sids.has(process.sid) || traces.pgids.has(process.pgid)) {
      found.push({process, how: 'late', below: null});
    } else {
      const mark = knownValue(process.env) === undefined ? null : paneMarkOf(process);
      if (mark !== null && traces.panes.has(mark) && !isSharedDaemon(process)) {
        found.push({process, how: 'escaped', below: null});
      }
    }
  }
  return found;
};
