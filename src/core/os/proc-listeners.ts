// Who holds which listening socket: the kernel's TCP tables joined with the file descriptors of candidate processes, looked for only
// where something may have changed.

import {known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import {type ListenRow, parseTcpTable} from './proc-net.ts';
import type {ProcRead, ProcReader} from './proc-read.ts';
import type {Entry, ProcessPass} from './proc-scan.ts';

/** Everybody's descriptors are looked through again once in so many passes: a descriptor can be handed over a unix socket. */
const SWEEP = 64;
/** Read this much of a table first; more only while every row so far is a listener. */
const TABLE_BYTES = [64 * 1024, 1024 * 1024, 32 * 1024 * 1024];

/** One process that holds a socket: by which descriptor, and which process of that pid. */
interface Hold {
  readonly descriptor: string;
  readonly startTime: number;
}

export interface ListenerPass {
  readonly listeners: readonly Listener[];
  readonly incomplete: string | null;
}

export interface ListenerScanOptions {
  readonly procRoot: string;
  readonly uid: number;
  readonly reader: ProcReader;
}

const SOCKET = /^socket:\[(\d+)\]$/;

const byPlace = (a: ListenRow, b: ListenRow): number =>
  a.port - b.port ||
  a.family - b.family ||
  (a.address < b.address ? -1 : a.address > b.address ? 1 : 0) ||
  Number(a.inode) - Number(b.inode);

export const createListenerScanner = ({procRoot, uid, reader}: ListenerScanOptions) => {
  /** Holders by inode, then pid. */
  const holders = new Map<string, Map<number, Hold>>();
  /** Sockets a full search found nobody for. */
  const ownerless = new Set<string>();
  let turn = 0;

  const readTable = (path: string): ProcRead<readonly ListenRow[]> => {
    for (const limit of TABLE_BYTES) {
      const text = reader.bytes(path, limit);
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

  const readRows = (): {readonly rows: readonly ListenRow[]; readonly trouble: string | null} => {
    const rows = new Map<string, ListenRow>();
    let trouble: string | null = null;
    for (const table of ['tcp', 'tcp6']) {
      const read = readTable(`${procRoot}/net/${table}`);
      if (read.ok) {
        for (const row of read.value) {
          rows.set(row.inode, row);
        }
      } else if (!read.gone || table === 'tcp') {
        // No tcp6 at all is a kernel without IPv6; no tcp is one that cannot be read.
        trouble = `/proc/net/${table}: ${read.because}`;
      }
    }
    return {rows: [...rows.values()].sort(byPlace), trouble};
  };

  const holds = (pid: number, hold: Hold, inode: string, entries: ReadonlyMap<number, Entry>): boolean => {
    if (entries.get(pid)?.record.startTime !== hold.startTime) {
      return false;
    }
    const link = reader.link(`${procRoot}/${pid}/fd/${hold.descriptor}`);
    return link.ok && link.value === `socket:[${inode}]`;
  };

  const candidate = ({record, stat}: Entry): boolean => !stat.kernelThread && record.state !== 'Z' && (uid === 0 || record.uid === uid);

  /** Looks through one process's descriptors. Answers why it could not, or null. */
  const search = (pid: number, entry: Entry): string | null => {
    const descriptors = reader.names(`${procRoot}/${pid}/fd`);
    if (!descriptors.ok) {
      return descriptors.gone ? null : descriptors.because;
    }
    for (const descriptor of descriptors.value) {
      const link = reader.link(`${procRoot}/${pid}/fd/${descriptor}`);
      const inode = link.ok ? SOCKET.exec(link.value)?.[1] : undefined;
      if (inode !== undefined) {
        holders.get(inode)?.set(pid, {descriptor, startTime: entry.record.startTime});
      }
    }
    return null;
  };

  const pass = function* ({entries, born, ran}: ProcessPass): Generator<void, ListenerPass> {
    turn = (turn + 1) % SWEEP;
    let {rows, trouble} = readRows();
    const listed = new Set(rows.map(row => row.inode));
    const suspects = new Set(born);
    const lost: string[] = [];
    for (const [inode, pids] of holders) {
      for (const [pid, hold] of pids) {
        if (!holds(pid, hold, inode, entries)) {
          pids.delete(pid);
          // It may have moved to another descriptor of the same process.
          suspects.add(pid);
        } else if (!listed.has(inode)) {
          lost.push(inode);
        }
      }
      yield;
    }
    if (lost.length > 0) {
      // A table that changes while it is read can skip a row: a socket somebody still holds is gone only when a second reading says so too.
      const again = readRows();
      rows = again.rows;
      trouble = again.trouble;
    }
    const current = new Set(rows.map(row => row.inode));
    for (const inode of holders.keys()) {
      if (!current.has(inode)) {
        holders.delete(inode);
        ownerless.delete(inode);
      }
    }
    const fresh = rows.filter(row => !holders.has(row.inode));
    for (const {inode} of fresh) {
      holders.set(inode, new Map());
    }
    const wanting = (): boolean => rows.some(({inode}) => holders.get(inode)?.size === 0 && !ownerless.has(inode));
    const searched = new Set<number>();
    let barred = 0;

    const searchThrough = function* (pids: Iterable<number>): Generator<void, void> {
      for (const pid of pids) {
        const entry = entries.get(pid);
        if (entry !== undefined && !searched.has(pid) && candidate(entry)) {
          searched.add(pid);
          barred += search(pid, entry) === null ? 0 : 1;
          yield;
        }
      }
    };

    if (rows.length > 0) {
      yield* searchThrough(suspects);
      yield* searchThrough([...entries.keys()].filter(pid => pid % SWEEP === turn));
    }
    if (fresh.length > 0 || wanting()) {
      // Whoever opened a socket has run since; whoever inherited it was born since. Only when neither has it, ask everybody.
      yield* searchThrough(ran);
    }
    if (wanting()) {
      yield* searchThrough(entries.keys());
    }
    for (const {inode} of rows) {
      if (holders.get(inode)?.size === 0) {
        ownerless.add(inode);
      } else {
        ownerless.delete(inode);
      }
    }

    const because = (row: ListenRow): string => {
      if (uid !== 0 && row.uid !== uid) {
        return `its owner is a process of uid ${row.uid}, which may not be looked into`;
      }
      return barred > 0
        ? `no process that may be looked into holds it; ${barred} may not`
        : 'no process in sight holds it (another container, or the kernel itself)';
    };
    const listeners = rows.map(row => {
      const pids = [...(holders.get(row.inode)?.keys() ?? [])].sort((a, b) => a - b);
      return {...row, owners: pids.length > 0 ? known(pids) : unknown(because(row))};
    });
    return {listeners, incomplete: trouble};
  };

  return {pass};
};
