// Multiplexer servers, their sessions and panes. The socket is part of every identity. Pure records.
import type {Presence} from './known.ts';

/** What its source calls a multiplexer: `tmux`, `zellij`, `herdr`. */
export type MultiplexerKind = string;

/** A tmux session that is still the same session: server socket, `$id` and creation time (a restarted server counts from $0 again). */
export interface SessionId {
  readonly socket: string;
  readonly id: string;
  /** Seconds since the epoch (tmux `session_created`). */
  readonly created: number;
}

export interface Pane {
  /** `%7`: unique on its server for the server's life. */
  readonly id: string;
  readonly windowId: string;
  readonly windowIndex: number;
  readonly windowName: string;
  readonly index: number;
  readonly active: boolean;
  /** Pid of the pane's first process. Of a dead pane: the old pid, which may be anybody's by now, or 0 (tmux 3.8). */
  readonly pid: number;
  readonly dead: boolean;
  readonly exitStatus: number | null;
  readonly startCommand: string;
  /** As in /dev: `pts/3`. Empty for a dead pane. */
  readonly tty: string;
}

export interface Session extends SessionId {
  readonly kind: MultiplexerKind;
  /** The server's short name (see `Server.name`). */
  readonly server: string;
  readonly name: string;
  /** Clients attached, control-mode clients of our own not counted. */
  readonly attached: number;
  /** Seconds since the epoch of the last activity. */
  readonly activity: number;
  /** Session group name (`new-session -t`), or null. Grouped sessions share their windows. */
  readonly group: string | null;
  readonly panes: readonly Pane[];
  /** Ownership markers of the session's environment (`show-environment`), when identity needed them. */
  readonly env: Readonly<Record<string, string>> | null;
}

export interface Server {
  readonly kind: MultiplexerKind;
  /** The socket's base name (`default`, `gt-56fe62`); the whole path where two sockets share a base name. */
  readonly name: string;
  readonly socket: string;
  /** ok: answered. absent: proven not to be running. unknown: no proof either way. */
  readonly state: 'ok' | 'absent' | 'unknown';
  readonly because: string;
  /** Server pid (`#{pid}`), when it answered. */
  readonly pid: number | null;
  readonly version: string | null;
  readonly sessions: readonly Session[];
}

/** Map and set key of a session identity. */
export const sessionKey = (id: SessionId): string => `${id.socket}\u0000${id.id}\u0000${id.created}`;

/**
 * Whether a server has a session of exactly this name and, where one is asked for, this agent alive in it. A server that did not
 * answer, or was not asked, leaves it unknown; there is no boolean form.
 */
export const presenceOf = (server: Server | undefined, name: string, agent: string | null = null): Presence => {
  if (server === undefined || server.state === 'unknown') {
    return 'unknown';
  }
  const isIt = (session: Session): boolean =>
    session.name === name && (agent === null || session.panes.some(pane => !pane.dead && pane.windowName === agent));
  return server.sessions.some(isIt) ? 'exists' : 'missing';
};
