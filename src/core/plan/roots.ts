// What a plan starts from: sessions, panes and processes, and what could not become a root with its reason. Pure records.

import {commandLine} from '../domain/command-line.ts';
import type {Fleet} from '../domain/fleet.ts';
import {type Server, type Session, sessionKey} from '../domain/multiplexer.ts';
import type {LeftOut, PlanPane, PlanSession} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import {paneRef, processRef, sessionRef} from '../domain/reference.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {PlacedPane} from '../look/index/pane-index.ts';

interface RootBase {
  /** What it is called in the plan: `session:…`, `pane:…`, `process:…`. */
  readonly ref: string;
  readonly title: string;
  readonly because: string;
}

export interface SessionRoot extends RootBase {
  readonly sort: 'session';
  readonly server: Server;
  readonly session: Session;
}

export interface PaneRoot extends RootBase {
  readonly sort: 'pane';
  readonly placed: PlacedPane;
}

export interface ProcessRoot extends RootBase {
  readonly sort: 'process';
  readonly process: Process;
}

export type Root = SessionRoot | PaneRoot | ProcessRoot;

/** What came of one thing that was asked for: roots, or the reason why there are none. */
export interface Resolved {
  readonly roots: readonly Root[];
  readonly leftOut: readonly LeftOut[];
}

export const leave = (ref: string, rule: string | null, because: string, unlock: LeftOut['unlock'] = null): LeftOut => ({
  ref,
  because,
  rule,
  unlock,
});

export const notResolved = (...leftOut: readonly LeftOut[]): Resolved => ({roots: [], leftOut});

/** Root directory of the town that a session belongs to by evidence, resolved; null outside one. */
const townOf = (snapshot: Snapshot, fleet: Fleet, session: Session): string | null => {
  const name = fleet.sessionOwners.get(sessionKey(session))?.town ?? null;
  return snapshot.towns.find(town => town.name === name)?.realPath ?? null;
};

export const planSession = ({server, session, because}: SessionRoot, snapshot: Snapshot, fleet: Fleet): PlanSession => ({
  socket: session.socket,
  id: session.id,
  created: session.created,
  ref: sessionRef(server.name, session.name),
  name: session.name,
  server: server.name,
  because,
  serverPid: server.pid,
  panes: session.panes.map(({id}) => id),
  town: townOf(snapshot, fleet, session),
  agent: fleet.sessionOwners.get(sessionKey(session))?.agent ?? null,
});

export const planPane = ({ref, placed: {server, session, pane}, because}: PaneRoot): PlanPane => ({
  ref,
  session: {socket: session.socket, id: session.id, created: session.created},
  server: server.name,
  serverPid: server.pid,
  paneId: pane.id,
  pid: pane.pid,
  dead: pane.dead,
  because,
});

const ASKED = 'asked for by name';

export const processRoot = (process: Process, because = ASKED): Root => ({
  sort: 'process',
  ref: processRef(process.pid),
  title: `${process.pid} ${commandLine(process, 80)}`,
  because,
  process,
});

export const sessionRoot = (snapshot: Snapshot, session: Session, because = ASKED): Root | null => {
  const server = snapshot.servers.find(({socket, state}) => socket === session.socket && state === 'ok');
  return server === undefined
    ? null
    : {sort: 'session', ref: sessionRef(server.name, session.name), title: `session ${session.name}`, because, server, session};
};

export const paneRoot = (placed: PlacedPane, because = ASKED): Root => ({
  sort: 'pane',
  ref: paneRef(placed.server.name, placed.pane.id),
  title: `pane ${placed.pane.id} of session ${placed.session.name}`,
  because,
  placed,
});

export const findSession = (snapshot: Snapshot, key: string): Session | null =>
  snapshot.servers.flatMap(({state, sessions}) => (state === 'ok' ? sessions : [])).find(session => sessionKey(session) === key) ?? null;
