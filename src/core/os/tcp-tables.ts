// Rows of the kernel's two TCP tables that listen, in a fixed order. A table that cannot be read is told, not taken for empty.
import {compareText} from '../domain/compare-text.ts';
import {type ListenRow, parseTcpTable} from './proc-net.ts';
import type {ProcRead, ProcReader} from './proc-read.ts';

/** Read this much of a table first; more only while every row so far is a listener. */
const TABLE_BYTES = [64 * 1024, 1024 * 1024, 32 * 1024 * 1024];

export interface ListenRows {
  readonly rows: readonly ListenRow[];
  /** Which table could not be read, and why; null when both could. */
  readonly trouble: string | null;
}

const byPlace = (a: ListenRow, b: ListenRow): number =>
  a.port - b.port || a.family - b.family || compareText(a.address, b.address) || Number(a.inode) - Number(b.inode);

const readTable = (reader: ProcReader, path: string): ProcRead<readonly ListenRow[]> => {
  for (const limit of TABLE_BYTES) {
    const text = reader.rows(path, limit);
    if (!text.ok) {
      return text;
    }
    const {rows, hasMore} = parseTcpTable(text.value.toString('latin1'));
    if (!hasMore || text.value.length < limit) {
      return {ok: true, value: rows};
    }
  }
  return {ok: false, gone: false, because: 'too large'};
};

/** Pauses after each table: the kernel needs half a slice for one. */
export const readListenRows = function* (reader: ProcReader, procRoot: string): Generator<void, ListenRows> {
  const rows = new Map<string, ListenRow>();
  let trouble: string | null = null;
  for (const table of ['tcp', 'tcp6']) {
    const read = readTable(reader, `${procRoot}/net/${table}`);
    if (read.ok) {
      for (const row of read.value) {
        rows.set(row.inode, row);
      }
    } else if (!read.gone || table === 'tcp') {
      // No tcp6 at all is a kernel without IPv6; no tcp is one that cannot be read.
      trouble = `/proc/net/${table}: ${read.because}`;
    }
    yield;
  }
  return {rows: [...rows.values()].sort(byPlace), trouble};
};

/** TCP sockets in use, of both families, as /proc/net/sockstat and sockstat6 count them; null where they do not. */
export const countSockets = (reader: ProcReader, procRoot: string): string | null => {
  const [four, six] = ['sockstat', 'sockstat6'].map(name => {
    const text = reader.bytes(`${procRoot}/net/${name}`, 4096);
    return text.ok ? /^TCP6?: inuse (\d+)/m.exec(text.value.toString('latin1'))?.[1] : undefined;
  });
  return four === undefined ? null : `${four} ${six ?? '-'}`;
};
