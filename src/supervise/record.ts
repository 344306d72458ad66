// What a supervisor leaves on disk for others to read: who runs, when it last looked, what it did and would do. Pure: text in, record out.
import {oneLine} from '../core/domain/command-line.ts';
import type {LastSeat} from '../core/domain/plan.ts';
import type {LoopAction} from './describe-round.ts';
import type {KeptThing} from './kept-things.ts';
import {EMPTY_STATE, isFields, type LoopState, parseState} from './loop-state.ts';

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
  readonly blocked: string | null;
  readonly state: LoopState;
  /** What the last round would have done, were it not observing or paused: for a person to approve. */
  readonly proposals: readonly LoopAction[];
  /** Everything that is kept, with its state in the last look. */
  readonly kept: readonly KeptThing[];
  /** The latest notes, oldest first. */
  readonly notes: readonly RoundNote[];
}

/** One line; what it is about is named where the text does not. */
export const formatNote = ({at, what, text, ref}: RoundNote): string =>
  oneLine(`${at}  ${what.padEnd(9)} ${ref === null || text.includes(ref) ? text : `${ref}: ${text}`}`);

export const NOTES_KEPT = 50;

/** A supervisor that has not looked for this many intervals has lost the thread. */
const FRESH_INTERVALS = 3;

/** What a round may take beyond its interval: graces, starts and their proofs. */
const LONGEST_ROUND_MS = 5 * 60_000;

/** Whether one that runs has not looked for so long that it must hang, or be stopped by a signal. */
export const isStalled = ({heartbeat, startedAt, intervalMs}: SuperviseRecord, now: number): boolean =>
  now - Date.parse(heartbeat.at ?? startedAt) > FRESH_INTERVALS * intervalMs + LONGEST_ROUND_MS;

/** Why a supervisor that is gone without having stopped may have gone. */
export const describeDeath = (pid: number, sameBoot: boolean): string =>
  `process ${pid} died without stopping: ${sameBoot ? 'it was killed or crashed' : 'the machine has started anew since'}`;

const isNote = (value: unknown): value is RoundNote =>
  isFields(value) && typeof value.at === 'string' && typeof value.what === 'string' && typeof value.text === 'string';

const isLastSeat = (value: unknown): value is LastSeat =>
  isFields(value) &&
  [value.socket, value.session, value.command].every(each => typeof each === 'string') &&
  (value.directory === null || typeof value.directory === 'string');

const isKeptThing = (value: unknown): value is KeptThing =>
  isFields(value) && [value.ref, value.state, value.because].every(each => typeof each === 'string');

const isLoopAction = (value: unknown): value is LoopAction =>
  isFields(value) &&
  typeof value.ref === 'string' &&
  typeof value.because === 'string' &&
  ((value.kind === 'restart' && (value.seat === undefined || isLastSeat(value.seat))) ||
    (value.kind === 'cleanup' && typeof value.finding === 'string' && typeof value.force === 'boolean'));

/** The record in a file's text, or null when it is none: then nothing is remembered, which only makes a supervisor slower to act. */
export const parseRecord = (text: string): SuperviseRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) &&
      value.schema === 'rigtop/supervise@1' &&
      Number.isSafeInteger(value.pid) &&
      Number.isSafeInteger(value.startTime) &&
      Number.isFinite(value.intervalMs) &&
      isFields(value.heartbeat) &&
      Array.isArray(value.notes)
      ? ({
          ...value,
          state: parseState(value.state),
          // A record of an older version has none.
          proposals: Array.isArray(value.proposals) ? value.proposals.filter(isLoopAction) : [],
          kept: Array.isArray(value.kept) ? value.kept.filter(isKeptThing) : [],
          notes: value.notes.filter(isNote),
        } as unknown as SuperviseRecord)
      : null;
  } catch {
    return null;
  }
};

export interface Inherited {
  readonly state: LoopState;
  readonly paused: boolean;
  /** Whether the one before looked a moment ago: what is dead now and was alive then has died in between. */
  readonly continuous: boolean;
}

/**
 * The memory that a new supervisor takes over from the record of the one before. Brakes, a halt and a pause outlive everything;
 * since when a finding was sure does not outlive a boot, nor a time in which nobody looked.
 */
export const inherit = (record: SuperviseRecord | null, bootId: string | null, now: number): Inherited => {
  if (record === null) {
    return {state: EMPTY_STATE, paused: false, continuous: false};
  }
  const lastLook = Date.parse(record.heartbeat.at ?? '');
  const continuous = record.bootId === bootId && now - lastLook < FRESH_INTERVALS * record.intervalMs && lastLook <= now;
  const {state} = record;
  return {
    state: continuous
      ? state
      : {
          ...state,
          sureSince: {},
          freeSince: {},
          goneSince: {},
          // What runs after a boot was put there by somebody, perhaps for something else.
          seenUp: record.bootId === bootId ? state.seenUp : [],
          seats: record.bootId === bootId ? state.seats : {},
          lostSince: {},
          dead: {},
          deaths: [],
          massDeaths: [],
          tries: {},
        },
    paused: record.paused === true,
    continuous,
  };
};
