// What hangs on the targets of a running plan but was not in it: forked since, or escaped and known by what it left behind. Pure.
import {largest} from '../domain/extremes.ts';
import {nearestAbove, type ProcessMap} from '../domain/forest.ts';
import {paneMarkOf} from '../domain/pane-mark.ts';
import {hasEnded, type Process, type ProcessId} from '../domain/process.ts';
import {isKept} from './traces.ts';

/** By what anything that belongs to the targets can be recognised. */
export interface Traces {
  /** Every identity that is or was a target, by pid. */
  readonly members: ReadonlyMap<number, number>;
  /** Identities that were seen below a target while it lived, by pid. */
  readonly born: ReadonlyMap<number, number>;
  /** Terminal sessions and process groups that a target led and in which everybody was a target, with those targets' pids. */
  readonly sids: ReadonlyMap<number, readonly number[]>;
  readonly pgids: ReadonlyMap<number, readonly number[]>;
  /** Panes that end as a whole (see `paneMark`). */
  readonly panes: ReadonlySet<string>;
}

export interface Found {
  readonly process: Process;
  /** `doubtful`: it is in a group whose number may have been handed out anew since the last target in it ended. Never acted on. */
  readonly how: 'late' | 'escaped' | 'doubtful';
  /** Pid of the target it hangs on, or null where only evidence ties it. */
  readonly below: number | null;
}

/** Groups of a kind (`pgid`, `sid`) that are led by a member and hold nobody but members and what is below them, with their members. */
const whollyOurs = (
  members: ReadonlyMap<number, number>,
  processes: ProcessMap,
  keyOf: (process: Process) => number,
): ReadonlyMap<number, readonly number[]> => {
  const isMember = (pid: number): boolean => members.get(pid) === processes.get(pid)?.startTime && processes.has(pid);
  const ours = new Map<number, number[]>();
  const shared = new Set<number>();
  const memberAbove = nearestAbove(processes, pid => (isMember(pid) ? pid : undefined));
  for (const process of processes.values()) {
    const key = keyOf(process);
    if (isMember(process.pid)) {
      if (key > 1 && isMember(key)) {
        ours.set(key, [...(ours.get(key) ?? []), process.pid]);
      }
    } else if (!hasEnded(process) && members.has(key) && memberAbove(process.pid) === undefined) {
      shared.add(key);
    }
  }
  return new Map([...ours].filter(([key]) => !shared.has(key)));
};

/** Taken before the first signal, while the leaders are still there to be recognised. */
export const traceTargets = (targets: readonly ProcessId[], processes: ProcessMap, panes: Iterable<string>): Traces => {
  const members = new Map(targets.map(({pid, startTime}) => [pid, startTime]));
  return {
    members,
    born: new Map(),
    sids: whollyOurs(members, processes, ({sid}) => sid),
    pgids: whollyOurs(members, processes, ({pgid}) => pgid),
    panes: new Set(panes),
  };
};

/** The traces with what was found since, and what was seen to be born. */
export const withMembers = (traces: Traces, found: readonly ProcessId[], born: Traces['born']): Traces => ({
  ...traces,
  members: new Map([...traces.members, ...found.map(({pid, startTime}) => [pid, startTime] as const)]),
  born,
});

/** Start times count in clock ticks (USER_HZ), so that a moment is known no better than this. */
const TICK_MS = 10;

interface Sight {
  readonly processes: ProcessMap;
  /** Pids that a rule left out of the plan: they, and all that is below them, stay. */
  readonly spared: ReadonlySet<number>;
  /** Milliseconds since boot when the target with this pid was last seen alive. */
  lastAlive(pid: number): number;
}

/**
 * Whether the group of a process is still the one that `leader` led. A number is not handed out again while anybody, a defunct entry
 * included, has it as pid, group or session: so it is when a target still does, or when the process was born while one did.
 * Null: it cannot be told.
 */
const isStillOurs = (traces: Traces, sight: Sight, process: Process, leader: number, group: readonly number[]): boolean | null => {
  const holds = (pid: number): boolean => {
    const now = sight.processes.get(pid);
    return now !== undefined && now.startTime === traces.members.get(pid) && [now.pid, now.pgid, now.sid].includes(leader);
  };
  if (holds(leader) || group.some(holds) || process.bornMs + TICK_MS <= largest(group.map(sight.lastAlive))) {
    return true;
  }
  return sight.processes.has(leader) ? false : null;
};

/**
 * Everything alive that belongs to the targets and is none. An ancestor counts only with the identity it had as a target: its pid
 * may be somebody's by now.
 */
export const findLate = (traces: Traces, sight: Sight): readonly Found[] => {
  const {processes, spared} = sight;
  const found: Found[] = [];
  const isOurs = (pid: number): boolean => {
    const startTime = processes.get(pid)?.startTime;
    return startTime !== undefined && (traces.members.get(pid) === startTime || traces.born.get(pid) === startTime);
  };
  const sparedAbove = nearestAbove(processes, pid => (spared.has(pid) ? pid : undefined));
  const oursAbove = nearestAbove(processes, pid => (isOurs(pid) ? pid : undefined));
  for (const process of processes.values()) {
    if (traces.members.get(process.pid) === process.startTime || hasEnded(process) || spared.has(process.pid)) {
      continue;
    }
    if (sparedAbove(process.pid) !== undefined) {
      continue;
    }
    const parent = oursAbove(process.pid);
    if (parent !== undefined || isOurs(process.pid)) {
      found.push({process, how: 'late', below: parent ?? null});
      continue;
    }
    const groups = [
      [process.sid, traces.sids.get(process.sid)],
      [process.pgid, traces.pgids.get(process.pgid)],
    ] as const;
    const verdicts = groups.map(([leader, group]) => (group === undefined ? false : isStillOurs(traces, sight, process, leader, group)));
    const mark = paneMarkOf(process);
    if (verdicts.includes(true)) {
      found.push({process, how: 'late', below: null});
    } else if (mark !== null && traces.panes.has(mark) && !isKept(process, processes)) {
      found.push({process, how: 'escaped', below: null});
    } else if (verdicts.includes(null)) {
      found.push({process, how: 'doubtful', below: null});
    }
  }
  return found;
};
