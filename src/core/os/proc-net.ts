// Parses the kernel's TCP tables (/proc/net/tcp, tcp6) down to the sockets in LISTEN. Pure.

import {endianness} from 'node:os';

/** A socket in LISTEN, before anyone has been found who holds it. */
export interface ListenRow {
  readonly port: number;
  readonly address: string;
  readonly family: 4 | 6;
  readonly inode: string;
  readonly uid: number;
}

const LITTLE = endianness() === 'LE';

/** Bytes of a hexadecimal address: each group of eight digits is one 32-bit word in the machine's own byte order. */
const addressBytes = (hex: string): readonly number[] =>
  (hex.match(/.{8}/g) ?? []).flatMap(word => {
    const bytes = (word.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16));
    return LITTLE ? bytes.reverse() : bytes;
  });

/** Start and length of the longest run of zero groups; of equal ones the first (RFC 5952, 4.2.3). */
const longestZeroRun = (groups: readonly number[]): {readonly start: number; readonly length: number} => {
  let best = {start: -1, length: 1};
  let start = -1;
  groups.forEach((group, index) => {
    const from = start < 0 ? index : start;
    start = group === 0 ? from : -1;
    if (start >= 0 && index - start + 1 > best.length) {
      best = {start, length: index - start + 1};
    }
  });
  return best;
};

/** Canonical text of an IPv6 address (RFC 5952). */
const formatSix = (bytes: readonly number[]): string => {
  const groups = Array.from({length: 8}, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.slice(12).join('.')}`;
  }
  const hex = (part: readonly number[]): string => part.map(group => group.toString(16)).join(':');
  const zeros = longestZeroRun(groups);
  return zeros.start < 0 ? hex(groups) : `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.length))}`;
};

/** `0100007F` → `127.0.0.1`. */
export const formatAddress = (hex: string): string => {
  const bytes = addressBytes(hex);
  return bytes.length === 4 ? bytes.join('.') : formatSix(bytes);
};

const ROW = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) \S+ \S+ \S+ +(\d+) +\d+ (\d+)/;
const LISTEN = '0A';

const parseListenRow = (line: string): ListenRow | null => {
  const match = ROW.exec(line);
  const [, hex = '', port = '', state, uid, inode = ''] = match ?? [];
  if (match === null || state !== LISTEN) {
    return null;
  }
  return {port: Number.parseInt(port, 16), address: formatAddress(hex), family: hex.length === 8 ? 4 : 6, inode, uid: Number(uid)};
};

/**
 * The sockets in LISTEN of one table. The kernel prints them first (tcp_seek_next in net/ipv4/tcp_ipv4.c), so `hasMore`
 * tells whether a longer text of the same table could hold more of them: thousands of connections need not be read. Each row ends in a
 * newline; what stands behind the last one is a row torn by the end of the read, of which nothing can be told.
 */
export const parseTcpTable = (text: string): {readonly rows: readonly ListenRow[]; readonly hasMore: boolean} => {
  const rows: ListenRow[] = [];
  for (const line of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(1)) {
    const row = parseListenRow(line);
    if (row !== null) {
      rows.push(row);
    } else if (/^\s*\d+: \S+ \S+ (?!03)[0-9A-F]{2} /.test(line)) {
      return {rows, hasMore: false};
    }
  }
  return {rows, hasMore: true};
};
