// What comes before anything is touched: every identity read again, the intent on disk, nobody else at the same thing.
import type {Outcome} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';
import {reasonOf} from '../os/files.ts';
import type {Host} from '../os/host.ts';
import type {Control} from './acting-source.ts';
import {type Checked, checkRoots, checkValidity} from './check-roots.ts';
import type {Claim} from './concurrent-actions.ts';
import type {Journal, JournalRun, JournalTarget} from './journal-file.ts';
import {isOpen, type Tracked} from './tracked-target.ts';

export interface BeginParts {
  readonly host: Host;
  /** Who speaks to the multiplexers. */
  readonly controls: readonly Control[];
  readonly journal: Journal;
  /** Who is at something of the same, in words; null when nobody. Throws when that cannot be read (see concurrent-actions.ts). */
  readonly findConcurrent: (run: string, claim: Claim) => Promise<string | null>;
  /** For one reading of the process table, milliseconds. */
  readonly tableMs: number;
  /** What went wrong beside the targets. */
  problem(text: string): void;
  /** The outcome of a plan of which nothing is carried out. */
  refuse(rule: string, because: string): Outcome;
}

/** An action that may go on: what is there now, and its run in the journal. */
export interface Begun {
  readonly run: JournalRun;
  readonly checked: Checked;
}

export const toJournal = ({ref, pid, startTime, command}: Tracked): JournalTarget => ({ref, pid, startTime, command});

const journalTargets = (plan: Plan, {tracked, roots}: Checked): readonly JournalTarget[] => [
  ...tracked.filter(isOpen).map(toJournal),
  ...[...plan.sessions, ...plan.panes]
    .filter(({ref}) => roots.get(ref)?.state === 'ok')
    .map(({ref, because}) => ({ref, pid: null, startTime: null, command: because})),
  ...plan.locks.map(({ref, moveTo}) => ({ref, pid: null, startTime: null, command: `move to ${moveTo}`})),
];

/** What speaks against going on once the intent is written: a concurrent action. The journal could be written, so that it cannot be read is only said. */
const lookForConcurrent = async (find: () => Promise<string | null>, problem: (text: string) => void): Promise<string | null> => {
  try {
    return await find();
  } catch (error) {
    problem(`whether somebody else is at it is unknown: the journal cannot be read (${reasonOf(error)})`);
    return null;
  }
};

/** The last line of a run, and the outcome it tells. */
export const conclude = async (run: JournalRun, outcome: Outcome): Promise<Outcome> => {
  const last = await run.outcome(outcome);
  return last.ok
    ? outcome
    : {...outcome, problems: [...outcome.problems, `the outcome could not be written to the journal: ${last.because}`]};
};

/** An outcome when it may not go on: nothing was touched. */
export const beginRun = async (plan: Plan, parts: BeginParts): Promise<Begun | Outcome> => {
  const {host, controls, journal, problem, refuse} = parts;
  const invalid = checkValidity(plan, host);
  if (invalid !== null) {
    return refuse(invalid.rule, invalid.because);
  }
  const checked = await checkRoots(plan, host, controls, parts.tableMs);
  if (typeof checked === 'string') {
    return refuse('unknown', checked);
  }
  const name = `${plan.id}-${plan.createdAt}-${host.pid}`;
  const run = journal.begin(name, plan);
  const intended = journalTargets(plan, checked);
  const written = await run.intent(intended, false);
  if (!written.ok) {
    return refuse('journal', `what is about to be done could not be written down: ${written.because}`);
  }
  const {action, asked} = plan;
  const claim = {action, asked, targets: intended, starts: plan.starts.map(({ref}) => ref)};
  const concurrent = await lookForConcurrent(() => parts.findConcurrent(name, claim), problem);
  return concurrent === null ? {run, checked} : conclude(run, refuse('rival', concurrent));
};
