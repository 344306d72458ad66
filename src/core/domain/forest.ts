// The process table as a forest: children, ancestors, descendants. Cycle-safe, because a table read over time may contradict itself. Pure.
import type {Process} from './process.ts';

export type ProcessMap = ReadonlyMap<number, Process>;

/** Children by parent pid, each list in pid order. */
export const childrenByParent = (processes: ProcessMap): ReadonlyMap<number, readonly number[]> => {
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
export const ancestorsOf = (processes: ProcessMap, pid: number): readonly number[] => {
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

export interface Descendant {
  readonly pid: number;
  /** 1 for a child. */
  readonly depth: number;
}

/** Everything below `pid`, itself excluded, nearest first. */
export const descendantsOf = (children: ReadonlyMap<number, readonly number[]>, pid: number): readonly Descendant[] => {
  const found: Descendant[] = [];
  const seen = new Set([pid]);
  const queue: Descendant[] = [{pid, depth: 0}];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const child of children.get(next.pid) ?? []) {
      if (!seen.has(child)) {
        seen.add(child);
        const below = {pid: child, depth: next.depth + 1};
        found.push(below);
        queue.push(below);
      }
    }
  }
  return found;
};
