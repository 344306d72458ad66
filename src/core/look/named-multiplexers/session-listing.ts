// What a multiplexer's listing proved, in the shape that all of them share. Pure.

import type {Server, Session} from '../../domain/multiplexer.ts';
import {heldByUnknown} from '../../domain/session-server.ts';
import type {Host} from '../../os/host.ts';

/** One multiplexer's answer: its server as a record. `installed` is false when there is no such program: then there is nothing to show. */
export interface Listing {
  readonly installed: boolean;
  readonly server: Server;
  /** Age of each session in seconds by name, where the listing tells it: what says whether a process of that name is the session's. */
  readonly ages: ReadonlyMap<string, number>;
}

const NO_AGES: Listing['ages'] = new Map();

const serverOf = (kind: string, target: string, state: Server['state'], because: string, sessions: readonly Session[]): Server => ({
  kind,
  name: target,
  socket: target,
  state,
  because,
  pid: null,
  version: null,
  sessions,
});

export const answered = (kind: string, target: string, sessions: readonly Session[], ages: Listing['ages'] = NO_AGES): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'ok', `${sessions.length} sessions`, sessions),
  ages,
});

export const absent = (kind: string, target: string, because: string): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'absent', because, []),
  ages: NO_AGES,
});

export const failed = (kind: string, target: string, because: string): Listing => ({
  installed: true,
  server: serverOf(kind, target, 'unknown', because, []),
  ages: NO_AGES,
});

export const notInstalled = (kind: string): Listing => ({
  installed: false,
  server: serverOf(kind, kind, 'unknown', `${kind} is not installed`, []),
  ages: NO_AGES,
});

/** A session as its listing names it: which process holds it is told later, from the process table. 0 stands for "not told". */
export const asSession = (kind: string, target: string, name: string, panes: Session['panes'] = []): Session => ({
  kind,
  socket: target,
  server: target,
  id: heldByUnknown(name),
  created: 0,
  name,
  attached: 0,
  activity: 0,
  group: null,
  panes,
  env: null,
});

/**
 * The environment for asking a multiplexer from inside one: what it tells its panes would turn the question to the session rigtop
 * runs in, which may be dead. Where sockets and configuration lie stays.
 */
export const outsideOf = (host: Host, kind: string): Readonly<Record<string, undefined>> => {
  const prefix = kind.toUpperCase();
  const inherited = Object.keys(host.env).filter(
    name => name === prefix || (name.startsWith(`${prefix}_`) && !/_(?:DIR|FILE|PATH)$/.test(name)),
  );
  return Object.fromEntries(inherited.map(name => [name, undefined]));
};
