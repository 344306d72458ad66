// Panes and servers of the multiplexers that answered, indexed once per look. Pure.
import type {Pane, Server, Session} from '../../domain/multiplexer.ts';
import type {Process} from '../../domain/process.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** A pane and where it is. Windows linked into several sessions give several seats; the first one found stands for all. */
export interface Seat {
  readonly server: Server;
  readonly session: Session;
  readonly pane: Pane;
}

export interface Seats {
  /** Live panes by the pid of their first process. */
  readonly byPid: ReadonlyMap<number, Seat>;
  /** Live panes by terminal (`pts/3`). */
  readonly byTty: ReadonlyMap<string, Seat>;
  /** Every pane, dead ones too. */
  find(server: Server, paneId: string): Seat | null;
  readonly serverByPid: ReadonlyMap<number, Server>;
  serverAt(socket: string): Server | null;
}

/** macOS reaches /tmp and /var through /private; tmux and the environment may name either. */
const socketPath = (path: string): string => path.replace(/^\/private(?=\/(?:tmp|var)\/)/, '');

const seatKey = (server: Server, paneId: string): string => `${server.kind}\0${socketPath(server.socket)}\0${paneId}`;

/**
 * Whether the process at a live pane's pid is the pane's own: the server is its parent, or the pane's terminal is its own. The
 * two tables are read one after the other, and a pid may change hands in between.
 */
const isPlausible = (process: Process, server: Server, pane: Pane): boolean =>
  server.pid === null || process.ppid === server.pid || process.tty === null || pane.tty === '' || process.tty === pane.tty;

export const indexSeats = (snapshot: Snapshot): Seats => {
  const byPid = new Map<number, Seat>();
  const byTty = new Map<string, Seat>();
  const byId = new Map<string, Seat>();
  const serverByPid = new Map<number, Server>();
  const bySocket = new Map<string, Server>();
  for (const server of snapshot.servers) {
    bySocket.set(socketPath(server.socket), server);
    if (server.pid !== null) {
      serverByPid.set(server.pid, server);
    }
    for (const session of server.sessions) {
      for (const pane of session.panes) {
        const seat = {server, session, pane};
        const key = seatKey(server, pane.id);
        if (!byId.has(key)) {
          byId.set(key, seat);
        }
        const process = snapshot.processes.get(pane.pid);
        // A dead pane keeps the pid of a process that has been waited for: the number may be anybody's.
        if (pane.dead || pane.pid <= 1) {
          continue;
        }
        if (process !== undefined && isPlausible(process, server, pane) && !byPid.has(pane.pid)) {
          byPid.set(pane.pid, seat);
        }
        if (pane.tty !== '' && !byTty.has(pane.tty)) {
          byTty.set(pane.tty, seat);
        }
      }
    }
  }
  return {
    byPid,
    byTty,
    serverByPid,
    find: (server, paneId) => byId.get(seatKey(server, paneId)) ?? null,
    serverAt: socket => bySocket.get(socketPath(socket)) ?? null,
  };
};
