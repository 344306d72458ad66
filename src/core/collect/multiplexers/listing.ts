// What a multiplexer's listing proved, in the shape that all of them share. Pure.

import type {Presence} from '../../domain/known.ts';
import type {MultiplexerKind, Server, Session} from '../../domain/multiplexer.ts';

/** One multiplexer's answer: its server as a record. `installed` is false when there is no such program: then there is nothing to show. */
export interface Listing {
  readonly installed: boolean;
  readonly server: Server;
}

const serverOf = (
  kind: MultiplexerKind,
  target: string,
  state: Server['state'],
  because: string,
  sessions: readonly Session[],
): Server => ({
  kind,
  name: target,
  socket: target,
  state,
  because,
  pid: null,
  version: null,
  sessions,
});

export const answered = (kind: MultiplexerKind, target: string, sessions: readonly Session[]): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'ok', `${sessions.length} sessions`, sessions),
});

export const absent = (kind: MultiplexerKind, target: string, because: string): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'absent', because, []),
});

export const failed = (kind: MultiplexerKind, target: string, because: string): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'unknown', because, []),
});

export const notInstalled = (kind: MultiplexerKind): Listing => ({
  installed: false,
  server: serverOf(kind, kind, 'unknown', `${kind} is not installed`, []),
});

/** Sessions of multiplexers that give no creation time are identified by name on their one server; 0 stands for "not told". */
export const asSession = (kind: MultiplexerKind, target: string, name: string, panes: Session['panes'] = []): Session => ({
  kind,
  socket: target,
  server: target,
  id: name,
  created: 0,
  name,
  attached: 0,
  activity: 0,
  group: null,
  panes,
  env: null,
});

/** Whether a server has a session of exactly this name. A server that did not answer leaves it unknown; there is no boolean form. */
export const presenceOf = (server: Server | undefined, name: string): Presence => {
  if (server === undefined || server.state === 'unknown') {
    return 'unknown';
  }
  return server.sessions.some(session => session.name === name) ? 'exists' : 'missing';
};
