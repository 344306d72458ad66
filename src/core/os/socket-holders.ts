// Who was seen to hold which listening socket, by which descriptor: kept between passes, so that most of them are asked one question only.
import type {KeptFiles} from './proc-kept-files.ts';
import type {ProcReader} from './proc-read.ts';
import type {Entry} from './proc-scan.ts';

/** One process that holds a socket: by which descriptor, and which process of that pid. */
interface Hold {
  readonly descriptor: string;
  readonly startTime: number;
}

export interface SocketHolders {
  /** Asks each known holder whether it still holds its socket, pausing after each socket. */
  check(entries: ReadonlyMap<number, Entry>): Generator<
    void,
    {
      /** Pids that hold theirs no more: it may have moved to another descriptor of the same process. */
      readonly moved: readonly number[];
      /** Sockets that somebody still holds. */
      readonly held: ReadonlySet<string>;
    }
  >;
  /** These sockets are there now, and no others. The answer is those that were not there before. */
  follow(inodes: ReadonlySet<string>): readonly string[];
  /** Looks through one process's descriptors, pausing among many. Answers why it could not, or null. */
  search(pid: number, entry: Entry): Generator<void, string | null>;
  /** Whether it is among those that were there at the last pass. */
  isFollowed(inode: string): boolean;
  /** In ascending order. */
  pidsOf(inode: string): readonly number[];
}

/** So many of one process are asked about between two pauses. */
const BREATH = 64;

/** As the link of a descriptor begins that is one. */
const SOCKET = 'socket:[';

/** `files`: our own descriptors that are no sockets, thousands of them. */
export const createSocketHolders = (procRoot: string, reader: ProcReader, files: Pick<KeptFiles, 'isKept'>): SocketHolders => {
  /** Holders by inode, then pid. */
  const holders = new Map<string, Map<number, Hold>>();

  const holds = (pid: number, hold: Hold, inode: string, entries: ReadonlyMap<number, Entry>): boolean => {
    if (entries.get(pid)?.record.startTime !== hold.startTime) {
      return false;
    }
    const link = reader.link(`${procRoot}/${pid}/fd/${hold.descriptor}`);
    return link.ok && link.value === `socket:[${inode}]`;
  };

  return {
    check: function* (entries) {
      const moved: number[] = [];
      const held = new Set<string>();
      for (const [inode, pids] of holders) {
        for (const [pid, hold] of pids) {
          if (holds(pid, hold, inode, entries)) {
            held.add(inode);
          } else {
            pids.delete(pid);
            moved.push(pid);
          }
        }
        yield;
      }
      return {moved, held};
    },
    follow: inodes => {
      for (const inode of holders.keys()) {
        if (!inodes.has(inode)) {
          holders.delete(inode);
        }
      }
      const fresh = [...inodes].filter(inode => !holders.has(inode));
      for (const inode of fresh) {
        holders.set(inode, new Map());
      }
      return fresh;
    },
    search: function* (pid, entry) {
      const descriptors = reader.names(`${procRoot}/${pid}/fd`);
      if (!descriptors.ok) {
        return descriptors.gone ? null : descriptors.because;
      }
      for (const [index, descriptor] of descriptors.value.entries()) {
        if (index % BREATH === BREATH - 1) {
          yield;
        }
        if (pid === process.pid && files.isKept(Number(descriptor))) {
          continue;
        }
        const link = reader.link(`${procRoot}/${pid}/fd/${descriptor}`);
        if (link.ok && link.value.startsWith(SOCKET)) {
          holders.get(link.value.slice(SOCKET.length, -1))?.set(pid, {descriptor, startTime: entry.record.startTime});
        }
      }
      return null;
    },
    isFollowed: inode => holders.has(inode),
    pidsOf: inode => [...(holders.get(inode)?.keys() ?? [])].sort((a, b) => a - b),
  };
};
