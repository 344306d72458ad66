// Who holds which listening socket: the kernel's TCP tables joined with the file descriptors of candidate processes, looked for only
// where something may have changed.

import {known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import type {KeptFiles} from './proc-kept-files.ts';
import type {ListenRow} from './proc-net.ts';
import type {ProcReader} from './proc-read.ts';
import type {Entry, ProcessPass} from './proc-scan.ts';
import {createSocketHolders, type SocketHolders} from './socket-holders.ts';
import {countSockets, type ListenRows, readListenRows} from './tcp-tables.ts';

/** Everybody's descriptors are looked through again once in so many passes: a descriptor can be handed over a unix socket. */
const SWEEP = 64;

export interface ListenerPass {
  readonly listeners: readonly Listener[];
  readonly incomplete: string | null;
  /** How long before this pass the kernel's table was read. */
  readonly ageMs: number;
}

export interface ListenerScanOptions {
  readonly procRoot: string;
  readonly uid: number;
  readonly reader: ProcReader;
  readonly files: Pick<KeptFiles, 'isKept'>;
  /** Milliseconds of a clock that does not jump. */
  readonly now: () => number;
}

/**
 * For this long the table of a kernel that counts as many TCP sockets as before is taken over: printing it costs more than everything
 * else of a look at sockets, because the kernel walks all buckets of its hash. That a socket was closed is seen at its holder.
 */
const LONGEST_UNREAD_MS = 20_000;

interface Table extends ListenRows {
  /** Sockets that the kernel counted before the table was read; null where it does not count. */
  readonly counted: string | null;
  readonly readAt: number;
}

/** Why nobody is known to hold a socket. `barred`: how many processes may not be looked into. */
const whyOwnerless = (row: ListenRow, uid: number, barred: number): string => {
  if (uid !== 0 && row.uid !== uid) {
    return `its owner is a process of uid ${row.uid}, which may not be looked into`;
  }
  return barred > 0
    ? `no process that may be looked into holds it; ${barred} may not`
    : 'no process in sight holds it (another container, or the kernel itself)';
};

interface Search {
  /** Looks through those of these processes that were not looked through yet, pausing after each. */
  through(pids: Iterable<number>): Generator<void, void>;
  /** How many could not be looked into. */
  barred(): number;
}

/** The search of one pass: nobody is looked through twice in it. */
const createSearch = (holders: SocketHolders, entries: ReadonlyMap<number, Entry>, uid: number): Search => {
  const searched = new Set<number>();
  let barred = 0;
  const isCandidate = ({record, stat}: Entry): boolean => !stat.kernelThread && record.state !== 'Z' && (uid === 0 || record.uid === uid);
  return {
    barred: () => barred,
    through: function* (pids) {
      for (const pid of pids) {
        const entry = entries.get(pid);
        if (entry !== undefined && !searched.has(pid) && isCandidate(entry)) {
          searched.add(pid);
          barred += (yield* holders.search(pid, entry)) === null ? 0 : 1;
          yield;
        }
      }
    },
  };
};

export const createListenerScanner = ({procRoot, uid, reader, files, now}: ListenerScanOptions) => {
  const holders = createSocketHolders(procRoot, reader, files);
  /** Sockets a full search found nobody for. */
  let ownerless: ReadonlySet<string> = new Set();
  let turn = 0;
  let table: Table | null = null;
  let isNew = false;

  const readTable = function* (): Generator<void, Table> {
    const [counted, readAt] = [countSockets(reader, procRoot), now()];
    const read = {...(yield* readListenRows(reader, procRoot)), counted, readAt};
    table = read;
    isNew = true;
    return read;
  };

  const stands = ({counted, readAt}: Table): boolean =>
    counted !== null && now() - readAt <= LONGEST_UNREAD_MS && counted === countSockets(reader, procRoot);

  /** Reads the table where it may have changed, or has to be read. Answers whether it has sockets that nobody has been looked for yet. */
  const look = function* (whole: boolean): Generator<void, boolean> {
    if (!whole && table !== null && stands(table)) {
      return false;
    }
    return (yield* readTable()).rows.some(({inode}) => !holders.isFollowed(inode));
  };

  const pass = function* ({entries, born, ran}: ProcessPass): Generator<void, ListenerPass> {
    turn = (turn + 1) % SWEEP;
    const started = now();
    const taken = table ?? (yield* readTable());
    let {rows, trouble, readAt} = taken;
    const listed = new Set(rows.map(row => row.inode));
    const {moved, held} = yield* holders.check(entries);
    const isOutdated = moved.length > 0 && !isNew;
    if (isOutdated || [...held].some(inode => !listed.has(inode))) {
      // A table that changes while it is read can skip a row: a socket somebody still holds is gone only when a second reading says so too.
      ({rows, trouble, readAt} = yield* readTable());
    }
    isNew = false;
    const fresh = holders.follow(new Set(rows.map(row => row.inode)));
    const isWanting = (): boolean => rows.some(({inode}) => holders.pidsOf(inode).length === 0 && !ownerless.has(inode));
    const search = createSearch(holders, entries, uid);

    if (rows.length > 0) {
      yield* search.through([...born, ...moved]);
      yield* search.through([...entries.keys()].filter(pid => pid % SWEEP === turn));
    }
    if (fresh.length > 0 || isWanting()) {
      // Whoever opened a socket has run since; whoever inherited it was born since. Only when neither has it, ask everybody.
      yield* search.through(ran);
    }
    if (isWanting()) {
      yield* search.through(entries.keys());
    }
    ownerless = new Set(rows.map(({inode}) => inode).filter(inode => holders.pidsOf(inode).length === 0));

    const listeners = rows.map(row => {
      const pids = holders.pidsOf(row.inode);
      return {...row, owners: pids.length > 0 ? known(pids) : unknown(whyOwnerless(row, uid, search.barred()))};
    });
    return {listeners, incomplete: trouble, ageMs: Math.max(0, started - readAt)};
  };

  return {look, pass};
};
