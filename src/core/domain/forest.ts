// The process table as a forest: children, ancestors, descendants. Cycle-safe, because a table read over time may contradict itself. Pure.
import type {Process} from './process.ts';

export type ProcessMap = ReadonlyMap<number, Process>;

/** As much of a table as makes a forest of it. */
type Parents = ReadonlyMap<number, Pick<Process, 'pid' | 'ppid'>>;

/** Children by parent pid, each list in pid order. */
export const childrenByParent = (processes: Parents): ReadonlyMap<number, readonly number[]> => {
  const children = new Map<number, number[]>();
  for (const process of processes.values()) {
    const siblings = children.get(process.ppid);
    if (siblings === undefined) {
      children.set(process.ppid, [process.pid]);
    } else {
      siblings.push(process.pid);
    }
  }
  return children;
};

/** Pids above `pid`, nearest first, ending at pid 1, at a parent that is not in the table, or at the first repetition. */
export const ancestorsOf = (processes: Parents, pid: number): readonly number[] => {
  const above: number[] = [];
  const seen = new Set([pid]);
  for (
    let current = processes.get(pid)?.ppid;
    current !== undefined && current > 0 && !seen.has(current);
    current = processes.get(current)?.ppid
  ) {
    seen.add(current);
    above.push(current);
  }
  return above;
};

/**
 * What the nearest process above has, strictly above and by pid; undefined where none has anything. Answers are remembered, so that asking
 * for every process of a table costs one walk over it, however long its chains are: `ask` must not change its mind.
 */
export const nearestAbove = <T>(processes: ProcessMap, ask: (pid: number) => T | undefined): ((pid: number) => T | undefined) => {
  const found = new Map<number, {readonly value: T | undefined}>();
  return pid => {
    const before = found.get(pid);
    if (before !== undefined) {
      return before.value;
    }
    const chain: number[] = [];
    let value: T | undefined;
    // Longer than the table is a circle, in which nobody has anything.
    for (let current: number | undefined = pid; current !== undefined && current > 0 && chain.length <= processes.size; ) {
      const known = found.get(current);
      if (known !== undefined) {
        value = known.value;
        break;
      }
      chain.push(current);
      const above: number | undefined = processes.get(current)?.ppid;
      value = above === undefined || above <= 0 || above === current ? undefined : ask(above);
      if (value !== undefined) {
        break;
      }
      current = above;
    }
    // Everything that was passed on the way up has the same above it.
    for (const passed of chain) {
      found.set(passed, {value});
    }
    return value;
  };
};

/** Of these pids, each once, those with none of the others above them. One walk over the table. */
export const topmostOf = (processes: ProcessMap, pids: Iterable<number>): readonly number[] => {
  const all = new Set(pids);
  if (all.size < 2) {
    return [...all];
  }
  const above = nearestAbove(processes, pid => (all.has(pid) ? pid : undefined));
  return [...all].filter(pid => above(pid) === undefined);
};

/** How many stand above a pid, as `ancestorsOf` counts them; for all of a table in one walk. Where parents go in a circle, any number. */
export const depthsOf = (processes: ProcessMap): ((pid: number) => number) => {
  const depths = new Map<number, number>();
  return pid => {
    const chain: number[] = [];
    const seen = new Set<number>();
    let current = pid;
    while (!depths.has(current) && !seen.has(current)) {
      seen.add(current);
      chain.push(current);
      const above = processes.get(current)?.ppid ?? 0;
      if (above <= 0) {
        break;
      }
      current = above;
    }
    let deep = depths.get(current) ?? -1;
    for (const passed of chain.toReversed()) {
      deep += 1;
      depths.set(passed, deep);
    }
    return depths.get(pid) ?? 0;
  };
};

export interface Descendant {
  readonly pid: number;
  /** 1 for a child. */
  readonly depth: number;
}

/** Everything below `pid`, itself excluded, nearest first. */
export const descendantsOf = (children: ReadonlyMap<number, readonly number[]>, pid: number): readonly Descendant[] => {
  const found: Descendant[] = [];
  const seen = new Set([pid]);
  const visit = (above: number, depth: number): void => {
    for (const child of children.get(above) ?? []) {
      if (!seen.has(child)) {
        seen.add(child);
        found.push({pid: child, depth});
      }
    }
  };
  visit(pid, 1);
  // The list grows while it is walked: it is the queue as well.
  for (const next of found) {
    visit(next.pid, next.depth + 1);
  }
  return found;
};
