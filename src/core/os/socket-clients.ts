// Who is connected to the sockets that a process serves: the kernel's tables of connections joined with descriptors. Read when a plan is
// made, not at every look: it opens the descriptors of every process of this user.
import {execFileSync} from 'node:child_process';
import type {Connection} from '../domain/listener.ts';
import {createProcReader, type ProcRead, type ProcReader} from './proc-read.ts';
import {matchTcp, matchUnix, parseConnected, parsePeers, parseUnixServed} from './socket-tables.ts';

const TABLE_BYTES = 32 * 1024 * 1024;
/** ss(8) answers at once; one that does not is done without. */
const SS_MS = 500;
const SOCKET = /^socket:\[(\d+)\]$/;

/** A server's end of a connection; `path` of a unix socket. */
interface Served {
  readonly server: number;
  readonly inode: string;
  readonly path: string | null;
}

const socketsOf = (reader: ProcReader, procRoot: string, pid: number): readonly string[] => {
  const names = reader.names(`${procRoot}/${pid}/fd`);
  return names.ok
    ? names.value.flatMap(name => {
        const link = reader.link(`${procRoot}/${pid}/fd/${name}`);
        return (link.ok ? SOCKET.exec(link.value)?.[1] : undefined) ?? [];
      })
    : [];
};

/** Which two unix sockets are connected: the kernel tells it by sock_diag(7) alone, and ss(8) asks it. Empty: it could not be told. */
const askPeers = (): ReadonlyMap<string, string> => {
  try {
    return parsePeers(
      execFileSync('ss', ['-xnH'], {
        timeout: SS_MS,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        cwd: '/',
        maxBuffer: TABLE_BYTES,
      }),
    );
  } catch {
    return new Map();
  }
};

/** So many processes are looked through between two pauses. */
const BREATH = 8;

/**
 * Connections to sockets that one of `servers` listens on, with their clients among `everybody`. A client that cannot be told is null:
 * somebody, nobody knows who. Pauses after each table, and often.
 */
export const readConnections = function* (
  procRoot: string,
  servers: readonly number[],
  everybody: readonly number[],
): Generator<void, readonly Connection[]> {
  const reader = createProcReader();
  const text = (read: ProcRead<Buffer>): string => (read.ok ? read.value.toString('latin1') : '');
  const four = text(reader.rows(`${procRoot}/net/tcp`, TABLE_BYTES));
  yield;
  const tcp = parseConnected(`${four}\n${text(reader.rows(`${procRoot}/net/tcp6`, TABLE_BYTES))}`);
  yield;
  const unix = parseUnixServed(text(reader.bytes(`${procRoot}/net/unix`, TABLE_BYTES)));
  const served: Served[] = [];
  for (const [index, server] of servers.entries()) {
    if (index % BREATH === 0) {
      yield;
    }
    for (const inode of socketsOf(reader, procRoot, server)) {
      const path = unix.get(inode) ?? null;
      if (path !== null || matchTcp(tcp, inode) !== null) {
        served.push({server, inode, path});
      }
    }
  }
  if (served.length === 0) {
    return [];
  }
  const peers = served.some(({path}) => path !== null) ? askPeers() : new Map<string, string>();
  const holders = new Map<string, number>();
  for (const [index, pid] of everybody.entries()) {
    if (index % BREATH === 0) {
      yield;
    }
    for (const inode of socketsOf(reader, procRoot, pid)) {
      // A child that inherited a connection is no more its client than who made it: parents come first.
      if (!holders.has(inode)) {
        holders.set(inode, pid);
      }
    }
  }
  return served.map(({server, inode, path}) => {
    const peer = path === null ? matchTcp(tcp, inode) : matchUnix(peers, inode);
    return {
      server,
      client: (peer === null ? undefined : holders.get(peer.inode)) ?? null,
      how: path === null ? `port ${peer?.port}` : `socket ${path}`,
    };
  });
};
