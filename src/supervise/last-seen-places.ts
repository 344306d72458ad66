// Where kept things were seen up last: what proves that their session is gone, and what starting them again needs. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import {ancestorsOf} from '../core/domain/forest.ts';
import {knownValue} from '../core/domain/known.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import type {LastSeat} from '../core/domain/plan.ts';
import {processRef, sessionRef, slotRef} from '../core/domain/reference.ts';
import {isKnownByName} from '../core/domain/session-server.ts';

export interface Seat extends LastSeat {
  /** The session's identity: one that was only renamed is not gone. */
  readonly id: string;
  readonly created: number;
  /** What a person may have named to stop it: its session, its agent or slot, its processes. */
  readonly names: readonly string[];
  /** When it was seen up last, milliseconds since the epoch. */
  readonly at: number;
}

const seatIn = (session: Session, at: number, rest: Pick<Seat, 'directory' | 'command' | 'names'>): Seat => ({
  socket: session.socket,
  session: session.name,
  id: session.id,
  created: session.created,
  at,
  ...rest,
});

const sessionsByRef = ({snapshot}: Assessment): ReadonlyMap<string, Session> =>
  new Map(
    snapshot.servers
      .filter(({socket}) => !isKnownByName(socket))
      .flatMap(({sessions}) => sessions.map(session => [sessionRef(session.server, session.name), session])),
  );

/** The one directory that all living panes of a session work in, or null. */
const directoryOf = ({snapshot}: Assessment, session: Session): string | null => {
  const places = new Set(
    session.panes
      .filter(({dead}) => !dead)
      .map(({pid}) => {
        const process = snapshot.processes.get(pid);
        return process === undefined ? null : (knownValue(process.cwd) ?? null);
      }),
  );
  return places.size === 1 ? ([...places][0] ?? null) : null;
};

/** Seats of the services and agents among `refs` that are up in this look and live in a tmux session. */
export const seatsOf = (assessment: Assessment, refs: ReadonlySet<string>, now: number): Readonly<Record<string, Seat>> => {
  const sessions = sessionsByRef(assessment);
  const services = assessment.services.flatMap((service): readonly (readonly [string, Seat])[] => {
    const session = service.expected?.session == null ? undefined : sessions.get(service.expected.session);
    if (session === undefined || service.state !== 'up' || !refs.has(service.ref)) {
      return [];
    }
    const window = session.panes.find(({windowName, dead}) => windowName === service.service && !dead)?.pid;
    const pids = [...service.listeners.map(({pid}) => pid), ...(window === undefined ? [] : [window])];
    const names = [service.ref, slotRef(service.rig, service.slot), sessionRef(session.server, session.name), ...pids.map(processRef)];
    return [[service.ref, seatIn(session, now, {directory: service.worktree ?? directoryOf(assessment, session), command: '', names})]];
  });
  const agents = assessment.fleet.agents.flatMap((agent): readonly (readonly [string, Seat])[] => {
    const session = agent.sessionRef === null ? undefined : sessions.get(agent.sessionRef);
    const {process} = agent;
    if (session === undefined || process === null || !refs.has(agent.ref) || (agent.state !== 'running' && agent.state !== 'stopped')) {
      return [];
    }
    const above = [process.pid, ...ancestorsOf(assessment.snapshot.processes, process.pid)];
    const pane = session.panes.find(({pid, dead}) => !dead && above.includes(pid));
    const head = pane === undefined ? undefined : assessment.snapshot.processes.get(pane.pid);
    const directory = head === undefined ? null : (knownValue(head.cwd) ?? null);
    const names = [
      agent.ref,
      sessionRef(session.server, session.name),
      processRef(process.pid),
      ...(head === undefined ? [] : [processRef(head.pid)]),
    ];
    return [[agent.ref, seatIn(session, now, {directory, command: pane?.startCommand ?? '', names})]];
  });
  return Object.fromEntries([...services, ...agents]);
};

export type SessionPresence = 'gone' | 'here' | 'unknown';

/**
 * What became of the session that a thing was seen in. Gone only where its server answered without it, or where the server itself is provably gone:
 * nobody listens on its socket, and no source of sessions is blind (rules 1 and 2).
 */
export const presenceOfSession = ({snapshot, multiplexers}: Assessment, seat: Seat): SessionPresence => {
  const server = snapshot.servers.find(({socket}) => socket === seat.socket);
  if (server?.state === 'unknown' || snapshot.sources.some(({source, state}) => source === 'processes' && state === 'unknown')) {
    return 'unknown';
  }
  if (server === undefined || server.state === 'absent') {
    return snapshot.sources.some(({source, state}) => multiplexers.includes(source) && state === 'unknown') ? 'unknown' : 'gone';
  }
  const same = {socket: seat.socket, id: seat.id, created: seat.created};
  return server.sessions.some(session => sessionKey(session) === sessionKey(same) || session.name === seat.session) ? 'here' : 'gone';
};

/** An ending that a person asked for through rigtop, from the journal. */
export interface PersonsEnd {
  /** What was asked for and what was ended, by reference. */
  readonly refs: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether a person has stopped it through rigtop since it was seen up last: then it is not brought back. */
export const isStoppedByPerson = (seat: Seat, ends: readonly PersonsEnd[]): boolean =>
  ends.some(({refs, at}) => at >= seat.at && refs.some(ref => seat.names.includes(ref)));
