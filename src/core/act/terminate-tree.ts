// Ends a set of processes and whatever they turn into: TERM, grace, look again for late children and escapees, KILL, until nothing is left.
import {lookAgain} from './look-again.ts';
import {kill, type Signaller, terminate} from './signal-targets.ts';
import {isOpen, settle, type Tracked} from './tracked-target.ts';
import type {TreeParts} from './tree-parts.ts';
import {type Waited, waitForEnd} from './wait-for-end.ts';

/** Looks for more after each wait. Who forks anew in every round is not given another grace after some. */
const MAX_ROUNDS = 10;
const PATIENT_ROUNDS = 4;

/** What a process that is still there after SIGKILL is waiting for. */
const explain = ({hands}: TreeParts, target: Tracked): string => {
  const seen = hands.look(target.pid);
  if (seen.state === 'here' && seen.process.state === 'D') {
    return 'it is in uninterruptible sleep: the kernel ends it when its device answers';
  }
  return target.because ?? `still there after ${target.signal ?? 'no signal could be sent'}`;
};

const NOBODY: ReadonlySet<Tracked> = new Set();

/**
 * Shells that lead a terminal session while others still run in it. Their end hangs up the terminal (credentials(7)), which would cut
 * short the orderly exit of everybody else, so their turn comes when the others are gone.
 */
const heldBack = ({isTerminalShell}: TreeParts, open: readonly Tracked[]): ReadonlySet<Tracked> => {
  const shells = open.filter(isTerminalShell);
  return shells.length === open.length
    ? NOBODY
    : new Set(shells.filter(shell => open.some(each => each.root === shell.root && !shells.includes(each))));
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
  const noted = new Set<Tracked>();
  const born = new Map<number, number>();
  const began = host.monotonicMs();
  const grace = began + parts.graceMs;
  let killing = parts.force;
  let hungUp = false;
  let proven = false;

  const noteGone = (): void => {
    const gone = all.filter(each => each.result === 'gone' && !noted.has(each));
    for (const each of gone) {
      noted.add(each);
    }
    parts.step('gone', gone);
  };

  const killAndWait = async (open: readonly Tracked[]): Promise<Waited> => {
    kill(
      signaller,
      open,
      all.filter(({result}) => result !== 'refused' && result !== 'changed'),
    );
    parts.step('kill', open);
    const waited = await waitForEnd(parts, signaller, all, {
      until: host.monotonicMs() + pace.killWaitMs,
      mindShells: false,
      held: NOBODY,
      born,
    });
    noteGone();
    return waited;
  };

  const askAndWait = async (open: readonly Tracked[], held: ReadonlySet<Tracked>): Promise<Waited> => {
    // A second SIGTERM makes some programs give up their orderly exit.
    const targets = open.filter(target => target.signal === null && !held.has(target));
    terminate(signaller, targets);
    parts.step('term', targets);
    for (const target of targets.filter(isOpen)) {
      report({ref: target.ref, step: 'waiting', result: null});
    }
    // Half of the grace is for those who wait their turn.
    const until = held.size === 0 ? grace : Math.min(grace, began + parts.graceMs / 2);
    const waited = await waitForEnd(parts, signaller, all, {until, mindShells: !hungUp, held, born});
    noteGone();
    const waiting = open.filter(target => held.has(target) && isOpen(target));
    return waiting.length > 0 && waited !== 'gone' ? askAndWait(waiting, NOBODY) : waited;
  };

  const act = (open: readonly Tracked[]): Promise<Waited> => (killing ? killAndWait(open) : askAndWait(open, heldBack(parts, open)));

  const first = all.filter(isOpen);
  let waited: Waited = first.length === 0 ? 'gone' : await act(first);
  let doubts: readonly string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const more = await lookAgain(parts, all, born);
    doubts = more.doubts;
    more.kept.forEach(parts.problem);
    // What cannot be written to the journal is not touched (PRODUCT rule 9); what was written before still is.
    const written = more.found.length > 0 && (await parts.announce(more.found));
    for (const found of written ? more.found : []) {
      all.push(found);
    }
    proven = doubts.length === 0 && more.found.length === 0;
    const left = all.filter(isOpen);
    if (left.length === 0 && doubts.length > 0 && round < PATIENT_ROUNDS) {
      // Most doubts are of programs that end by themselves in a moment.
      await host.sleep(pace.doubtMs);
      continue;
    }
    if (left.length === 0 || (killing && !written)) {
      break;
    }
    if (waited === 'shells' && proven) {
      await parts.hangUp(left);
    }
    hungUp = hungUp || waited === 'shells';
    killing = killing || host.monotonicMs() >= grace || round >= PATIENT_ROUNDS;
    waited = await act(left);
  }
  doubts.forEach(parts.problem);
  for (const target of all.filter(isOpen)) {
    settle(target, 'survived', explain(parts, target), host.monotonicMs(), report);
  }
  // Most entries of the defunct have been cleared by now.
  for (const target of all.filter(({result, because}) => result === 'gone' && because !== null)) {
    target.because = hands.look(target.pid).state === 'gone' ? null : target.because;
  }
  return {all, proven};
};
