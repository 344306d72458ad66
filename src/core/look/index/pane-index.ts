// Panes and servers of the multiplexers of one look: by process, by terminal, by id, with one rule for whose a pane's process is. Pure.
import type {ProcessMap} from '../../domain/forest.ts';
import type {Pane, Server, Session} from '../../domain/multiplexer.ts';
import {paneMark} from '../../domain/pane-mark.ts';
import type {Process} from '../../domain/process.ts';
import {holderOf} from '../../domain/session-server.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** A pane and where it is. Windows linked into several sessions are in each of them; the first one found stands for all. */
export interface PlacedPane {
  readonly server: Server;
  readonly session: Session;
  readonly pane: Pane;
}

export interface PaneIndex {
  /** Every pane of every server that answered. One of linked windows appears once per session. */
  readonly answered: readonly PlacedPane[];
  /** Live panes by the pid of their own first process. */
  readonly byPid: ReadonlyMap<number, PlacedPane>;
  /** Live panes by terminal (`pts/3`). */
  readonly byTty: ReadonlyMap<string, PlacedPane>;
  /** Every pane, dead ones too. */
  find(server: Server, paneId: string): PlacedPane | null;
  readonly serverByPid: ReadonlyMap<number, Server>;
  serverAt(socket: string): Server | null;
}

/** macOS reaches /tmp and /var through /private; tmux and the environment may name either. */
const socketPath = (path: string): string => path.replace(/^\/private(?=\/(?:tmp|var)\/)/, '');

/** `%1` is a pane of every server. */
export const paneKey = ({server, pane}: PlacedPane): string => keyOf(server, pane.id);

const keyOf = (server: Server, paneId: string): string => `${server.kind}\0${socketPath(server.socket)}\0${paneId}`;

/** The mark that a pane leaves in the environment of whatever is started in it; null when its server's pid is not known. */
export const markOf = ({server, pane}: PlacedPane): string | null =>
  server.pid === null ? null : paneMark(server.socket, server.pid, pane.id);

/**
 * The first process of a live pane, where it is the pane's own: its parent is the server (of zellij and herdr, the session's own), or its
 * terminal the pane's. The two tables are read one after the other, and a pid may change hands in between: where neither bears it out,
 * what runs in the pane is not told. A dead pane keeps the pid of a process that has been waited for (tmux(1), remain-on-exit).
 */
export const paneHead = ({server, session, pane}: PlacedPane, processes: ProcessMap): Process | null => {
  const process = pane.dead || pane.pid <= 1 ? undefined : processes.get(pane.pid);
  if (process === undefined) {
    return null;
  }
  const serverPid = holderOf(session)?.pid ?? server.pid;
  return process.ppid === serverPid || (process.tty !== null && process.tty === pane.tty) ? process : null;
};

export const indexPanes = ({servers, processes}: Snapshot): PaneIndex => {
  const answered: PlacedPane[] = [];
  const byPid = new Map<number, PlacedPane>();
  const byTty = new Map<string, PlacedPane>();
  const byId = new Map<string, PlacedPane>();
  const serverByPid = new Map<number, Server>();
  const bySocket = new Map<string, Server>();
  const enter = (placed: PlacedPane): void => {
    const {server, pane} = placed;
    const key = paneKey(placed);
    if (server.state === 'ok') {
      answered.push(placed);
    }
    if (!byId.has(key)) {
      byId.set(key, placed);
    }
    if (!byPid.has(pane.pid) && paneHead(placed, processes) !== null) {
      byPid.set(pane.pid, placed);
    }
    if (!pane.dead && pane.pid > 1 && pane.tty !== '' && !byTty.has(pane.tty)) {
      byTty.set(pane.tty, placed);
    }
  };
  for (const server of servers) {
    bySocket.set(socketPath(server.socket), server);
    if (server.pid !== null) {
      serverByPid.set(server.pid, server);
    }
    for (const session of server.sessions) {
      for (const pane of session.panes) {
        enter({server, session, pane});
      }
    }
  }
  return {
    answered,
    byPid,
    byTty,
    serverByPid,
    find: (server, paneId) => byId.get(keyOf(server, paneId)) ?? null,
    serverAt: socket => bySocket.get(socketPath(socket)) ?? null,
  };
};
