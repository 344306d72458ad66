// What the unattended loop would do after one look, and why not. Pure: the look, the memory and the time are given.

import type {Assessment} from '../core/domain/fleet.ts';
import type {LastSeat} from '../core/domain/plan.ts';
import type {Service, ServiceState} from '../core/domain/slot.ts';
import {firstOf} from '../words/counts.ts';
import {leftThisHour, mayRestart, SPACING_MS} from './brakes.ts';
import {freshlySpawned, isKept, sureOnes, unnamed} from './kept.ts';
import type {PersonsEnd} from './last-seen-places.ts';
import type {LoopState} from './loop-state.ts';
import {deadNow, type Policy, remember} from './memory.ts';

export type Decision =
  | {
      readonly kind: 'restart';
      readonly ref: string;
      readonly because: string;
      /** Where it ran, of what is gone with its session. */
      readonly seat?: LastSeat;
    }
  | {readonly kind: 'cleanup'; readonly ref: string; readonly finding: string; readonly force: boolean; readonly because: string}
  | {readonly kind: 'held-back'; readonly ref: string | null; readonly because: string};

const lastTry = ({keeps}: LoopState, ref: string): number => keeps[ref]?.lastRestartAt ?? 0;

/** What is dead and kept: reference → why. Who waited longest comes first, so that one that always fails takes nobody's turn. */
const wanted = (assessment: Assessment, policy: Policy, state: LoopState, now: number): readonly (readonly [string, string])[] =>
  [...deadNow(assessment, policy, state, now)]
    .filter(([ref]) => isKept(policy.keep, ref))
    .toSorted(([a], [b]) => lastTry(state, a) - lastTry(state, b) || (state.dead[a] ?? now) - (state.dead[b] ?? now));

const NAMED = 4;

/** Restarts that wait for their turn, in one note. */
export const describeQueue = (refs: readonly string[]): string => `to restart, one after the other: ${firstOf(refs, NAMED)}`;

const lastSeat = ({socket, session, directory, command}: LastSeat): LastSeat => ({socket, session, directory, command});

const decideRestarts = (assessment: Assessment, policy: Policy, state: LoopState, now: number): readonly Decision[] => {
  const judged = wanted(assessment, policy, state, now).map(([ref, because]): Decision => {
    const leave = mayRestart(state.keeps[ref], now);
    const young = freshlySpawned(assessment, ref, policy.graceMs);
    const reason = leave.may ? (unnamed(assessment, ref) ?? young) : leave.because;
    const seat = state.lostSince[ref] === undefined ? undefined : state.seats[ref];
    return reason === null
      ? {kind: 'restart', ref, because, ...(seat === undefined ? {} : {seat: lastSeat(seat)})}
      : {kind: 'held-back', ref, because: reason};
  });
  const ready = judged.flatMap(({kind, ref}) => (kind === 'restart' ? [ref] : []));
  return state.lastRestartAt === null || now - state.lastRestartAt >= SPACING_MS || ready.length === 0
    ? judged
    : [...judged.filter(({kind}) => kind === 'held-back'), {kind: 'held-back', ref: null, because: describeQueue(ready)}];
};

/** What may be said of a service that neither listens nor has provably crashed. */
const BARRED: ReadonlySet<ServiceState> = new Set<ServiceState>(['wrong-owner', 'wrong-port', 'stray', 'unknown']);

/** Why a kept service that was up cannot be started again now; null when it is up, or is proven to have crashed. */
const lossOf = (service: Service | undefined): string | null => {
  if (service === undefined) {
    return 'its slot is not in use any more, or its session cannot be seen';
  }
  return BARRED.has(service.state) ? `${service.state}: ${service.because}` : null;
};

/**
 * Kept services that were up and are neither up nor crashed: nothing says any more where they should run, or somebody else may have
 * their port. What many have in common, as when a server falls silent, is said once.
 */
const lostServices = ({services}: Assessment, {seenUp, lostSince, given}: LoopState): readonly Decision[] => {
  const known = [...new Set([...seenUp, ...Object.keys(given)])];
  const lost = known.flatMap(ref => {
    const reason = given[ref];
    const loss = lostSince[ref] === undefined ? lossOf(services.find(each => each.ref === ref)) : null;
    const because = reason === undefined ? loss : `not brought back: ${reason}`;
    return because === null ? [] : [{kind: 'held-back', ref, because} as const];
  });
  return [...new Set(lost.map(({because}) => because))].flatMap((because): readonly Decision[] => {
    const some = lost.filter(each => each.because === because);
    const refs = some.map(({ref}) => ref);
    return some.length > NAMED ? [{kind: 'held-back', ref: null, because: `${because}: ${firstOf(refs, NAMED)}`}] : some;
  });
};

const decideCleanup = (assessment: Assessment, policy: Policy, state: LoopState, now: number): readonly Decision[] => {
  const {cleanup} = policy;
  if (cleanup === null) {
    return [];
  }
  const ripe = sureOnes(assessment).filter(
    finding =>
      cleanup.kinds.includes(finding.kind) &&
      finding.remedies.includes('kill') &&
      now - (state.sureSince[finding.id] ?? now) >= cleanup.minAgeMs,
  );
  const stuck = ripe.filter(({id}) => state.tries[id]?.stuck != null);
  const open = ripe.filter(({id}) => state.tries[id]?.stuck == null);
  const left = leftThisHour(state.cleanups, cleanup.perHour, now);
  return [
    ...open.slice(0, left).map(
      ({id, subject, title}): Decision => ({
        kind: 'cleanup',
        ref: subject,
        finding: id,
        // The ladder: what an ordinary ending did not end is killed at once the next time.
        force: state.tries[id] !== undefined,
        because: title,
      }),
    ),
    ...open
      .slice(left)
      .map(({subject}): Decision => ({kind: 'held-back', ref: subject, because: `no more than ${cleanup.perHour} clean-ups an hour`})),
    ...stuck.map(({id, subject}): Decision => ({kind: 'held-back', ref: subject, because: state.tries[id]?.stuck ?? ''})),
  ];
};

export interface Round {
  readonly decisions: readonly Decision[];
  readonly state: LoopState;
}

/**
 * One round: what to do, what is held back and why, and the memory for the next. Nothing at all is done while halted. Not
 * `continuous`: nobody looked for a while, so nothing that is dead counts as a death of just now.
 */
export const decide = (
  assessment: Assessment,
  policy: Policy,
  before: LoopState,
  now: number,
  continuous = true,
  ends: readonly PersonsEnd[] = [],
): Round => {
  const state = remember(assessment, policy, before, now, continuous, ends);
  const requested = [...decideRestarts(assessment, policy, state, now), ...decideCleanup(assessment, policy, state, now)];
  const lost = lostServices(assessment, state);
  if (state.halted === null || requested.length === 0) {
    return {decisions: [...requested, ...lost], state};
  }
  const refs = [...wanted(assessment, policy, state, now).map(([ref]) => ref), ...requested.flatMap(({ref}) => ref ?? [])];
  const because = `halted: ${state.halted.because}; \`rigtop supervise resume\` goes on with ${firstOf([...new Set(refs)], NAMED)}`;
  return {decisions: [{kind: 'held-back', ref: null, because}, ...lost], state};
};
