// Ends a set of processes and whatever they turn into: TERM, grace, look again for late children and escapees, KILL, until nothing is left.

import {commandLine} from '../domain/command-line.ts';
import type {Protection} from '../domain/finding.ts';
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import type {Progress} from '../domain/outcome.ts';
import type {Process} from '../domain/process.ts';
import type {Hands} from '../os/hands.ts';
import type {Host} from '../os/host.ts';
import {type Found, findLate, type Traces, withMembers} from '../plan/late.ts';
import {kill, lookAtTargets, type Signaller, terminate} from './signal-targets.ts';
import {isOpen, settle, type Tracked, track} from './tracked.ts';

/** How long things may take; all milliseconds. */
export interface Pace {
  /** First wait between two looks; doubles, up to a tenth of the time waited so far. */
  readonly firstPollMs: number;
  readonly maxPollMs: number;
  /** After SIGKILL: longer than this is a process that the kernel holds (state D). */
  readonly killWaitMs: number;
  /** When only shells at their prompts are left: interactive shells ignore SIGTERM, and end when their terminal hangs up. */
  readonly hangUpAfterMs: number;
  /** For one reading of the process table. */
  readonly tableMs: number;
}

export const PACE: Pace = {firstPollMs: 5, maxPollMs: 100, killWaitMs: 3000, hangUpAfterMs: 100, tableMs: 5000};

export interface TreeParts {
  readonly host: Host;
  readonly hands: Hands;
  readonly pace: Pace;
  readonly graceMs: number;
  readonly force: boolean;
  readonly traces: Traces;
  /** Pids that the plan left out. */
  readonly spared: ReadonlySet<number>;
  /** The rule that forbids ending a process found later; null when none does. */
  protect(process: Process, processes: ProcessMap): Protection | null;
  /** Writes what was found to the journal. False: it could not be written, so it is not touched. */
  announce(found: readonly Tracked[]): Promise<boolean>;
  /** Told of each stage, for the journal. */
  step(step: 'term' | 'kill' | 'gone', tracked: readonly Tracked[]): void;
  /** Ends the sessions whose prompt shells are all that is left; see `hangUpAfterMs`. */
  hangUp(left: readonly Tracked[]): Promise<void>;
  /** Whether a target is a shell at its prompt that leads a pane of a session that ends. */
  isPaneShell(tracked: Tracked): boolean;
  problem(text: string): void;
  report(progress: Progress): void;
}

/** Looks for more after each wait. Who forks anew in every round is not given another grace after some. */
const MAX_ROUNDS = 10;
const PATIENT_ROUNDS = 4;

interface Look {
  readonly processes: ProcessMap;
  /** Milliseconds since boot of a moment of the clock that does not jump. */
  bootMs(monotonicMs: number): number;
}

const readProcesses = async ({host, pace}: TreeParts): Promise<Look | string> => {
  const {processes} = await host.readTables(pace.tableMs);
  // The table is older than this moment: taking it as read now puts every sighting earlier than it was, which only makes for doubt.
  const now = host.monotonicMs();
  return processes.known
    ? {processes: processes.value.processes, bootMs: moment => processes.value.uptimeMs - (now - moment)}
    : processes.because;
};

type Waited = 'gone' | 'shells' | 'time';

/** Poll until every target is gone, until `until`, or, where that is asked for, until only shells at their prompts are left. */
const waitForEnd = async (
  parts: TreeParts,
  signaller: Signaller,
  targets: readonly Tracked[],
  until: number,
  mindShells: boolean,
): Promise<Waited> => {
  const began = signaller.now();
  let pause = parts.pace.firstPollMs;
  for (;;) {
    lookAtTargets(signaller, targets);
    const left = targets.filter(isOpen);
    const now = signaller.now();
    if (left.length === 0) {
      return 'gone';
    }
    if (now >= until) {
      return 'time';
    }
    if (mindShells && now - began >= parts.pace.hangUpAfterMs && left.every(parts.isPaneShell)) {
      return 'shells';
    }
    await parts.host.sleep(Math.min(pause, until - now));
    // A tenth of the time waited: a slow exit is noticed within a tenth of its length, a quick one within a few milliseconds.
    pause = Math.min(pause * 2, parts.pace.maxPollMs, Math.max(parts.pace.firstPollMs, (signaller.now() - began) / 10));
  }
};

/** Everything that another way of looking sees below the living targets and the table does not show (yet). */
const unseenByTable = async (parts: TreeParts, targets: readonly Tracked[], processes: ProcessMap): Promise<boolean> => {
  for (const target of targets.filter(isOpen)) {
    if (!ancestorsOf(processes, target.pid).some(pid => targets.some(each => isOpen(each) && each.pid === pid))) {
      const tree = await parts.hands.treeOf(target.pid);
      if (tree.known && tree.value.some(pid => !processes.has(pid))) {
        return true;
      }
    }
  }
  return false;
};

const toTracked = ({process, how, below}: Found, processes: ProcessMap, targets: readonly Tracked[]): Tracked =>
  track(process, {
    command: commandLine(process),
    sort: how === 'escaped' ? 'escaped' : 'late',
    root: targets.find(({pid}) => pid === below)?.root ?? targets[0]?.root ?? '',
    depth: ancestorsOf(processes, process.pid).length,
  });

interface More {
  readonly found: readonly Tracked[];
  /** False when something may belong to the targets and cannot be told: then nothing is proven. */
  readonly certain: boolean;
}

/** What belongs to the targets by now, minus what a rule protects. */
const look = async (parts: TreeParts, targets: readonly Tracked[]): Promise<More> => {
  let seen = await readProcesses(parts);
  if (typeof seen !== 'string' && (await unseenByTable(parts, targets, seen.processes))) {
    seen = await readProcesses(parts);
  }
  if (typeof seen === 'string') {
    parts.problem(`late children and escapees could not be looked for: ${seen}`);
    return {found: [], certain: false};
  }
  const {processes, bootMs} = seen;
  const spared = new Set(parts.spared);
  const aliveAt = new Map(targets.map(target => [target.pid, target.aliveAt]));
  const sight = {
    processes,
    spared,
    lastAlive: (pid: number): number => {
      const moment = aliveAt.get(pid);
      return moment === null || moment === undefined ? Number.NEGATIVE_INFINITY : bootMs(moment);
    },
  };
  const traces = withMembers(parts.traces, targets);
  for (const {process, how} of findLate(traces, sight)) {
    const protection = how === 'doubtful' ? null : parts.protect(process, processes);
    if (protection !== null) {
      spared.add(process.pid);
      parts.problem(`${process.pid} (${commandLine(process, 60)}) belongs to it and is left alone: ${protection.because}`);
    }
  }
  const found = findLate(traces, sight);
  const doubtful = found.filter(({how}) => how === 'doubtful');
  for (const {process} of doubtful) {
    parts.problem(`${process.pid} (${commandLine(process, 60)}) may belong to it, which cannot be told any more: left alone`);
  }
  return {
    found: found.filter(({how}) => how !== 'doubtful').map(each => toTracked(each, processes, targets)),
    certain: doubtful.length === 0,
  };
};

/** What a process that is still there after SIGKILL is waiting for. */
const explain = ({hands}: TreeParts, target: Tracked): string => {
  const seen = hands.look(target.pid);
  if (seen.state === 'here' && seen.process.state === 'D') {
    return 'it is in uninterruptible sleep: the kernel ends it when its device answers';
  }
  return target.because ?? `still there after ${target.signal ?? 'no signal could be sent'}`;
};

/**
 * End `planned` and all that belongs to it. Every target, late and escaped ones included, has its one result when this returns.
 * Resolves to everything that was ended or tried, planned ones first, and whether nothing more can be hidden behind a failed look.
 */
export const terminateTree = async (
  parts: TreeParts,
  planned: readonly Tracked[],
): Promise<{readonly all: readonly Tracked[]; readonly proven: boolean}> => {
  const {host, hands, pace, report} = parts;
  const signaller: Signaller = {hands, now: () => host.monotonicMs(), report};
  const all: Tracked[] = [...planned];
  let killing = parts.force;
  let hungUp = false;
  const grace = host.monotonicMs() + parts.graceMs;
  let proven = false;
  const noted = new Set<Tracked>();

  const signalAndWait = async (open: readonly Tracked[]): Promise<Waited> => {
    // A second SIGTERM makes some programs give up their orderly exit.
    const targets = killing ? open : open.filter(({signal}) => signal === null);
    if (killing) {
      kill(
        signaller,
        targets,
        all.filter(({result}) => result !== 'refused' && result !== 'changed'),
      );
    } else {
      terminate(signaller, targets);
    }
    parts.step(killing ? 'kill' : 'term', targets);
    for (const target of targets.filter(isOpen)) {
      report({ref: target.ref, step: 'waiting', result: null});
    }
    const waited = await waitForEnd(parts, signaller, all, killing ? host.monotonicMs() + pace.killWaitMs : grace, !killing && !hungUp);
    const gone = all.filter(each => each.result === 'gone' && !noted.has(each));
    gone.forEach(each => {
      noted.add(each);
    });
    parts.step('gone', gone);
    return waited;
  };

  const openBefore = all.filter(isOpen);
  let waited: Waited = openBefore.length === 0 ? 'gone' : await signalAndWait(openBefore);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const {found, certain} = await look(parts, all);
    proven = certain && found.length === 0;
    // What cannot be written to the journal is not touched (PRODUCT rule 9); what was written before still is.
    const more = found.length > 0 && (await parts.announce(found)) ? found : [];
    all.push(...more);
    const left = all.filter(isOpen);
    if (left.length === 0 || (killing && more.length === 0)) {
      break;
    }
    if (waited === 'shells' && proven) {
      await parts.hangUp(left);
    }
    hungUp = hungUp || waited === 'shells';
    killing = killing || host.monotonicMs() >= grace || round >= PATIENT_ROUNDS;
    waited = await signalAndWait(left);
  }
  for (const target of all.filter(isOpen)) {
    settle(target, 'survived', explain(parts, target), host.monotonicMs(), report);
  }
  return {all, proven};
};
