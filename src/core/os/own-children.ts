// The helper programs rigtop itself runs while it looks: they are no part of the fleet, and would make every look differ from the last.

/** Pids of our own helpers that were alive at some time since the watch began. */
export interface ChildWatch {
  includes(pid: number): boolean;
  close(): void;
}

export interface Children {
  /** To be told of each helper's birth and end. */
  note(pid: number, running: boolean): void;
  watch(): ChildWatch;
}

export const createChildren = (): Children => {
  const alive = new Set<number>();
  const watches = new Set<Set<number>>();
  return {
    note: (pid, running) => {
      if (!running) {
        alive.delete(pid);
        return;
      }
      alive.add(pid);
      for (const watch of watches) {
        watch.add(pid);
      }
    },
    watch: () => {
      const seen = new Set(alive);
      watches.add(seen);
      return {includes: pid => seen.has(pid), close: () => watches.delete(seen)};
    },
  };
};
