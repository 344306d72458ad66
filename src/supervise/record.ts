// What a supervisor leaves on disk for others to read: who runs, when it last looked, what it did and would do. Pure: text in, record out.
import {EMPTY_STATE, type LoopState} from './policy.ts';

/** One thing that a round did, would have done, or held back. */
export interface RoundNote {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what: 'did' | 'would' | 'held-back' | 'said';
  readonly text: string;
  /** What it is about; null for the supervisor itself. */
  readonly ref: string | null;
}

export interface SuperviseRecord {
  readonly schema: 'rigtop/supervise@1';
  readonly pid: number;
  readonly startTime: number;
  readonly bootId: string | null;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly mode: 'observe' | 'act';
  readonly intervalMs: number;
  readonly heartbeat: {readonly count: number; readonly at: string | null};
  /** A person asked for a pause: rounds look and act on nothing. */
  readonly paused: boolean;
  /** Why it does not act although it was told to (a broken configuration, a full disk); null when it does. */
  readonly hampered: string | null;
  readonly state: LoopState;
  /** The latest notes, oldest first. */
  readonly notes: readonly RoundNote[];
}

export const NOTES_KEPT = 50;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The record in a file's text, or null when it is none: then nothing is remembered, which only makes a supervisor slower to act. */
export const parseRecord = (text: string): SuperviseRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) &&
      value.schema === 'rigtop/supervise@1' &&
      Number.isSafeInteger(value.pid) &&
      Number.isSafeInteger(value.startTime) &&
      isRecord(value.state) &&
      isRecord(value.heartbeat) &&
      Array.isArray(value.notes)
      ? (value as unknown as SuperviseRecord)
      : null;
  } catch {
    return null;
  }
};

/**
 * The memory that a new supervisor takes over from the record of the one before. Brakes and a halt outlive everything; since when
 * a finding was sure does not outlive a boot, nor a pause in which nobody looked.
 */
export const inherit = (record: SuperviseRecord | null, bootId: string | null, now: number): LoopState => {
  if (record === null) {
    return EMPTY_STATE;
  }
  const lastLook = Date.parse(record.heartbeat.at ?? '');
  const isFresh = record.bootId === bootId && now - lastLook < 3 * record.intervalMs && lastLook <= now;
  const state: LoopState = {...EMPTY_STATE, ...record.state};
  return isFresh ? state : {...state, sureSince: {}, deaths: []};
};
