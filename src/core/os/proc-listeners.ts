// Who holds which listening socket: the kernel's TCP tables joined with the file descriptors of candidate processes, looked for only
// where something may have changed.

import {known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import type {ListenRow} from './proc-net.ts';
import type {ProcReader} from './proc-read.ts';
import type {Entry, ProcessPass} from './proc-scan.ts';
import {createSocketHolders, type SocketHolders} from './socket-holders.ts';
import {readListenRows} from './tcp-tables.ts';

/** Everybody's descriptors are looked through again once in so many passes: a descriptor can be handed over a unix socket. */
const SWEEP = 64;

export interface ListenerPass {
  readonly listeners: readonly Listener[];
  readonly incomplete: string | null;
}

export interface ListenerScanOptions {
  readonly procRoot: string;
  readonly uid: number;
  readonly reader: ProcReader;
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
          barred += holders.search(pid, entry) === null ? 0 : 1;
          yield;
        }
      }
    },
  };
};

export const createListenerScanner = ({procRoot, uid, reader}: ListenerScanOptions) => {
  const holders = createSocketHolders(procRoot, reader);
  /** Sockets a full search found nobody for. */
  let ownerless: ReadonlySet<string> = new Set();
  let turn = 0;

  const pass = function* ({entries, born, ran}: ProcessPass): Generator<void, ListenerPass> {
    turn = (turn + 1) % SWEEP;
    let {rows, trouble} = readListenRows(reader, procRoot);
    const listed = new Set(rows.map(row => row.inode));
    const {moved, held} = yield* holders.check(entries);
    if ([...held].some(inode => !listed.has(inode))) {
      // A table that changes while it is read can skip a row: a socket somebody still holds is gone only when a second reading says so too.
      ({rows, trouble} = readListenRows(reader, procRoot));
    }
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
    return {listeners, incomplete: trouble};
  };

  return {pass};
};
