// The look a plan is made from, indexed once: children, groups, terminal sessions, panes, and what each environment says. Pure.
import type {Assessment} from '../domain/fleet.ts';
import {childrenByParent, depthsOf, type ProcessMap} from '../domain/forest.ts';
import {knownValue} from '../domain/known.ts';
import type {Pane, Server, Session} from '../domain/multiplexer.ts';
import {paneMark, paneMarkOf} from '../domain/pane-mark.ts';
import type {Process} from '../domain/process.ts';
import {holderOf} from '../domain/session-server.ts';
import {createUsers, type UsedBy} from '../judge/owners/users.ts';
import type {Guard} from './plan-guard.ts';

export interface PlacedPane {
  readonly server: Server;
  readonly session: Session;
  readonly pane: Pane;
}

export interface PlanWorld {
  readonly assessment: Assessment;
  readonly processes: ProcessMap;
  readonly guard: Guard;
  children(): ReadonlyMap<number, readonly number[]>;
  /** Pids by process group, and by session id (credentials(7)). */
  groups(): ReadonlyMap<number, readonly number[]>;
  terminals(): ReadonlyMap<number, readonly number[]>;
  /** Pids by the pane that their environment names (see `paneMark`). */
  startedIn(): ReadonlyMap<string, readonly number[]>;
  /** Pids by `GT_RUN`, the identity of one start of an agent. */
  runs(): ReadonlyMap<string, readonly number[]>;
  /** Living panes of answering servers by the pid of their first process. */
  paneByPid(): ReadonlyMap<number, PlacedPane>;
  /** Who outside of a plan uses a process (see identify/users.ts). */
  usedBy(): UsedBy;
  /** Distance from the root of the forest: children are always deeper than their parents. */
  depth(pid: number): number;
}

const lazily = <T>(make: () => T): (() => T) => {
  let made: {readonly value: T} | null = null;
  return () => {
    made ??= {value: make()};
    return made.value;
  };
};

const groupBy = <K>(processes: ProcessMap, keyOf: (process: Process) => K | null): ReadonlyMap<K, readonly number[]> => {
  const groups = new Map<K, number[]>();
  for (const process of processes.values()) {
    const key = keyOf(process);
    if (key !== null) {
      const members = groups.get(key);
      if (members === undefined) {
        groups.set(key, [process.pid]);
      } else {
        members.push(process.pid);
      }
    }
  }
  return groups;
};

/** Every pane of every answering server, with where it is. A pane of linked windows appears once per session. */
export const placedPanes = (servers: readonly Server[]): readonly PlacedPane[] =>
  servers
    .filter(({state}) => state === 'ok')
    .flatMap(server => server.sessions.flatMap(session => session.panes.map(pane => ({server, session, pane}))));

/**
 * Whether the process at a pane's pid is the pane's: its terminal is the pane's, or the server is its parent. A dead pane keeps
 * the pid of a process that is gone (tmux(1), remain-on-exit), and the number may be anybody's by now.
 */
export const paneHead = ({server, session, pane}: PlacedPane, processes: ProcessMap): Process | null => {
  const process = processes.get(pane.pid);
  if (pane.dead || process === undefined) {
    return null;
  }
  const serverPid = holderOf(session)?.pid ?? server.pid;
  return process.ppid === serverPid || (process.tty !== null && process.tty === pane.tty) ? process : null;
};

export const createPlanWorld = (assessment: Assessment, guard: Guard): PlanWorld => {
  const {processes, servers} = assessment.snapshot;
  return {
    assessment,
    processes,
    guard,
    children: lazily(() => childrenByParent(processes)),
    groups: lazily(() => groupBy(processes, ({pgid}) => (pgid > 1 ? pgid : null))),
    terminals: lazily(() => groupBy(processes, ({sid}) => (sid > 1 ? sid : null))),
    startedIn: lazily(() => groupBy(processes, paneMarkOf)),
    runs: lazily(() => groupBy(processes, ({env}) => knownValue(env)?.GT_RUN || null)),
    paneByPid: lazily(
      () => new Map(placedPanes(servers).flatMap(placed => (paneHead(placed, processes) === null ? [] : [[placed.pane.pid, placed]]))),
    ),
    usedBy: lazily(() => createUsers(assessment.snapshot, assessment.fleet)),
    depth: depthsOf(processes),
  };
};

/** The mark that `pane` leaves in the environment of whatever is started in it; null when its server's pid is not known. */
export const markOf = ({server, pane}: PlacedPane): string | null =>
  server.pid === null ? null : paneMark(server.socket, server.pid, pane.id);
