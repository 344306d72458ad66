// Whether somebody else is at the same thing: actions of other processes in the journal, against what is about to be done.
import type {ProcessId} from '../domain/process.ts';
import type {LockHolder} from '../os/lock-file.ts';
import type {IntentLine, JournalTarget} from './journal-file.ts';
import {type JournalEntry, readAhead} from './read-journal.ts';

/**
 * How long an action goes without a line in the journal: the longest grace is 10 minutes, the longest start and its proof 5. An outcome
 * that could not be written leaves its action unfinished for as long as that rigtop lives, which may be for days.
 */
const LONGEST_SILENCE_MS = 15 * 60_000;

/** Not finished, its rigtop alive, and heard of lately. A line from the future was written before the clock was set back. */
export const isUnderWay = ({state, lastAt}: JournalEntry, now: number): boolean =>
  state === 'running' && Math.abs(now - Date.parse(lastAt)) <= LONGEST_SILENCE_MS;

/** What an action is about, as its intent names it. */
export type Claim = Required<Pick<IntentLine, 'asked' | 'targets' | 'starts'>>;

const keyOf = ({ref, pid, startTime}: JournalTarget): string => (pid === null ? ref : `${pid}@${startTime}`);

/** What two that start something must not both start. Two that only end the same thing do no harm to each other: it is gone once, whoever ended it. */
const subjectsOf = ({asked, targets, starts}: Claim): readonly string[] =>
  starts.length === 0 ? [] : [...asked, ...targets.map(keyOf), ...starts];

const meet = (some: readonly string[], others: readonly string[]): boolean => some.some(each => others.includes(each));

export interface ConcurrentParts {
  readonly directory: string;
  readonly own: ProcessId;
  /** False only when it is proven that the process is gone. */
  readonly isAlive: (holder: LockHolder) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When the look began that the plan was confirmed by. Milliseconds since the epoch. */
  readonly lookedAt: number;
}

/**
 * Who began before `run` and has not finished with something of the same, in words; null when nobody. Asked once the intent of `run` is
 * in the journal: of two who do so, the later one sees the earlier. What is ended is checked again before every signal, but a start is
 * not, so one that was made since the look counts too: the look may not have seen it. Throws when the journal cannot be read.
 */
export const findConcurrent = async (
  {directory, own, isAlive, now, lookedAt}: ConcurrentParts,
  run: string,
  claim: Claim,
): Promise<string | null> => {
  const subjects = subjectsOf(claim);
  if (subjects.length === 0) {
    return null;
  }
  const hasStarted = ({endedAt, outcome}: JournalEntry): boolean =>
    endedAt !== null &&
    Date.parse(endedAt) >= lookedAt &&
    meet(outcome?.started.flatMap(({ref, result}) => (result === 'skipped' ? [] : [ref])) ?? [], claim.starts);
  const ahead = (await readAhead(directory, run, isAlive)).filter(({by}) => by.pid !== own.pid || by.startTime !== own.startTime);
  const concurrent = ahead.find(entry => (isUnderWay(entry, now) && meet(subjectsOf(entry), subjects)) || hasStarted(entry));
  return concurrent === undefined
    ? null
    : `process ${concurrent.by.pid} ${concurrent.state === 'done' ? 'has just done it' : 'is at it already'}: ${concurrent.action} ${concurrent.asked.join(' ')}`;
};
