// Carries a plan out: check everything again, journal, disarm, end the processes, end the sessions, prove it, journal what came of it.

import {moveLock} from '../../sources/gastown/locks/move-lock.act.ts';
import {type TownDoor, tellTowns} from '../../sources/gastown/town-events.act.ts';
import type {Protection} from '../domain/finding.ts';
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import type {Outcome, Progress, TargetOutcome} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import {reasonOf} from '../os/files.ts';
import type {Hands} from '../os/hands.ts';
import type {Host} from '../os/host.ts';
import type {ClosingHead} from '../plan/closing-heads.ts';
import {traceTargets} from '../plan/late.ts';
import {paneMark} from '../plan/traces.ts';
import {bringDown, remainingInhabitants, startAll} from './after-ending.ts';
import {type Checked, checkRoots, checkValidity} from './check-roots.ts';
import type {Claim} from './concurrent-actions.ts';
import {disarmPanes, type EndingPanes, endingPanes, promptShells, stayingHeads, terminalShells} from './ending-panes.ts';
import type {Journal, JournalRun, JournalTarget} from './journal-file.ts';
import {refuseAll} from './refuse.ts';
import {armedHeads, watchRespawn, withReturned} from './respawned.ts';
import {createSessionEnds, type SessionEnds} from './session-ends.ts';
import type {StartParts} from './start-again.ts';
import {createStepLog} from './step-log.ts';
import {terminateTree} from './terminate-tree.ts';
import {isOpen, outcomeOf, type Tracked} from './tracked-target.ts';
import {PACE, type Pace} from './tree-parts.ts';
import {verifyPorts} from './verify.ts';

/** Judges a process found during the act in a table read just then: the rule that forbids ending it, or null. */
export type Protect = (process: Process, processes: ProcessMap) => Protection | null;

export interface ExecuteParts {
  readonly host: Host;
  readonly hands: Hands;
  readonly journal: Journal;
  /** Who is at something of the same, in words; null when nobody. Throws when that cannot be read (see rivals.ts). */
  readonly findRival: (run: string, claim: Claim) => Promise<string | null>;
  readonly protect: Protect;
  /** Tells an agent program, for a restart's proof. */
  readonly isRuntime: StartParts['isRuntime'];
  /** Whether a person has named a town; without it no town is written to. */
  readonly isNamed?: TownDoor['isNamed'];
  readonly pace?: Pace;
  /** Of the plan as it was confirmed: what is not carried out any more, each with its result. Told in the outcome and in the journal. */
  readonly dropped?: readonly TargetOutcome[];
  /** Panes that close with a target and were not asked for (see plan/closing-heads.ts). */
  readonly heads?: readonly ClosingHead[];
  /** How long a session that had a respawn hook must stay gone, milliseconds. */
  readonly respawnMs?: number;
}

/** Longer than the respawn hooks in use take (3 s). */
const RESPAWN_MS = 3500;

const toJournal = ({ref, pid, startTime, command}: Tracked): JournalTarget => ({ref, pid, startTime, command});

const journalTargets = (plan: Plan, {tracked, roots}: Checked): readonly JournalTarget[] => [
  ...tracked.filter(isOpen).map(toJournal),
  ...[...plan.sessions, ...plan.panes]
    .filter(({ref}) => roots.get(ref)?.state === 'ok')
    .map(({ref, because}) => ({ref, pid: null, startTime: null, command: because})),
  ...plan.locks.map(({ref, moveTo}) => ({ref, pid: null, startTime: null, command: `move to ${moveTo}`})),
];

const nobodyNamed = (): Promise<boolean> => Promise.resolve(false);

const leftOutPids = ({leftOut}: Plan): ReadonlySet<number> =>
  new Set(leftOut.flatMap(({ref}) => (ref.startsWith('process:') ? [Number(ref.slice('process:'.length))] : [])));

/** The rules for what is found during the act. A pane in which something is protected must not be hung up. */
const protectFound = (parts: ExecuteParts, {servers, processes}: Checked, ending: readonly EndingPanes[], ends: SessionEnds): Protect => {
  const heads = stayingHeads({servers}, ending);
  return (process, table) => {
    const foreign = [process.pid, ...ancestorsOf(table, process.pid)].find(pid => heads.has(pid));
    const protection: Protection | null =
      foreign === undefined
        ? parts.protect(process, table)
        : {rule: 'other-pane', because: `it runs below ${foreign}, in a pane that stays`, unlock: null};
    if (protection !== null) {
      for (const {ref, there} of ending) {
        if (there.some(({pid}) => processes.get(pid)?.sid === process.sid)) {
          ends.keep(ref, `${process.pid}: ${protection.because}`);
        }
      }
    }
    return protection;
  };
};

/** What speaks against going on once the intent is written: a rival. The journal could be written, so that it cannot be read is only said. */
const lookForRival = async (find: () => Promise<string | null>, problem: (text: string) => void): Promise<string | null> => {
  try {
    return await find();
  } catch (error) {
    problem(`whether somebody else is at it is unknown: the journal cannot be read (${reasonOf(error)})`);
    return null;
  }
};

/** The last line of a run, and the outcome it tells. */
const conclude = async (run: JournalRun, outcome: Outcome): Promise<Outcome> => {
  const last = await run.outcome(outcome);
  return last.ok
    ? outcome
    : {...outcome, problems: [...outcome.problems, `the outcome could not be written to the journal: ${last.because}`]};
};

const isDone = ({result}: TargetOutcome): boolean => result === 'gone' || result === 'already-gone';

/**
 * Carry out a plan. Never throws for what the machine does: whatever happens is in the outcome, with one result per target.
 * Nothing is touched before every identity has been read again and the intent is on disk (PRODUCT rules 4 and 9).
 */
export const executePlan = async (
  plan: Plan,
  parts: ExecuteParts,
  report: (progress: Progress) => void = () => undefined,
): Promise<Outcome> => {
  const {host, hands, journal, pace = PACE, respawnMs = RESPAWN_MS, dropped = [], heads = []} = parts;
  const began = host.monotonicMs();
  const took = (): number => Math.round(host.monotonicMs() - began);
  const refuse = (rule: string, because: string): Outcome => {
    const outcome = refuseAll(plan, rule, because, took());
    return {...outcome, targets: [...dropped, ...outcome.targets]};
  };
  const invalid = checkValidity(plan, host);
  if (invalid !== null) {
    return refuse(invalid.rule, invalid.because);
  }
  const checked = await checkRoots(plan, host, pace.tableMs);
  if (typeof checked === 'string') {
    return refuse('unknown', checked);
  }
  const {tracked, processes} = checked;
  const name = `${plan.id}-${plan.createdAt}-${host.pid}`;
  const run = journal.begin(name, plan);
  const intended = journalTargets(plan, checked);
  const written = await run.intent(intended, false);
  if (!written.ok) {
    return refuse('journal', `what is about to be done could not be written down: ${written.because}`);
  }
  const problems: string[] = [];
  const problem = (text: string): void => {
    if (!problems.includes(text)) {
      problems.push(text);
    }
  };
  const {action, asked} = plan;
  const claim = {action, asked, targets: intended, starts: plan.starts.map(({ref}) => ref)};
  const rival = await lookForRival(() => parts.findRival(name, claim), problem);
  if (rival !== null) {
    return conclude(run, refuse('rival', rival));
  }
  const there = plan.sessions.filter(({ref}) => checked.roots.get(ref)?.state === 'ok');
  problems.push(...(await tellTowns({host, isNamed: parts.isNamed ?? nobodyNamed}, there, plan.asked.join(' '))));
  const ending = endingPanes(plan, checked);
  const armed = await disarmPanes(host, ending, problem);
  const hooked = await armedHeads(host, heads);
  const ends = createSessionEnds(host, plan, checked, began, report);
  const steps = createStepLog(run, problem);
  const prompts = promptShells(ending, processes);
  const shells = terminalShells(processes);
  const keepRefused = (): void => {
    for (const {root, ref, because} of tracked.filter(({result}) => result === 'refused')) {
      ends.keep(root, `${ref}: ${because}`);
    }
  };

  const {all, proven} = await terminateTree(
    {
      host,
      hands,
      pace,
      graceMs: plan.graceMs,
      force: plan.force,
      traces: traceTargets(
        tracked.filter(({result}) => result !== 'changed' && result !== 'refused'),
        processes,
        ending.flatMap(({socket, serverPid, ids}) => (serverPid === null ? [] : ids.map(id => paneMark(socket, serverPid, id)))),
      ),
      spared: leftOutPids(plan),
      protect: protectFound(parts, checked, ending, ends),
      announce: async found => {
        const more = await run.intent(found.map(toJournal), true);
        if (!more.ok) {
          problem(`${found.length} more were found and left alone, because that could not be written down: ${more.because}`);
        }
        return more.ok;
      },
      step: steps.step,
      hangUp: async left => {
        keepRefused();
        await ends.end(left.map(({root}) => root));
      },
      isPromptShell: ({pid}) => prompts.has(pid),
      isTerminalShell: ({pid}) => shells.has(pid),
      problem,
      report,
    },
    tracked,
  );
  keepRefused();
  const sessions = await ends.results(armed, respawnMs);
  const {ports, problems: held} = await verifyPorts(host, plan.frees, pace.tableMs);
  problems.push(...held);
  await steps.settled();

  const back = await watchRespawn(host, hooked, respawnMs);
  problems.push(...[...back].map(([pid, again]) => `process:${pid} is gone, and ${again}`));

  const of = (sort: Tracked['sort']): readonly TargetOutcome[] => all.filter(each => each.sort === sort).map(outcomeOf);
  const compose = await bringDown(host, plan.compose);
  const inhabitants = await remainingInhabitants(host, plan);
  problems.push(...inhabitants.problems);
  const locks = plan.locks.map(lock => moveLock(lock, () => host.monotonicMs()));
  const targets = [...dropped, ...withReturned(of('planned'), back), ...sessions, ...locks, ...compose, ...inhabitants.remaining];
  const late = of('late');
  const escaped = of('escaped');
  const isGone = proven && [...targets, ...late, ...escaped].every(isDone) && ports.every(({free}) => free === true) && back.size === 0;
  const started = await startAll(plan, isGone, {host, isRuntime: parts.isRuntime});
  const ok = isGone && started.every(({result}) => result === 'up');
  return conclude(run, {ok, tookMs: took(), targets, ports, late, escaped, started, problems, refused: null});
};
