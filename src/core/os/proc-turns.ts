// Which processes a pass over /proc has to read, and which may wait for their turn. Pure.

/** No process stays unread for longer, as long as passes come often enough. */
export const LONGEST_UNREAD_MS = 10_000;

/** Part of everybody that is read now, so that all have a turn in time at this pace; everybody where the next pass would come too late. */
export const shareOf = (gapMs: number): number => (gapMs > 0 && gapMs <= LONGEST_UNREAD_MS ? 1 / Math.floor(LONGEST_UNREAD_MS / gapMs) : 1);

/** The next `count` of `pids`, which ascend, behind `last`, and around to the first again. */
export const takeTurn = (pids: readonly number[], last: number, count: number): readonly number[] => {
  const behind = pids.findIndex(pid => pid > last);
  const start = behind < 0 ? 0 : behind;
  return count >= pids.length ? pids : [...pids.slice(start, start + count), ...pids.slice(0, Math.max(0, start + count - pids.length))];
};

/**
 * Whether a pid may have come to another process while the kernel's counter (the last field of /proc/loadavg) went from `from` to `to`:
 * pids are given in ascending order, and around to the first again (idr_alloc_cyclic in kernel/pid.c). Where the counter cannot be read
 * every pid may.
 */
export const mayBeAnother = (pid: number, from: number | null, to: number | null): boolean => {
  if (from === null || to === null) {
    return true;
  }
  return to >= from ? pid > from && pid <= to : pid > from || pid <= to;
};

/** A table of hundreds of thousands is gone through in pieces. */
const PAUSE = 2048;

export interface Waiting {
  readonly ppid: number;
  readonly readAt: number;
  /** Not read since it had time to become its program: whoever has just been forked is another one a moment later. */
  readonly isNew: boolean;
}

export interface Occasion {
  /** Ascending. */
  readonly pids: readonly number[];
  /** The same. */
  readonly listed: ReadonlySet<number>;
  /** What is known of a process; undefined of one that is new. */
  readonly known: (pid: number) => Waiting | undefined;
  readonly attended: ReadonlySet<number>;
  /** The counter of pids before the last pass, and now. */
  readonly from: number | null;
  readonly to: number | null;
  readonly now: number;
  readonly gapMs: number;
  /** Whose turn it was last. */
  readonly last: number;
}

export interface Turn {
  /** Ascending no more; each once. */
  readonly read: readonly number[];
  readonly unread: readonly number[];
  readonly last: number;
}

/**
 * Read are: who is new or was when it was read, attended to, may be another, has lost its parent, which gives it a new one, or would be unread for too long at
 * the next pass; and of the others those whose turn it is.
 */
export const chooseTurn = function* ({pids, listed, known, attended, from, to, now, gapMs, last}: Occasion): Generator<void, Turn> {
  const read: number[] = [];
  const waiting: number[] = [];
  let late = 0;
  for (const [index, pid] of pids.entries()) {
    if (index % PAUSE === PAUSE - 1) {
      yield;
    }
    const entry = known(pid);
    const mayWait =
      entry?.isNew === false && !attended.has(pid) && !mayBeAnother(pid, from, to) && (entry.ppid <= 0 || listed.has(entry.ppid));
    const isLate = mayWait && now - entry.readAt + gapMs > LONGEST_UNREAD_MS;
    late += Number(isLate);
    (mayWait && !isLate ? waiting : read).push(pid);
  }
  // Whoever is late has had his turn with that.
  const turn = takeTurn(waiting, last, Math.max(0, Math.ceil((waiting.length + late) * shareOf(gapMs)) - late));
  const taken = new Set(turn);
  return {read: [...read, ...turn], unread: waiting.filter(pid => !taken.has(pid)), last: turn.at(-1) ?? last};
};
