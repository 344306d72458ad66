// What came of a plan, target by target. Success means gone. Pure records.

export type TargetResult = 'gone' | 'survived' | 'changed' | 'refused' | 'already-gone';

export interface TargetOutcome {
  readonly ref: string;
  readonly pid: number | null;
  readonly result: TargetResult;
  /** Last signal sent, or null when none was. */
  readonly signal: 'SIGTERM' | 'SIGKILL' | null;
  readonly because: string | null;
  /** Milliseconds from the first signal to the proof. */
  readonly tookMs: number;
}

export interface Outcome {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly targets: readonly TargetOutcome[];
  readonly ports: readonly {readonly port: number; readonly free: boolean | null}[];
  /** Children forked during the grace, ended too. */
  readonly late: readonly TargetOutcome[];
  /** Survivors that had left the tree, found by evidence and ended. */
  readonly escaped: readonly TargetOutcome[];
  /** Whole plan refused before anything was done: the rule and its reason. */
  readonly refused: {readonly rule: string; readonly because: string} | null;
}

/** One step of a running plan, for a progress display. */
export interface Progress {
  readonly ref: string;
  readonly step: 'continued' | 'term' | 'waiting' | 'kill' | 'done';
  readonly result: TargetResult | null;
}
