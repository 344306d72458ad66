// Ends zellij and herdr sessions, and herdr's panes: known by their server process, ended by name, proven by asking again.

import {collectHerdr} from '../../sources/herdr/read/herdr-sessions.ts';
import type {PaneNow, ServerNow} from '../../sources/tmux/tmux-control.act.ts';
import {collectZellij, listZellij, parseZellijRows} from '../../sources/zellij/read/zellij-sessions.ts';
import {complaintOf} from '../../words/complaints.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Server, Session, SessionId} from '../domain/multiplexer.ts';
import type {TargetResult} from '../domain/outcome.ts';
import type {PlanPane, PlanSession} from '../domain/plan.ts';
import {sameProcess} from '../domain/process.ts';
import {holderOf, type NamedKind, namedKind, ownHerdrPaneId} from '../domain/session-server.ts';
import {lookAtNamed, type NamedMultiplexer} from '../look/named-multiplexers/collect-named.ts';
import {outsideOf} from '../look/named-multiplexers/session-listing.ts';
import type {Host, ProcessTable} from '../os/host.ts';

const NAMED: Readonly<Record<NamedKind, NamedMultiplexer>> = {
  zellij: {kind: 'zellij', collect: collectZellij},
  herdr: {kind: 'herdr', collect: collectHerdr},
};

const ASK_MS = 3000;
/** A session stops its panes before its server ends. */
const ORDER_MS = 8000;
/** How long the server process may take to end once its session is told to. */
const END_MS = 3000;
const POLL_MS = 50;

export interface NamedEnd {
  readonly result: TargetResult;
  readonly because: string | null;
}

/** Why a session stays: what runs in these panes was shown to nobody. */
export const openedSince = (panes: readonly string[]): string => `pane ${panes.join(', ')} was opened in it since the plan was made`;

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
const look = async (host: Host, kind: NamedKind): Promise<Sight> => {
  const {processes} = await host.readTables(ASK_MS);
  if (!processes.known) {
    return {known: false, because: `the process table could not be read: ${processes.because}`};
  }
  const server = await lookAtNamed(host, NAMED[kind], processes.value, ASK_MS);
  return server.state === 'unknown'
    ? {known: false, because: `${kind} did not answer: ${server.because}`}
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
export const readNamedServer = async (host: Host, kind: NamedKind): Promise<ServerNow> => {
  const sight = await look(host, kind);
  if (!sight.known) {
    return {state: 'unknown', because: sight.because};
  }
  const {server} = sight;
  const unplaced = server.sessions.find(session => holderOf(session) === null);
  if (unplaced !== undefined) {
    return {state: 'unknown', because: `which process holds ${kind} session ${unplaced.name} cannot be told`};
  }
  return server.sessions.length === 0 ? {state: 'absent'} : {state: 'ok', serverPid: 0, panes: server.sessions.flatMap(toPanes)};
};

/** Run one order; null when the multiplexer took it. What it did is proven by looking, not by this. */
const order = async (host: Host, kind: NamedKind, args: readonly string[]): Promise<string | null> => {
  const ran = await host.run(kind, args, {timeoutMs: ORDER_MS, env: outsideOf(host, kind)});
  return complaintOf(kind, ran);
};

/** Whether the server process that holds a session still runs; false for tmux, and where it could not be told. */
export const holderLives = (id: SessionId, processes: ProcessMap): boolean => {
  const holder = holderOf(id);
  const now = holder === null ? undefined : processes.get(holder.pid);
  return now !== undefined && holder !== null && sameProcess(now, holder) && now.state !== 'Z' && now.state !== 'X';
};

/** Look until nothing speaks for its being there, or until `END_MS` have passed. `whyThere` is null when it is proven gone. */
const proveGone = async (host: Host, kind: NamedKind, whyThere: (seen: Seen) => string | null): Promise<NamedEnd> => {
  const until = host.monotonicMs() + END_MS;
  for (;;) {
    const sight = await look(host, kind);
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

/** A zellij session that ended by itself leaves its layout to be resurrected from. Without `-f` zellij deletes no living session. */
const forgetLayout = async (host: Host, name: string): Promise<void> => {
  const listing = await listZellij(host, ASK_MS);
  if (listing.exitCode === 0 && parseZellijRows(listing.stdout).some(row => row.exited && row.name === name)) {
    await order(host, 'zellij', ['delete-session', name]);
  }
};

/** zellij's `kill-session` alone leaves a row to resurrect, and so does herdr's `stop`. */
const orders = (kind: NamedKind, name: string): readonly (readonly string[])[] =>
  kind === 'zellij'
    ? [['delete-session', name, '-f']]
    : [
        ['session', 'stop', name],
        ['session', 'delete', name],
      ];

/** A name that the programs would take for an option. */
const isOrderable = (name: string): boolean => !name.startsWith('-');

/**
 * End a session if its own server process still holds it and nothing was opened in it since the plan. The multiplexers take names
 * only, so the name is read again from the listing just before: between that and the order a rename can still slip in, and nothing
 * they offer closes that gap.
 */
export const endNamedSession = async (
  host: Host,
  session: Pick<PlanSession, 'socket' | 'id' | 'created' | 'name' | 'panes'>,
): Promise<NamedEnd> => {
  const kind = namedKind(session.socket);
  if (kind === null || holderOf(session) === null) {
    return {result: 'refused', because: 'which process holds it is not known'};
  }
  const sight = await look(host, kind);
  if (!sight.known) {
    return {result: 'survived', because: `nobody knows whether it is gone: ${sight.because}`};
  }
  const now = sight.server.sessions.find(({id}) => id === session.id);
  if (now === undefined) {
    if (holderLives(session, sight.table.processes)) {
      return {result: 'survived', because: `its server ${holderOf(session)?.pid} still runs, and ${kind} does not say under which name`};
    }
    if (kind === 'zellij' && isOrderable(session.name)) {
      await forgetLayout(host, session.name);
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
  for (const args of orders(kind, now.name)) {
    failed ??= await order(host, kind, args);
  }
  return proveGone(host, kind, ({server, table}) => {
    const listed = server.sessions.some(({id}) => id === session.id);
    const lives = holderLives(session, table.processes);
    return listed || lives ? (failed ?? (listed ? `${kind} still lists it` : `its server ${holderOf(session)?.pid} still runs`)) : null;
  });
};

/** A process that the whole table lacks, or that only waits to be reaped. 0, a process that was not told, proves nothing. */
const isEnded = ({processes, incomplete}: ProcessTable, pid: number): boolean => {
  const now = processes.get(pid);
  return now === undefined ? incomplete === null && pid > 0 : now.state === 'Z' || now.state === 'X';
};

/**
 * Close one herdr pane if it still runs the same process in the same session. Only ever `pane close`: the session is not stopped.
 * Where the session cannot be found by its identity, only the end of the pane's process is a proof.
 */
export const endNamedPane = async (host: Host, {session, paneId, pid}: PlanPane): Promise<NamedEnd> => {
  if (session.socket !== 'herdr' || !isOrderable(ownHerdrPaneId(paneId))) {
    return {result: 'refused', because: 'only herdr closes a pane by its id'};
  }
  const find = ({server}: Seen): Session | undefined => server.sessions.find(({id}) => id === session.id);
  const before = await look(host, 'herdr');
  const home = before.known ? find(before) : undefined;
  const isThere = home?.panes.some(pane => pane.id === paneId && pane.pid === pid && !pane.dead) === true;
  const failed =
    home === undefined || !isThere || !isOrderable(home.name)
      ? null
      : await order(host, 'herdr', ['--session', home.name, 'pane', 'close', ownHerdrPaneId(paneId)]);
  return proveGone(host, 'herdr', seen => {
    if (isEnded(seen.table, pid)) {
      return null;
    }
    const now = find(seen);
    if (now === undefined) {
      return 'nobody knows whether it is gone: its session cannot be told from the others';
    }
    // A pane whose id herdr does not tell goes by its process.
    return now.panes.some(pane => !pane.dead && (pane.id === paneId || (pid > 0 && pane.pid === pid)))
      ? (failed ?? 'herdr still shows it')
      : null;
  });
};
