// What came of a plan, target by target. Success means gone. Pure records.

export type TargetResult = 'gone' | 'survived' | 'changed' | 'refused' | 'already-gone';

export interface TargetOutcome {
  /** `process:…`, and one each for a plan's sessions and panes. */
  readonly ref: string;
  /** Null for a session or pane. */
  readonly pid: number | null;
  readonly result: TargetResult;
  /** Last signal sent, or null when none was. */
  readonly signal: 'SIGTERM' | 'SIGKILL' | null;
  readonly because: string | null;
  /** Milliseconds from the first signal to the proof. */
  readonly tookMs: number;
}

/** What came of something that was not signalled: a session, a lock, or a process that is left alone. */
export const unsignalled = (
  ref: string,
  result: TargetResult,
  because: string | null,
  {pid = null, tookMs = 0}: {readonly pid?: number | null; readonly tookMs?: number} = {},
): TargetOutcome => ({ref, pid, result, signal: null, because, tookMs: Math.round(tookMs)});

/** What came of starting a thing again. Only `up` is success: it was seen, not assumed. */
export interface StartOutcome {
  readonly ref: string;
  readonly result: 'up' | 'not-up' | 'failed' | 'skipped';
  readonly because: string | null;
  /** Last lines that the starting program printed. */
  readonly output: readonly string[];
  readonly tookMs: number;
}

/** A port that was to become free; null where nobody knows whether it did. */
export interface PortOutcome {
  readonly port: number;
  readonly free: boolean | null;
}

export interface Outcome {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly targets: readonly TargetOutcome[];
  readonly ports: readonly PortOutcome[];
  /** Children forked during the grace, ended too. */
  readonly late: readonly TargetOutcome[];
  /** Survivors that had left the tree, found by evidence and ended. */
  readonly escaped: readonly TargetOutcome[];
  /** Of a restart: one for each thing that was to be started again. */
  readonly started: readonly StartOutcome[];
  /** What went wrong beside the targets, in words: a hook that could not be disarmed, a feed that could not be told. Nothing is swallowed. */
  readonly problems: readonly string[];
  /** Whole plan refused before anything was done: the rule and its reason. */
  readonly refused: {readonly rule: string; readonly because: string} | null;
}

/** Everything that was to end: planned, forked meanwhile, or found after it had left the tree. */
export const everyTarget = ({targets, late, escaped}: Pick<Outcome, 'targets' | 'late' | 'escaped'>): readonly TargetOutcome[] => [
  ...targets,
  ...late,
  ...escaped,
];

/** One step of a running plan, for a progress display. */
export interface Progress {
  readonly ref: string;
  readonly step: 'continued' | 'term' | 'waiting' | 'kill' | 'done';
  readonly result: TargetResult | null;
}
