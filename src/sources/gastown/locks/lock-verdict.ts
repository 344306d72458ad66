// Who holds one identity lock, by panes, processes and time, not by the recorded pid alone. Pure.
import type {Fleet} from '../../../core/domain/fleet.ts';
import {ancestorsOf} from '../../../core/domain/forest.ts';
import type {LockState} from '../../../core/domain/lock.ts';
import type {Session} from '../../../core/domain/multiplexer.ts';
import {sessionKey} from '../../../core/domain/multiplexer.ts';
import {type Process, startedAt} from '../../../core/domain/process.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {Snapshot} from '../../../core/domain/snapshot.ts';
import type {LockRecord, Town, TownLockFile} from '../../../core/domain/town.ts';
import {type Blindness, createBlindness} from '../absence.ts';

/** What is judged: a lock file and whose it is. */
export interface JudgedLock extends Pick<TownLockFile, 'content' | 'modifiedAt'> {
  /** Reference of the agent that works there, where one is known. */
  readonly agent: string | null;
  /** Town it lies in; null outside one. */
  readonly town: Town | null;
  /** Directory of the worker; agent programs in it count as holders. */
  readonly home: string;
}

export interface LockVerdict {
  readonly state: LockState;
  readonly because: string;
}

/** A file just written may be half written: older versions of the town's tools do not write atomically. */
const SETTLING_MS = 5_000;

/** Start times come in whole clock ticks and from a boot time that the clock's owner may have moved a little since. */
const CLOCK_SLACK_MS = 5_000;

/** One look, indexed once for all locks. */
export interface LockSight {
  readonly snapshot: Snapshot;
  readonly fleet: Fleet;
  readonly blindness: Blindness;
  /** Living sessions by the agent they belong to. */
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
  readonly panes: ReadonlyMap<number, Session>;
  /** Pids of agent programs by every directory above (and including) their working directory. */
  readonly runtimesIn: ReadonlyMap<string, readonly number[]>;
}

const directoriesAbove = (path: string): readonly string[] => {
  const steps = path.split('/');
  return steps.map((_, index) => steps.slice(0, index + 1).join('/')).filter(directory => directory !== '');
};

const append = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const values = map.get(key);
  if (values === undefined) {
    map.set(key, [value]);
  } else {
    values.push(value);
  }
};

export const indexLockSight = (snapshot: Snapshot, fleet: Fleet, settings: Settings): LockSight => {
  const sessions = new Map<string, Session[]>();
  const panes = new Map<number, Session>();
  for (const session of snapshot.servers.flatMap(server => server.sessions)) {
    const agent = fleet.sessionOwners.get(sessionKey(session))?.agent ?? null;
    if (agent !== null) {
      append(sessions, agent, session);
    }
    for (const pane of session.panes) {
      if (!pane.dead) {
        panes.set(pane.pid, session);
      }
    }
  }
  const runtimesIn = new Map<string, number[]>();
  for (const pid of fleet.runtimes.keys()) {
    const cwd = snapshot.processes.get(pid)?.cwd;
    for (const directory of cwd?.known ? directoriesAbove(cwd.value) : []) {
      append(runtimesIn, directory, pid);
    }
  }
  return {snapshot, fleet, blindness: createBlindness(snapshot, settings), sessions, panes, runtimesIn};
};

/** The session a process is in: its own or an ancestor's pid is a living pane's. */
const sessionOf = (sight: LockSight, pid: number): Session | null => {
  for (const each of [pid, ...ancestorsOf(sight.snapshot.processes, pid)]) {
    const session = sight.panes.get(each);
    if (session !== undefined) {
      return session;
    }
  }
  return null;
};

const shortHost = (name: string): string => name.toLowerCase().split('.', 1)[0] ?? '';

/** The recorded pid as it is now: the very process that took the lock, another one since, or nobody. */
type Holder =
  | {readonly state: 'gone'}
  | {readonly state: 'reused'; readonly process: Process}
  | {readonly state: 'alive'; readonly process: Process}
  | {readonly state: 'unclear'; readonly because: string};

const holderOf = (snapshot: Snapshot, record: LockRecord): Holder => {
  const process = snapshot.processes.get(record.pid);
  if (process === undefined || process.state === 'Z' || process.state === 'X') {
    return snapshot.processesComplete || process !== undefined
      ? {state: 'gone'}
      : {state: 'unclear', because: 'the process table is incomplete'};
  }
  if (record.acquiredAt !== null && startedAt(process, snapshot) > record.acquiredAt + CLOCK_SLACK_MS) {
    return {state: 'reused', process};
  }
  if (process.uid !== snapshot.self.uid) {
    return {state: 'unclear', because: `pid ${record.pid} belongs to user ${process.uid}`};
  }
  return record.acquiredAt === null
    ? {state: 'unclear', because: `pid ${record.pid} is alive, but the lock does not say when it was taken`}
    : {state: 'alive', process};
};

const named = (session: Session): string => `${session.name} on socket ${session.server}`;

/** Sessions that run an agent program in this worker's directory or belong to this agent. */
const seatsOf = (sight: LockSight, agent: string | null, home: string): readonly Session[] => {
  const own = agent === null ? [] : (sight.sessions.get(agent) ?? []);
  const byDirectory = (sight.runtimesIn.get(home) ?? []).map(pid => sessionOf(sight, pid)).filter(session => session !== null);
  return [...new Set([...own, ...byDirectory])];
};

const livingIn = (sight: LockSight, seat: Session): boolean => [...sight.fleet.runtimes.keys()].some(pid => sessionOf(sight, pid) === seat);

const judgeWithSeat = (sight: LockSight, seats: readonly Session[], holder: Holder): LockVerdict => {
  const [seat] = seats;
  const living = seats.length > 1 ? seats.filter(each => livingIn(sight, each)) : seats;
  if (living.length > 1) {
    return {state: 'collision', because: `two sessions work in this directory: ${living.map(named).join(' and ')}`};
  }
  const other = holder.state === 'alive' ? sessionOf(sight, holder.process.pid) : null;
  if (holder.state === 'alive' && (other === null || !seats.includes(other))) {
    const where = other === null ? 'outside every session' : `in ${named(other)}`;
    return {
      state: 'collision',
      because: `pid ${holder.process.pid} took it and lives ${where}, while ${seat === undefined ? '' : named(seat)} is this worker's`,
    };
  }
  return {state: 'held', because: `its session ${seat === undefined ? '' : named(seat)} lives`};
};

const judgeWithoutSeat = (sight: LockSight, {home, town}: JudgedLock, holder: Holder): LockVerdict => {
  const runtime = sight.runtimesIn.get(home)?.[0];
  if (runtime !== undefined) {
    return {state: 'held', because: `no session, but agent program ${runtime} works in ${home}`};
  }
  const blind = (town === null ? null : sight.blindness.ofTown(town)) ?? sight.blindness.ofDirectory(home);
  if (blind !== null) {
    return {state: 'unknown', because: blind};
  }
  switch (holder.state) {
    case 'unclear':
      return {state: 'unknown', because: holder.because};
    case 'alive':
      return {state: 'orphaned', because: `pid ${holder.process.pid} took it and lives, but its session is gone`};
    case 'reused':
      return {
        state: 'stale',
        because: `pid ${holder.process.pid} is another process by now (younger than the lock), and no session of this worker exists`,
      };
    case 'gone':
      return {state: 'stale', because: 'its process is gone, and no session of this worker exists'};
  }
};

const judgeRecord = (sight: LockSight, lock: JudgedLock, seats: readonly Session[]): LockVerdict => {
  if (!lock.content.known) {
    return sight.snapshot.takenAt - lock.modifiedAt < SETTLING_MS
      ? {state: 'unknown', because: `${lock.content.because}; it was written a moment ago`}
      : {state: 'invalid', because: lock.content.because};
  }
  const record = lock.content.value;
  if (record.hostname !== null && shortHost(record.hostname) !== shortHost(sight.snapshot.hostname)) {
    return {state: 'unknown', because: `taken on host ${record.hostname}: its pid means nothing here`};
  }
  const holder = holderOf(sight.snapshot, record);
  return seats.length > 0 ? judgeWithSeat(sight, seats, holder) : judgeWithoutSeat(sight, lock, holder);
};

/**
 * The verdict about one lock. A recorded pid is the short-lived program that wrote the file, so its death alone means nothing:
 * what counts is a session or agent program of that very worker. A recorded pane id counts through its session's owner, never by
 * its number. Nothing is stale while a multiplexer server could not be asked. `seats` are the keys of the sessions that hold it.
 */
export const judgeLock = (sight: LockSight, lock: JudgedLock): LockVerdict & {readonly seats: readonly string[]} => {
  const seats = seatsOf(sight, lock.agent, lock.home);
  return {...judgeRecord(sight, lock, seats), seats: seats.map(sessionKey)};
};
