// What keeps an unattended loop from making things worse: backoff, the crash-loop stop, rate limits. Pure; times are given.

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

export type Leave = {readonly may: true} | {readonly may: false; readonly because: string};

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;

/** A clock that was set back would make a wait endless: no wait is longer than the longest one. */
const remaining = (record: KeepRecord, now: number): number => Math.min(record.waitUntil - now, LONGEST_WAIT_MS);

const isCalm = (record: KeepRecord, now: number): boolean => now - record.lastRestartAt >= CALM_MS;

/** Whether another restart is allowed now. */
export const mayRestart = (record: KeepRecord | undefined, now: number): Leave => {
  if (record === undefined) {
    return {may: true};
  }
  if (record.restarts >= LOOP_RESTARTS) {
    return {may: false, because: `crash loop: restarted ${record.restarts} times in a row; \`rigtop supervise resume\` lets it try again`};
  }
  const wait = remaining(record, now);
  return wait > 0 && !isCalm(record, now) ? {may: false, because: `backing off for another ${seconds(wait)}`} : {may: true};
};

/** The record after a restart that was tried at `now`, whatever came of it. */
export const noteRestart = (record: KeepRecord | undefined, now: number): KeepRecord => {
  const restarts = record === undefined || (record.restarts < LOOP_RESTARTS && isCalm(record, now)) ? 1 : record.restarts + 1;
  return {restarts, lastRestartAt: now, waitUntil: now + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (restarts - 1))};
};

const HOUR_MS = 3_600_000;

/** Of the times something was done, those of the last hour. Times in the future (the clock was set back) still count. */
export const withinHour = (times: readonly number[], now: number): readonly number[] => times.filter(time => now - time < HOUR_MS);

/** How many more may be done in this hour. */
export const leftThisHour = (times: readonly number[], perHour: number, now: number): number =>
  Math.max(0, perHour - withinHour(times, now).length);
