// Compares the sessions and panes of a plan with what their servers hold now, ends them, and proves that they stay gone.
import {largest} from '../domain/extremes.ts';
import type {ProcessMap} from '../domain/forest.ts';
import {type TargetOutcome, unsignalled} from '../domain/outcome.ts';
import type {PlanPane, PlanSession} from '../domain/plan.ts';
import {holderOf} from '../domain/session-server.ts';
import type {Host} from '../os/host.ts';
import {type Control, controlOf, type Ended, panesOfSession, readServers, type ServerNow, type SessionOfServer} from './acting-source.ts';
import {holderLives} from './named-control.ts';
import {cutOffFrom} from './server-end.ts';

/** What became of a session or pane between the plan and the act. `ok`: it is the same one. */
export type RootState =
  | {readonly state: 'ok'}
  | {readonly state: 'gone'}
  | {readonly state: 'changed' | 'refused'; readonly because: string};

export type Servers = ReadonlyMap<string, ServerNow>;

/** Compare a session with what its server says now. A server that does not answer proves nothing (docs/safety.md, rule 1). */
export const checkSession = (servers: Servers, session: SessionOfServer, mayBeAttached: boolean, processes: ProcessMap): RootState => {
  const server = servers.get(session.socket);
  if (server === undefined || server.state === 'unknown') {
    return {state: 'refused', because: `unknown: ${server?.because ?? 'its server was not asked'}`};
  }
  const cutOff = cutOffFrom(server, session.serverPid, processes);
  if (cutOff !== null) {
    return {state: 'refused', because: `unknown: ${cutOff}`};
  }
  const panes = panesOfSession(server, session);
  if (panes.length === 0 && holderLives(session, processes)) {
    return {state: 'refused', because: `unknown: its server ${holderOf(session)?.pid} lives`};
  }
  if (server.state === 'absent') {
    return {state: 'gone'};
  }
  if (session.serverPid !== null && server.serverPid !== session.serverPid) {
    return {state: 'changed', because: 'its server is another one now'};
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

/** The machine, and who speaks to the multiplexers on it. */
export interface Ending {
  readonly host: Host;
  readonly controls: readonly Control[];
}

const unspoken = (socket: string): Ended => ({result: 'refused', because: `rigtop knows no multiplexer that serves ${socket}`});

/** `since` is when the action began, by the clock that does not jump. */
export const endSession = async ({host, controls}: Ending, session: PlanSession, since: number): Promise<TargetOutcome> => {
  const control = controlOf(controls, session.socket);
  const {result, because} = (await control?.endSession(host, session)) ?? unspoken(session.socket);
  return unsignalled(session.ref, result, because, {tookMs: host.monotonicMs() - since});
};

export const endPane = async ({host, controls}: Ending, pane: PlanPane, since: number): Promise<TargetOutcome> => {
  const control = controlOf(controls, pane.session.socket);
  const {result, because} = (await control?.endPane(host, pane)) ?? unspoken(pane.session.socket);
  return unsignalled(pane.ref, result, because, {tookMs: host.monotonicMs() - since});
};

const LOOK_AGAIN_MS = 250;

/** Sessions that have come back under the same name, by reference: for `forMs`, which is longer than a respawn takes. */
export const watchReturn = async (
  {host, controls}: Ending,
  sessions: readonly (PlanSession & {readonly nameNow: string})[],
  forMs: number,
): Promise<ReadonlyMap<string, string>> => {
  const back = new Map<string, string>();
  const until = host.monotonicMs() + forMs;
  while (sessions.length > back.size) {
    const servers = await readServers(
      host,
      controls,
      sessions.map(({socket}) => socket),
    );
    for (const {ref, socket, id, created, serverPid, nameNow} of sessions) {
      const server = servers.get(socket);
      const again = server?.state === 'ok' ? server.panes.find(({sessionName}) => sessionName === nameNow) : undefined;
      if (again !== undefined && !back.has(ref)) {
        const same = server?.state === 'ok' && server.serverPid === serverPid && again.sessionId === id && again.created === created;
        const still = `${controlOf(controls, socket)?.name ?? 'its server'} still shows it`;
        back.set(ref, same ? still : `something started it again, as ${again.sessionId}`);
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
