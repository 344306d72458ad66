// What keeps an unattended loop from making things worse: backoff, the crash-loop stop, spacing, rate limits. Pure; times are given.

/** What is remembered of one thing that is kept alive. Times are milliseconds since the epoch, because they outlive the process. */
export interface KeepRecord {
  /** Restarts in the present chain: one chain lasts until `CALM_MS` pass without any. */
  readonly restarts: number;
  readonly lastRestartAt: number;
  readonly waitUntil: number;
}

export const FIRST_WAIT_MS = 30_000;
export const LONGEST_WAIT_MS = 600_000;
/** This long without a restart ends a chain. */
export const CALM_MS = 1_800_000;
/** A chain of this many restarts is a crash loop: only a person ends it. */
export const LOOP_RESTARTS = 5;
/** Between two restarts, whatever they are of: a burst of starts hides which of them fails, and races for shared credentials. */
export const SPACING_MS = 10_000;

export type Leave = {readonly may: true} | {readonly may: false; readonly because: string};

const isCalm = (record: KeepRecord, now: number): boolean => now - record.lastRestartAt >= CALM_MS;

const isLooping = (record: KeepRecord): boolean => record.restarts >= LOOP_RESTARTS;

/** Whether another restart is allowed now. The reason names moments, not durations, so that it stays the same while one waits. */
export const mayRestart = (record: KeepRecord | undefined, now: number): Leave => {
  if (record === undefined) {
    return {may: true};
  }
  if (isLooping(record)) {
    return {may: false, because: `crash loop: restarted ${record.restarts} times in a row; \`rigtop supervise resume\` lets it try again`};
  }
  return now < record.waitUntil && !isCalm(record, now)
    ? {may: false, because: `backing off until ${new Date(record.waitUntil).toISOString()}`}
    : {may: true};
};

/** The record after a restart that was tried at `now`, whatever came of it. */
export const noteRestart = (record: KeepRecord | undefined, now: number): KeepRecord => {
  const restarts = record === undefined || (!isLooping(record) && isCalm(record, now)) ? 1 : record.restarts + 1;
  return {restarts, lastRestartAt: now, waitUntil: now + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (restarts - 1))};
};

/** The same waits by a clock that was set back: counted from now, or they would last until the clock has caught up. */
const rebased = (record: KeepRecord, now: number): KeepRecord =>
  record.lastRestartAt <= now ? record : {...record, lastRestartAt: now, waitUntil: now + (record.waitUntil - record.lastRestartAt)};

/** What still has to be remembered: calm chains that were no crash loop are over. */
export const keptRecords = (records: Readonly<Record<string, KeepRecord>>, now: number): Readonly<Record<string, KeepRecord>> =>
  Object.fromEntries(
    Object.entries(records)
      .map(([ref, record]) => [ref, rebased(record, now)] as const)
      .filter(([, record]) => isLooping(record) || !isCalm(record, now)),
  );

const HOUR_MS = 3_600_000;

/** Of the times something was done, those of the last hour. Times in the future (the clock was set back) count from now. */
export const withinHour = (times: readonly number[], now: number): readonly number[] =>
  times.map(time => Math.min(time, now)).filter(time => now - time < HOUR_MS);

/** How many more may be done in this hour. */
export const leftThisHour = (times: readonly number[], perHour: number, now: number): number =>
  Math.max(0, perHour - withinHour(times, now).length);
