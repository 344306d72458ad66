// Ends sessions and panes of a multiplexer that takes names only: known by their server process, ended by name, proven by asking again.
import {complaintOf} from '../../words/complaints.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Server, Session, SessionId} from '../domain/multiplexer.ts';
import type {PlanPane} from '../domain/plan.ts';
import {hasEnded, sameProcess} from '../domain/process.ts';
import {holderOf, ownPaneId} from '../domain/session-server.ts';
import {lookAtNamed} from '../look/named-multiplexers/collect-named.ts';
import type {NamedMultiplexer} from '../look/named-multiplexers/named-multiplexer.ts';
import {outsideOf} from '../look/named-multiplexers/session-listing.ts';
import type {Host, ProcessTable} from '../os/host.ts';
import {type Control, type Ended, openedSince, type PaneNow, type ServerNow, type SessionToEnd} from './acting-source.ts';

const ASK_MS = 3000;
/** A session stops its panes before its server ends. */
const ORDER_MS = 8000;
/** How long the server process may take to end once its session is told to. */
const END_MS = 3000;
const POLL_MS = 50;

/** How one such multiplexer is told to end things: the words behind its own name. */
export interface NamedOrders {
  /** What ends a session, one after the other until one fails. */
  endSession(name: string): readonly (readonly string[])[];
  /** What closes a pane by the id that the multiplexer itself knows it by. Missing where none does. */
  endPane?(sessionName: string, paneId: string): readonly string[];
  /** What is left of a session that ended by itself, and how that is forgotten; null when there is nothing. */
  forget?(host: Host, name: string, timeoutMs: number): Promise<readonly string[] | null>;
}

interface Seen {
  readonly known: true;
  readonly server: Server;
  readonly table: ProcessTable;
}

/** Living panes that are not among `planned`. What stays in the terminal session of the server itself is a helper of it, no pane. */
const openedIn = (session: Session, planned: readonly string[], processes: ProcessMap): readonly string[] => {
  const home = processes.get(holderOf(session)?.pid ?? 0)?.sid;
  return session.panes
    .filter(({id, pid, dead}) => !dead && !planned.includes(id) && (home === undefined || processes.get(pid)?.sid !== home))
    .map(({id}) => id);
};

type Sight = Seen | {readonly known: false; readonly because: string};

/** The listing and a process table of the same moment: neither alone tells which session is which. */
const look = async (host: Host, multiplexer: NamedMultiplexer): Promise<Sight> => {
  const {processes} = await host.readTables(ASK_MS);
  if (!processes.known) {
    return {known: false, because: `the process table could not be read: ${processes.because}`};
  }
  const server = await lookAtNamed(host, multiplexer, processes.value, ASK_MS);
  return server.state === 'unknown'
    ? {known: false, because: `${multiplexer.kind} did not answer: ${server.because}`}
    : {known: true, server, table: processes.value};
};

const toPanes = (session: Session): readonly PaneNow[] => {
  const shared = {
    sessionId: session.id,
    created: session.created,
    attached: session.attached,
    remains: false,
    sessionName: session.name,
  };
  return session.panes.length === 0
    ? [{...shared, windowId: '', paneId: '', pid: 0, dead: true}]
    : session.panes.map(({id, windowId, pid, dead}) => ({...shared, windowId, paneId: id, pid, dead}));
};

/** What the multiplexer holds now. A session whose server process cannot be told may be any: then the whole answer is unknown. */
const readNamedServer = async (host: Host, multiplexer: NamedMultiplexer): Promise<ServerNow> => {
  const sight = await look(host, multiplexer);
  if (!sight.known) {
    return {state: 'unknown', because: sight.because};
  }
  const {server} = sight;
  const unplaced = server.sessions.find(session => holderOf(session) === null);
  if (unplaced !== undefined) {
    return {state: 'unknown', because: `which process holds ${multiplexer.kind} session ${unplaced.name} cannot be told`};
  }
  return server.sessions.length === 0 ? {state: 'absent'} : {state: 'ok', serverPid: 0, panes: server.sessions.flatMap(toPanes)};
};

/** Run one order; null when the multiplexer took it. What it did is proven by looking, not by this. */
const order = async (host: Host, kind: string, args: readonly string[]): Promise<string | null> => {
  const ran = await host.run(kind, args, {timeoutMs: ORDER_MS, env: outsideOf(host, kind)});
  return complaintOf(kind, ran);
};

/** Whether the server process that holds a session still runs; false where its identity is another one, and where it could not be told. */
export const holderLives = (id: SessionId, processes: ProcessMap): boolean => {
  const holder = holderOf(id);
  const now = holder === null ? undefined : processes.get(holder.pid);
  return now !== undefined && holder !== null && sameProcess(now, holder) && now.state !== 'Z' && now.state !== 'X';
};

/** Look until nothing speaks for its being there, or until `END_MS` have passed. `whyThere` is null when it is proven gone. */
const proveGone = async (host: Host, multiplexer: NamedMultiplexer, whyThere: (seen: Seen) => string | null): Promise<Ended> => {
  const until = host.monotonicMs() + END_MS;
  for (;;) {
    const sight = await look(host, multiplexer);
    const because = sight.known ? whyThere(sight) : `nobody knows whether it is gone: ${sight.because}`;
    if (because === null) {
      return {result: 'gone', because};
    }
    if (host.monotonicMs() >= until) {
      return {result: 'survived', because};
    }
    await host.sleep(POLL_MS);
  }
};

/** A name that the programs would take for an option. */
const isOrderable = (name: string): boolean => !name.startsWith('-');

/**
 * End a session if its own server process still holds it and nothing was opened in it since the plan. The multiplexers take names
 * only, so the name is read again from the listing just before: between that and the order a rename can still slip in, and nothing
 * they offer closes that gap.
 */
const endNamedSession = async (host: Host, multiplexer: NamedMultiplexer, orders: NamedOrders, session: SessionToEnd): Promise<Ended> => {
  const {kind} = multiplexer;
  if (holderOf(session) === null) {
    return {result: 'refused', because: 'which process holds it is not known'};
  }
  const sight = await look(host, multiplexer);
  if (!sight.known) {
    return {result: 'survived', because: `nobody knows whether it is gone: ${sight.because}`};
  }
  const now = sight.server.sessions.find(({id}) => id === session.id);
  if (now === undefined) {
    if (holderLives(session, sight.table.processes)) {
      return {result: 'survived', because: `its server ${holderOf(session)?.pid} still runs, and ${kind} does not say under which name`};
    }
    const left = isOrderable(session.name) ? ((await orders.forget?.(host, session.name, ASK_MS)) ?? null) : null;
    if (left !== null) {
      await order(host, kind, left);
    }
    return {result: 'gone', because: null};
  }
  const unplanned = openedIn(now, session.panes, sight.table.processes);
  if (unplanned.length > 0) {
    return {result: 'refused', because: openedSince(unplanned)};
  }
  if (!isOrderable(now.name)) {
    return {result: 'refused', because: `${kind} would take its name for an option`};
  }
  let failed: string | null = null;
  for (const args of orders.endSession(now.name)) {
    failed ??= await order(host, kind, args);
  }
  return proveGone(host, multiplexer, ({server, table}) => {
    const listed = server.sessions.some(({id}) => id === session.id);
    const lives = holderLives(session, table.processes);
    return listed || lives ? (failed ?? (listed ? `${kind} still lists it` : `its server ${holderOf(session)?.pid} still runs`)) : null;
  });
};

/** A process that the whole table lacks, or that only waits to be reaped. 0, a process that was not told, proves nothing. */
const isEnded = ({processes, incomplete}: ProcessTable, pid: number): boolean => {
  const now = processes.get(pid);
  return now === undefined ? incomplete === null && pid > 0 : hasEnded(now);
};

/**
 * Close one pane if it still runs the same process in the same session. Only ever the pane: the session is not stopped.
 * Where the session cannot be found by its identity, only the end of the pane's process is a proof.
 */
const endNamedPane = async (host: Host, multiplexer: NamedMultiplexer, orders: NamedOrders, pane: PlanPane): Promise<Ended> => {
  const {session, paneId, pid} = pane;
  const {kind} = multiplexer;
  const ownId = ownPaneId(paneId);
  if (orders.endPane === undefined || !isOrderable(ownId)) {
    return {result: 'refused', because: `${kind} closes no pane by this id`};
  }
  const find = ({server}: Seen): Session | undefined => server.sessions.find(({id}) => id === session.id);
  const before = await look(host, multiplexer);
  const home = before.known ? find(before) : undefined;
  const isThere = home?.panes.some(each => each.id === paneId && each.pid === pid && !each.dead) === true;
  const failed =
    home === undefined || !isThere || !isOrderable(home.name) ? null : await order(host, kind, orders.endPane(home.name, ownId));
  return proveGone(host, multiplexer, seen => {
    if (isEnded(seen.table, pid)) {
      return null;
    }
    const now = find(seen);
    if (now === undefined) {
      return 'nobody knows whether it is gone: its session cannot be told from the others';
    }
    // A pane whose id is not told goes by its process.
    return now.panes.some(each => !each.dead && (each.id === paneId || (pid > 0 && each.pid === pid)))
      ? (failed ?? `${kind} still shows it`)
      : null;
  });
};

/** What can be done to a multiplexer whose sessions have names only. Its name is also its one socket. */
export const createNamedControl = (multiplexer: NamedMultiplexer, orders: NamedOrders): Control => ({
  name: multiplexer.kind,
  isOwn: socket => socket === multiplexer.kind,
  serves: program => multiplexer.isServer(program),
  readServer: host => readNamedServer(host, multiplexer),
  endSession: (host, session) => endNamedSession(host, multiplexer, orders, session),
  endPane: (host, pane) => endNamedPane(host, multiplexer, orders, pane),
});
