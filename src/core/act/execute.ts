// Carries a plan out: check everything again, journal, disarm, end the processes, end the sessions, prove it, journal what came of it.

import type {Protection} from '../domain/finding.ts';
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import type {Outcome, Progress, TargetOutcome} from '../domain/outcome.ts';
import {paneMark} from '../domain/pane-mark.ts';
import type {Plan, PlanSession} from '../domain/plan.ts';
import {type Process, sameProcess} from '../domain/process.ts';
import type {Hands} from '../os/hands.ts';
import type {ClosingHead} from '../plan/closing-heads.ts';
import {traceTargets} from '../plan/late.ts';
import {bringDown, remainingInhabitants, startAll} from './after-ending.ts';
import {type BeginParts, type Begun, beginRun, conclude, toJournal} from './begin-run.ts';
import type {Checked} from './check-roots.ts';
import {clearEntries, serverSockets} from './clear-entries.ts';
import {disarmPanes, type EndingPanes, endingPanes, promptShells, stayingHeads, terminalShells} from './ending-panes.ts';
import {moveLock} from './move-lock.ts';
import {refuseAll} from './refuse.ts';
import {armedHeads, watchRespawn, withReturned} from './respawned.ts';
import {createSessionEnds, type SessionEnds} from './session-ends.ts';
import type {StartParts} from './start-again.ts';
import {START_AGAIN_MS, startersOf, watchStarters} from './started-again.ts';
import {createStepLog, type StepLog} from './step-log.ts';
import {terminateTree} from './terminate-tree.ts';
import {isOpen, outcomeOf, settle, type Tracked} from './tracked-target.ts';
import {PACE, type Pace, type TreeParts} from './tree-parts.ts';
import {verifyPorts} from './verify.ts';

/** Judges a process found during the act in a table read just then: the rule that forbids ending it, or null. */
export type Protect = (process: Process, processes: ProcessMap) => Protection | null;

export interface ExecuteParts extends Pick<BeginParts, 'host' | 'controls' | 'journal' | 'findConcurrent'> {
  readonly hands: Hands;
  readonly protect: Protect;
  /** Of a plan of own things alone: asked again in a table of its own before each round of signals. */
  readonly ownAgain?: Protect;
  /** Tells an agent program, for a restart's proof. */
  readonly isRuntime: StartParts['isRuntime'];
  /** Tells whoever wants to know which sessions are about to end, and why; what could not be told comes back in words. */
  readonly tell?: (sessions: readonly PlanSession[], reason: string) => Promise<readonly string[]>;
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

const isDone = ({result}: TargetOutcome): boolean => result === 'gone' || result === 'already-gone';

/** A plan on its way: what is there, what ends with it, who keeps account. */
interface Underway extends Begun {
  readonly plan: Plan;
  readonly parts: ExecuteParts;
  readonly pace: Pace;
  readonly ending: readonly EndingPanes[];
  readonly ends: SessionEnds;
  readonly steps: StepLog;
  readonly problem: (text: string) => void;
  readonly report: (progress: Progress) => void;
}

/** What stays keeps its session: a session is hung up only when nothing in it was refused. */
const keepRefused = ({checked, ends}: Underway): void => {
  for (const {root, ref, because} of checked.tracked.filter(({result}) => result === 'refused')) {
    ends.keep(root, `${ref}: ${because}`);
  }
};

/** What is not the caller's own any more gets no signal, nor does anything while that cannot be told. */
const recheckOwn =
  ({parts: {host}, pace, report}: Underway, ownAgain: Protect): NonNullable<TreeParts['recheck']> =>
  async targets => {
    const {processes} = await host.readTables(pace.tableMs);
    for (const target of targets.filter(isOpen)) {
      const process = processes.known ? processes.value.processes.get(target.pid) : undefined;
      const isSame = process !== undefined && sameProcess(process, target) && process.state !== 'Z';
      const rule = processes.known && isSame ? ownAgain(process, processes.value.processes) : null;
      if (rule !== null || !processes.known) {
        const because = rule === null ? 'whose it is could not be looked at again' : `${rule.because} [${rule.rule}]`;
        settle(target, 'refused', because, host.monotonicMs(), report);
      }
    }
  };

const treeParts = (underway: Underway): TreeParts => {
  const {plan, parts, pace, run, checked, ending, ends, steps, problem, report} = underway;
  const {tracked, processes} = checked;
  const prompts = promptShells(ending, processes);
  const shells = terminalShells(processes);
  return {
    host: parts.host,
    hands: parts.hands,
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
    ...(parts.ownAgain === undefined ? {} : {recheck: recheckOwn(underway, parts.ownAgain)}),
    announce: async found => {
      const more = await run.intent(found.map(toJournal), true);
      if (!more.ok) {
        problem(`${found.length} more were found and left alone, because that could not be written down: ${more.because}`);
      }
      return more.ok;
    },
    step: steps.step,
    hangUp: async left => {
      keepRefused(underway);
      await ends.end(left.map(({root}) => root));
    },
    isPromptShell: ({pid}) => prompts.has(pid),
    isTerminalShell: ({pid}) => shells.has(pid),
    problem,
    report,
  };
};

/** What has come of everything, and whether nothing of it is left. */
type Proof = Pick<Outcome, 'targets' | 'ports' | 'late' | 'escaped'> & {readonly isGone: boolean};

/** Ends the processes, then what held them, and proves it: sessions, ports, containers, directories, and that nothing comes back. */
const endAll = async (underway: Underway): Promise<Proof> => {
  const {plan, parts, pace, checked, ending, ends, steps, problem} = underway;
  const {host, dropped = [], heads = [], respawnMs = RESPAWN_MS} = parts;
  const armed = await disarmPanes(parts, ending, problem);
  const hooked = await armedHeads(parts, heads);
  const starters = startersOf(checked.tracked, checked.processes);
  const {all, proven} = await terminateTree(treeParts(underway), checked.tracked);
  keepRefused(underway);
  await clearEntries(parts, all, serverSockets(checked.servers, heads));
  const sessions = await ends.results(armed, respawnMs);
  const {ports, problems: held} = await verifyPorts(host, plan.frees, pace.tableMs);
  held.forEach(problem);
  await steps.settled();
  const again = await watchStarters(host, starters, Math.min(START_AGAIN_MS, respawnMs), pace.tableMs);
  const back = new Map([...again, ...(await watchRespawn(parts, hooked, respawnMs))]);
  for (const [pid, how] of back) {
    problem(`process:${pid} is gone, and ${how}`);
  }
  const of = (sort: Tracked['sort']): readonly TargetOutcome[] => all.filter(each => each.sort === sort).map(outcomeOf);
  const compose = await bringDown(host, plan.compose);
  const inhabitants = await remainingInhabitants(host, plan);
  inhabitants.problems.forEach(problem);
  const locks = plan.locks.map(lock => moveLock(lock, () => host.monotonicMs()));
  const targets = [...dropped, ...withReturned(of('planned'), back), ...sessions, ...locks, ...compose, ...inhabitants.remaining];
  const [late, escaped] = [of('late'), of('escaped')];
  const isGone = proven && [...targets, ...late, ...escaped].every(isDone) && ports.every(({free}) => free === true) && back.size === 0;
  return {targets, ports, late, escaped, isGone};
};

/**
 * Carry out a plan. Never throws for what the machine does: whatever happens is in the outcome, with one result per target.
 * Nothing is touched before every identity has been read again and the intent is on disk (docs/safety.md, rules 4 and 9).
 */
export const executePlan = async (
  plan: Plan,
  parts: ExecuteParts,
  report: (progress: Progress) => void = () => undefined,
): Promise<Outcome> => {
  const {host, pace = PACE, dropped = []} = parts;
  const began = host.monotonicMs();
  const took = (): number => Math.round(host.monotonicMs() - began);
  const problems: string[] = [];
  const problem = (text: string): void => {
    if (!problems.includes(text)) {
      problems.push(text);
    }
  };
  const refuse = (rule: string, because: string): Outcome => {
    const outcome = refuseAll(plan, rule, because, took());
    return {...outcome, targets: [...dropped, ...outcome.targets]};
  };
  const begun = await beginRun(plan, {...parts, tableMs: pace.tableMs, problem, refuse});
  if (!('run' in begun)) {
    return begun;
  }
  const {run, checked} = begun;
  const there = plan.sessions.filter(({ref}) => checked.roots.get(ref)?.state === 'ok');
  const untold = await parts.tell?.(there, plan.asked.join(' '));
  untold?.forEach(problem);
  const {isGone, ...proof} = await endAll({
    ...begun,
    plan,
    parts,
    pace,
    ending: endingPanes(plan, checked),
    ends: createSessionEnds(parts, plan, checked, began, report),
    steps: createStepLog(run, problem),
    problem,
    report,
  });
  const started = await startAll(plan, isGone, parts);
  const ok = isGone && started.every(({result}) => result === 'up');
  return conclude(run, {ok, tookMs: took(), ...proof, started, problems, refused: null});
};
