// Ends the sessions and panes of a plan once their processes are gone, and proves that they stay gone.

import {confirmServer, cutOffFrom} from '../../sources/tmux/server-end.act.ts';
import {killPane, killSession, type PaneNow, readServer, type ServerNow} from '../../sources/tmux/tmux-control.act.ts';
import {largest} from '../domain/extremes.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {SessionId} from '../domain/multiplexer.ts';
import {type Progress, type TargetOutcome, unsignalled} from '../domain/outcome.ts';
import type {PlanPane, PlanSession} from '../domain/plan.ts';
import {holderOf, namedKind} from '../domain/session-server.ts';
import type {Host} from '../os/host.ts';
import {endNamedPane, endNamedSession, holderLives, openedSince, readNamedServer} from './named-sessions.ts';

/** What became of a session or pane between the plan and the act. `ok`: it is the same one. */
export type RootState =
  | {readonly state: 'ok'}
  | {readonly state: 'gone'}
  | {readonly state: 'changed' | 'refused'; readonly because: string};

export type Servers = ReadonlyMap<string, ServerNow>;

export const readServers = async (host: Host, sockets: readonly string[]): Promise<Servers> =>
  new Map(
    await Promise.all(
      [...new Set(sockets)].map(async socket => {
        const kind = namedKind(socket);
        return [socket, await (kind === null ? readServer(host, socket) : readNamedServer(host, kind))] as const;
      }),
    ),
  );

type ServerSession = SessionId & {readonly serverPid: number | null};

/** Panes of exactly this session. A server that was started again counts from $0, perhaps within the same second: its pid tells. */
const ofSession = (server: ServerNow, {id, created, serverPid}: ServerSession): readonly PaneNow[] =>
  server.state === 'ok' && (serverPid === null || server.serverPid === serverPid)
    ? server.panes.filter(pane => pane.sessionId === id && pane.created === created)
    : [];

/** Compare a session with what its server says now. A server that does not answer proves nothing (PRODUCT rule 1). */
export const checkSession = (servers: Servers, session: ServerSession, mayBeAttached: boolean, processes: ProcessMap): RootState => {
  const server = servers.get(session.socket);
  if (server === undefined || server.state === 'unknown') {
    return {state: 'refused', because: `unknown: ${server?.because ?? 'its server was not asked'}`};
  }
  const cutOff = cutOffFrom(server, session.serverPid, processes);
  if (cutOff !== null) {
    return {state: 'refused', because: `unknown: ${cutOff}`};
  }
  const panes = ofSession(server, session);
  if (panes.length === 0 && holderLives(session, processes)) {
    return {state: 'refused', because: `unknown: its server ${holderOf(session)?.pid} lives`};
  }
  if (server.state === 'absent') {
    return {state: 'gone'};
  }
  if (session.serverPid !== null && server.serverPid !== session.serverPid) {
    return {state: 'changed', because: 'its tmux server is another one now'};
  }
  if (panes.length === 0) {
    const other = server.panes.some(pane => pane.sessionId === session.id);
    return other ? {state: 'changed', because: `${session.id} is another session now`} : {state: 'gone'};
  }
  const attached = largest(panes.map(pane => pane.attached));
  return attached > 0 && !mayBeAttached
    ? {state: 'refused', because: `${attached === 1 ? 'a client is' : `${attached} clients are`} attached to it now`}
    : {state: 'ok'};
};

export const checkPane = (servers: Servers, pane: PlanPane, mayBeAttached: boolean, processes: ProcessMap): RootState => {
  const session = checkSession(servers, {...pane.session, serverPid: pane.serverPid}, mayBeAttached, processes);
  const server = servers.get(pane.session.socket);
  if (session.state !== 'ok' || server?.state !== 'ok') {
    return session;
  }
  const now = server.panes.find(({paneId}) => paneId === pane.paneId);
  if (now === undefined) {
    return {state: 'gone'};
  }
  return now.pid === pane.pid && now.dead === pane.dead ? {state: 'ok'} : {state: 'changed', because: 'another program runs in it now'};
};

export interface Ending {
  readonly host: Host;
  report(progress: Progress): void;
}

/**
 * End one session and look whether it is gone. A pane that was opened in it since the plan was made keeps it: what runs there was
 * shown to nobody. `since` is when the action began, by the clock that does not jump.
 */
export const endSession = async ({host}: Ending, session: PlanSession, since: number): Promise<TargetOutcome> => {
  if (namedKind(session.socket) !== null) {
    const {result, because} = await endNamedSession(host, session);
    return unsignalled(session.ref, result, because, {tookMs: host.monotonicMs() - since});
  }
  const before = await readServer(host, session.socket);
  const panes = ofSession(before, session);
  const unplanned = panes.filter(({paneId}) => !session.panes.includes(paneId)).map(({paneId}) => paneId);
  if (unplanned.length > 0) {
    return unsignalled(session.ref, 'refused', openedSince(unplanned), {tookMs: host.monotonicMs() - since});
  }
  const failed = panes.length > 0 ? await killSession(host, session) : null;
  const after = await confirmServer(host, panes.length > 0 ? await readServer(host, session.socket) : before, session.serverPid);
  const tookMs = host.monotonicMs() - since;
  if (after.state === 'unknown') {
    return unsignalled(session.ref, 'survived', `nobody knows whether it is gone: ${after.because}`, {tookMs});
  }
  return ofSession(after, session).length > 0
    ? unsignalled(session.ref, 'survived', failed ?? 'tmux still shows it', {tookMs})
    : unsignalled(session.ref, 'gone', null, {tookMs});
};

export const endPane = async ({host}: Ending, pane: PlanPane, since: number): Promise<TargetOutcome> => {
  const {ref, session, serverPid, paneId, pid} = pane;
  if (namedKind(session.socket) !== null) {
    const {result, because} = await endNamedPane(host, pane);
    return unsignalled(ref, result, because, {tookMs: host.monotonicMs() - since});
  }
  const isThere = (server: ServerNow): boolean =>
    server.state === 'ok' && server.serverPid === serverPid && server.panes.some(pane => pane.paneId === paneId && pane.pid === pid);
  const before = await readServer(host, session.socket);
  const failed = isThere(before) && serverPid !== null ? await killPane(host, session.socket, serverPid, paneId, pid) : null;
  const after = await confirmServer(host, isThere(before) ? await readServer(host, session.socket) : before, serverPid);
  const tookMs = host.monotonicMs() - since;
  if (after.state === 'unknown') {
    return unsignalled(ref, 'survived', `nobody knows whether it is gone: ${after.because}`, {tookMs});
  }
  return isThere(after)
    ? unsignalled(ref, 'survived', failed ?? 'tmux still shows it', {tookMs})
    : unsignalled(ref, 'gone', null, {tookMs});
};

const LOOK_AGAIN_MS = 250;

/** Sessions that have come back under the same name, by reference: for `forMs`, which is longer than a respawn takes. */
export const watchReturn = async (
  {host}: Ending,
  sessions: readonly (PlanSession & {readonly nameNow: string})[],
  forMs: number,
): Promise<ReadonlyMap<string, string>> => {
  const back = new Map<string, string>();
  const until = host.monotonicMs() + forMs;
  while (sessions.length > back.size) {
    const servers = await readServers(
      host,
      sessions.map(({socket}) => socket),
    );
    for (const {ref, socket, id, created, serverPid, nameNow} of sessions) {
      const server = servers.get(socket);
      const again = server?.state === 'ok' ? server.panes.find(({sessionName}) => sessionName === nameNow) : undefined;
      if (again !== undefined && !back.has(ref)) {
        const same = server?.state === 'ok' && server.serverPid === serverPid && again.sessionId === id && again.created === created;
        back.set(ref, same ? 'tmux still shows it' : `something started it again, as ${again.sessionId}`);
      }
    }
    const left = until - host.monotonicMs();
    if (left <= 0) {
      break;
    }
    await host.sleep(Math.min(LOOK_AGAIN_MS, left));
  }
  return back;
};
