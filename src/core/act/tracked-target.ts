// One thing that an action is to end, while it runs: last signal, times, and exactly one result. Mutable, never shared outside an action.
import type {Progress, TargetOutcome, TargetResult} from '../domain/outcome.ts';
import type {ProcessId} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';

export type Sort = 'planned' | 'late' | 'escaped';

export interface Tracked extends ProcessId {
  readonly ref: string;
  readonly command: string;
  readonly sort: Sort;
  /** Reference of the root it hangs on. */
  readonly root: string;
  /** Distance from the root of the forest when it was found: deeper is signalled first. */
  readonly depth: number;
  /** When it was last seen alive, by the clock that does not jump; null before the first look. */
  aliveAt: number | null;
  signal: 'SIGTERM' | 'SIGKILL' | null;
  /** When the first signal was sent, by the clock that does not jump. */
  since: number | null;
  result: TargetResult | null;
  because: string | null;
  tookMs: number;
}

export const track = (id: ProcessId, {command, sort, root, depth}: Pick<Tracked, 'command' | 'sort' | 'root' | 'depth'>): Tracked => ({
  pid: id.pid,
  startTime: id.startTime,
  ref: processRef(id.pid),
  command,
  sort,
  root,
  depth,
  aliveAt: null,
  signal: null,
  since: null,
  result: null,
  because: null,
  tookMs: 0,
});

/** What is said of a process that has ended and whose entry its parent has not cleared (state Z): it counts as gone. */
export const defunctBelow = (parent: number): string => `ended; its entry stays until its parent ${parent} clears it`;

/** Settle a target once; a second answer would contradict the first and is dropped. */
export const settle = (
  tracked: Tracked,
  result: TargetResult,
  because: string | null,
  nowMs: number,
  report: (progress: Progress) => void,
): void => {
  if (tracked.result === null) {
    tracked.result = result;
    tracked.because = because;
    tracked.tookMs = tracked.since === null ? 0 : Math.max(0, Math.round(nowMs - tracked.since));
    report({ref: tracked.ref, step: 'done', result});
  }
};

export const outcomeOf = ({ref, pid, result, signal, because, tookMs}: Tracked): TargetOutcome => ({
  ref,
  pid,
  result: result ?? 'survived',
  signal,
  because,
  tookMs,
});

export const isOpen = ({result}: Tracked): boolean => result === null;

/** Deepest first, so that nobody who watches a child is left to start it again. */
export const deepestFirst = (tracked: readonly Tracked[]): readonly Tracked[] =>
  [...tracked].sort((a, b) => b.depth - a.depth || b.pid - a.pid);
