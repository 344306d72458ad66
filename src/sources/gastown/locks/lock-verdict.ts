// Who holds one identity lock, by panes, processes and time, not by the recorded pid alone. Pure.
import type {Fleet} from '../../../core/domain/fleet.ts';
import type {LockState} from '../../../core/domain/lock.ts';
import type {Session} from '../../../core/domain/multiplexer.ts';
import {sessionKey} from '../../../core/domain/multiplexer.ts';
import {hasEnded, type Process, startedAt} from '../../../core/domain/process.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {Snapshot} from '../../../core/domain/snapshot.ts';
import type {LockRecord, Town, TownLockFile} from '../../../core/domain/town.ts';
import {groupBy, indexLook, type Look} from '../../../core/look/index/look.ts';
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

/** What all locks of a look are judged by. */
export interface LockContext {
  readonly look: Look;
  readonly fleet: Fleet;
  readonly blindness: Blindness;
  /** Living sessions by the agent they belong to. */
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
  /** Pids of agent programs by every directory above (and including) their working directory. */
  readonly runtimesIn: ReadonlyMap<string, readonly number[]>;
}

const directoriesAbove = (path: string): readonly string[] => {
  const steps = path.split('/');
  return steps.map((_, index) => steps.slice(0, index + 1).join('/')).filter(directory => directory !== '');
};

export const createLockContext = (snapshot: Snapshot, fleet: Fleet, settings: Settings): LockContext => {
  const sessions = snapshot.servers.flatMap(server => server.sessions);
  const works = [...fleet.runtimes.keys()].flatMap(pid => {
    const cwd = snapshot.processes.get(pid)?.cwd;
    return cwd?.known ? directoriesAbove(cwd.value).map(directory => ({pid, directory})) : [];
  });
  return {
    look: indexLook(snapshot),
    fleet,
    blindness: createBlindness(snapshot, settings),
    sessions: groupBy(
      sessions,
      session => fleet.sessionOwners.get(sessionKey(session))?.agent ?? null,
      session => session,
    ),
    runtimesIn: groupBy(
      works,
      ({directory}) => directory,
      ({pid}) => pid,
    ),
  };
};

/** The session a process is in: its own or an ancestor's pid is a living pane's. */
const sessionOf = ({look}: LockContext, pid: number): Session | null => look.paneAround(pid)?.session ?? null;

const shortHost = (name: string): string => name.toLowerCase().split('.', 1)[0] ?? '';

/** The recorded pid as it is now: the very process that took the lock, another one since, or nobody. */
type Holder =
  | {readonly state: 'gone'}
  | {readonly state: 'reused'; readonly process: Process}
  | {readonly state: 'alive'; readonly process: Process}
  | {readonly state: 'unclear'; readonly because: string};

const holderOf = (snapshot: Snapshot, record: LockRecord): Holder => {
  const process = snapshot.processes.get(record.pid);
  if (process === undefined || hasEnded(process)) {
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
const seatsOf = (context: LockContext, agent: string | null, home: string): readonly Session[] => {
  const own = agent === null ? [] : (context.sessions.get(agent) ?? []);
  const byDirectory = (context.runtimesIn.get(home) ?? []).map(pid => sessionOf(context, pid)).filter(session => session !== null);
  return [...new Set([...own, ...byDirectory])];
};

const livingIn = (context: LockContext, seat: Session): boolean =>
  [...context.fleet.runtimes.keys()].some(pid => sessionOf(context, pid) === seat);

const judgeWithSeat = (context: LockContext, seats: readonly Session[], holder: Holder): LockVerdict => {
  const [seat] = seats;
  const living = seats.length > 1 ? seats.filter(each => livingIn(context, each)) : seats;
  if (living.length > 1) {
    return {state: 'collision', because: `two sessions work in this directory: ${living.map(named).join(' and ')}`};
  }
  const other = holder.state === 'alive' ? sessionOf(context, holder.process.pid) : null;
  if (holder.state === 'alive' && (other === null || !seats.includes(other))) {
    const where = other === null ? 'outside every session' : `in ${named(other)}`;
    return {
      state: 'collision',
      because: `pid ${holder.process.pid} took it and lives ${where}, while ${seat === undefined ? '' : named(seat)} is this worker's`,
    };
  }
  return {state: 'held', because: `its session ${seat === undefined ? '' : named(seat)} lives`};
};

const judgeWithoutSeat = (context: LockContext, {home, town}: JudgedLock, record: LockRecord, holder: Holder): LockVerdict => {
  const runtime = context.runtimesIn.get(home)?.[0];
  if (runtime !== undefined) {
    return {state: 'held', because: `no session, but agent program ${runtime} works in ${home}`};
  }
  const blind = (town === null ? null : context.blindness.ofTown(town)) ?? context.blindness.ofDirectory(home);
  if (blind !== null) {
    return {state: 'unknown', because: blind};
  }
  switch (holder.state) {
    case 'unclear':
      return {state: 'unknown', because: holder.because};
    case 'alive':
      // The town's own tools name one even outside tmux: this was taken for a process by itself (`locks acquire --pid`).
      if (record.sessionId === null) {
        return {state: 'held', because: `pid ${holder.process.pid} took it for no session and lives`};
      }
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

const judgeRecord = (context: LockContext, lock: JudgedLock, seats: readonly Session[]): LockVerdict => {
  if (!lock.content.known) {
    return context.look.snapshot.takenAt - lock.modifiedAt < SETTLING_MS
      ? {state: 'unknown', because: `${lock.content.because}; it was written a moment ago`}
      : {state: 'invalid', because: lock.content.because};
  }
  const record = lock.content.value;
  if (record.hostname !== null && shortHost(record.hostname) !== shortHost(context.look.snapshot.hostname)) {
    return {state: 'unknown', because: `taken on host ${record.hostname}: its pid means nothing here`};
  }
  const holder = holderOf(context.look.snapshot, record);
  return seats.length > 0 ? judgeWithSeat(context, seats, holder) : judgeWithoutSeat(context, lock, record, holder);
};

/**
 * The verdict about one lock. A recorded pid is the short-lived program that wrote the file, so its death alone means nothing:
 * what counts is a session or agent program of that very worker. A recorded pane id counts through its session's owner, never by
 * its number. Nothing is stale while a multiplexer server could not be asked. `seats` are the keys of the sessions that hold it.
 */
export const judgeLock = (context: LockContext, lock: JudgedLock): LockVerdict & {readonly seats: readonly string[]} => {
  const seats = seatsOf(context, lock.agent, lock.home);
  return {...judgeRecord(context, lock, seats), seats: seats.map(sessionKey)};
};
