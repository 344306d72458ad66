// Everybody at a port: TCP and UDP sockets of both families by their local or remote port, each with all of its holders.
import {type Known, known, unknown} from '../domain/known.ts';
import type {SocketUse} from '../domain/socket-use.ts';
import {monotonicNow} from './clock.ts';
import {formatAddress} from './proc-net.ts';
import {createProcReader, type ProcReader} from './proc-read.ts';

type Row = Omit<SocketUse, 'pids'>;

const MOST_BYTES = 32 * 1024 * 1024;
const ROW = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+)/;
const LISTEN = '0A';

/** Rows of /proc/net/tcp, tcp6, udp or udp6 that concern a port; all of them for null. */
const parseSocketRows = (text: string, protocol: 'tcp' | 'udp', port: number | null): readonly Row[] =>
  text.split('\n').flatMap(line => {
    const [, hex, local = '', remote = '', state, inode = '0'] = ROW.exec(line) ?? [];
    const [localPort, remotePort] = [Number.parseInt(local, 16), Number.parseInt(remote, 16)];
    // Nobody holds a socket of inode 0: it is on its way out.
    if (hex === undefined || inode === '0' || (port !== null && localPort !== port && remotePort !== port)) {
      return [];
    }
    const family = hex.length === 8 ? 4 : 6;
    return [
      {
        protocol,
        family,
        localAddress: formatAddress(hex),
        localPort,
        remotePort,
        listening: protocol === 'tcp' && state === LISTEN,
        inode,
      } as const,
    ];
  });

const readRows = (reader: ProcReader, root: string, port: number | null): Known<readonly Row[]> => {
  const rows: Row[] = [];
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6'] as const) {
    const text = reader.rows(`${root}/net/${table}`, MOST_BYTES);
    if (text.ok) {
      rows.push(...parseSocketRows(text.value.toString('latin1'), table.startsWith('tcp') ? 'tcp' : 'udp', port));
    } else if (!text.gone || table === 'tcp') {
      return unknown(`/proc/net/${table}: ${text.because}`);
    }
  }
  return known(rows);
};

const SOCKET = /^socket:\[(\d+)\]$/;

/**
 * Sockets at a port, or all for null; with all of their holders among `among`, or among everybody. Unknown where a table cannot be read, or it takes longer than `deadlineMs`. Whoever may not be looked
 * into holds nothing here, as for lsof(8).
 */
export const readSocketUses = (
  port: number | null,
  deadlineMs: number,
  among: readonly number[] | null = null,
  root = '/proc',
): Known<readonly SocketUse[]> => {
  const reader = createProcReader();
  const end = monotonicNow() + deadlineMs;
  const rows = readRows(reader, root, port);
  const names = among === null ? reader.names(root) : ({ok: true, value: among.map(String)} as const);
  if (!rows.known || !names.ok || rows.value.length === 0) {
    return rows.known && names.ok ? known([]) : unknown(rows.known ? `${root} cannot be listed` : rows.because);
  }
  const holders = new Map<string, Set<number>>(rows.value.map(({inode}) => [inode, new Set()]));
  for (const name of names.value) {
    if (!/^\d+$/.test(name)) {
      continue;
    }
    if (monotonicNow() > end) {
      return unknown(`the sockets were not looked for within ${Math.round(deadlineMs)} ms`);
    }
    const descriptors = reader.names(`${root}/${name}/fd`);
    for (const descriptor of descriptors.ok ? descriptors.value : []) {
      const link = reader.link(`${root}/${name}/fd/${descriptor}`);
      const inode = link.ok ? SOCKET.exec(link.value)?.[1] : undefined;
      holders.get(inode ?? '')?.add(Number(name));
    }
  }
  return known(rows.value.map(row => ({...row, pids: [...(holders.get(row.inode) ?? [])].sort((a, b) => a - b)})));
};
