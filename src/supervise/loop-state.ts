// What the unattended loop remembers between rounds and over restarts. Pure: read from a file that anything may stand in.
import type {KeepRecord} from './brakes.ts';
import type {Seat} from './last-seen-places.ts';

/** How often ending a finding was tried in vain. */
export interface CleanupTry {
  readonly count: number;
  /** Why it is not tried any more; null while it is. */
  readonly stuck: string | null;
}

/** Times are milliseconds since the epoch. */
export interface LoopState {
  readonly keeps: Readonly<Record<string, KeepRecord>>;
  /** The latest restart of anything; null before the first. */
  readonly lastRestartAt: number | null;
  /** When each root was cleaned up, of the last hour. */
  readonly cleanups: readonly number[];
  /** Findings whose clean-up did not succeed, by id. */
  readonly tries: Readonly<Record<string, CleanupTry>>;
  /** Since when each present finding has been sure. */
  readonly sureSince: Readonly<Record<string, number>>;
  /** Kept services that were seen listening: one of them without a window or listener has crashed, one that never ran has not. */
  readonly seenUp: readonly string[];
  /** Where each kept service and agent was seen up last, by reference. */
  readonly seats: Readonly<Record<string, Seat>>;
  /** Since when the session of each of those has been gone, though its server answers. */
  readonly lostSince: Readonly<Record<string, number>>;
  /** What a person does not want back, with the reason in words, until it is seen up again. */
  readonly given: Readonly<Record<string, string>>;
  /** Since when each of those has been without a window and a listener. */
  readonly freeSince: Readonly<Record<string, number>>;
  /** Since when the slot of each of those has been out of sight, though nothing hid it. */
  readonly goneSince: Readonly<Record<string, number>>;
  /** Since when each dead thing has been dead, by reference: until it is seen alive again it dies no second time. */
  readonly dead: Readonly<Record<string, number>>;
  /** When each death was noticed, as long as it counts for a mass death. */
  readonly deaths: readonly number[];
  /** Mass deaths of the detector's own that have been noticed already: each halts once. */
  readonly massDeaths: readonly string[];
  /** Set by mass death; only a person lifts it. */
  readonly halted: {readonly since: number; readonly because: string} | null;
}

export const EMPTY_STATE: LoopState = {
  keeps: {},
  lastRestartAt: null,
  cleanups: [],
  tries: {},
  sureSince: {},
  seenUp: [],
  seats: {},
  lostSince: {},
  given: {},
  freeSince: {},
  goneSince: {},
  dead: {},
  deaths: [],
  massDeaths: [],
  halted: null,
};

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';

const listOf = <T>(value: unknown, is: (each: unknown) => each is T): readonly T[] => (Array.isArray(value) ? value.filter(is) : []);

const mapOf = <T>(value: unknown, is: (each: unknown) => each is T): Readonly<Record<string, T>> =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => is(entry[1]))) : {};

const isKeepRecord = (value: unknown): value is KeepRecord =>
  isFields(value) && isNumber(value.restarts) && isNumber(value.lastRestartAt) && isNumber(value.waitUntil);

const isTry = (value: unknown): value is CleanupTry =>
  isFields(value) && isNumber(value.count) && (value.stuck === null || isText(value.stuck));

const isHalt = (value: unknown): value is NonNullable<LoopState['halted']> =>
  isFields(value) && isNumber(value.since) && isText(value.because);

const isSeat = (value: unknown): value is Seat =>
  isFields(value) &&
  [value.socket, value.session, value.command, value.id].every(isText) &&
  (value.directory === null || isText(value.directory)) &&
  isNumber(value.created) &&
  isNumber(value.at) &&
  Array.isArray(value.names) &&
  value.names.every(isText);

const haltOf = (value: unknown): LoopState['halted'] => {
  if (value === null || value === undefined) {
    return null;
  }
  return isHalt(value) ? value : {since: 0, because: 'the record of a halt is damaged'};
};

/** Field by field: what is damaged is forgotten, but a halt that cannot be read is a halt. */
export const parseState = (value: unknown): LoopState => {
  const fields = isFields(value) ? value : {};
  return {
    keeps: mapOf(fields.keeps, isKeepRecord),
    lastRestartAt: isNumber(fields.lastRestartAt) ? fields.lastRestartAt : null,
    cleanups: listOf(fields.cleanups, isNumber),
    tries: mapOf(fields.tries, isTry),
    sureSince: mapOf(fields.sureSince, isNumber),
    seenUp: listOf(fields.seenUp, isText),
    seats: mapOf(fields.seats, isSeat),
    lostSince: mapOf(fields.lostSince, isNumber),
    given: mapOf(fields.given, isText),
    freeSince: mapOf(fields.freeSince, isNumber),
    goneSince: mapOf(fields.goneSince, isNumber),
    dead: mapOf(fields.dead, isNumber),
    deaths: listOf(fields.deaths, isNumber),
    massDeaths: listOf(fields.massDeaths, isText),
    halted: haltOf(fields.halted),
  };
};

/** What is said before the first round: an action that somebody began and never finished. */
export interface Opening {
  readonly text: string;
  readonly ref: string | null;
  /** What it was to start, and when it began (milliseconds since the epoch): a start under way needs its time, whoever began it. */
  readonly began?: {readonly starts: readonly string[]; readonly at: number};
}
