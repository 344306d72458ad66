// Ends a set of processes and whatever they turn into: TERM, grace, look again for late children and escapees, KILL, until nothing is left.
import {lookAgain} from './look-again.ts';
import {createSignalRounds} from './signal-rounds.ts';
import {isOpen, settle, type Tracked} from './tracked-target.ts';
import type {TreeParts} from './tree-parts.ts';
import type {Waited} from './wait-for-end.ts';

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

/**
 * End `planned` and all that belongs to it. Every target, late and escaped ones included, has its one result when this returns.
 * Resolves to everything that was ended or tried, planned ones first, and whether nothing more can be hidden behind a failed look.
 */
export const terminateTree = async (
  parts: TreeParts,
  planned: readonly Tracked[],
): Promise<{readonly all: readonly Tracked[]; readonly proven: boolean}> => {
  const {host, hands, pace, report} = parts;
  const all: Tracked[] = [...planned];
  const born = new Map<number, number>();
  const rounds = createSignalRounds({parts, all, born, began: host.monotonicMs()});
  let killing = parts.force;
  let hungUp = false;
  let proven = false;

  const act = (open: readonly Tracked[]): Promise<Waited> => (killing ? rounds.force(open) : rounds.ask(open, !hungUp));

  const first = all.filter(isOpen);
  let waited: Waited = first.length === 0 ? 'gone' : await act(first);
  let doubts: readonly string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const more = await lookAgain(parts, all, born);
    doubts = more.doubts;
    more.kept.forEach(parts.problem);
    // What cannot be written to the journal is not touched (docs/safety.md, rule 9); what was written before still is.
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
    killing = killing || host.monotonicMs() >= rounds.grace || round >= PATIENT_ROUNDS;
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
