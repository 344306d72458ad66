// What the unattended loop would do after one look, and why not. Pure: the look, the memory and the time are given.
import type {Finding, FindingKind} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {type KeepRecord, leftThisHour, mayRestart, noteRestart, withinHour} from './brakes.ts';

export interface CleanupPolicy {
  readonly kinds: readonly FindingKind[];
  /** A finding must have been sure for this long. */
  readonly minAgeMs: number;
  /** Roots in any hour. */
  readonly perHour: number;
}

export interface Policy {
  /** References with `*`, of what is restarted when it is provably crashed. */
  readonly keep: readonly string[];
  /** Null: nothing is ever cleaned up unattended. */
  readonly cleanup: CleanupPolicy | null;
}

/** What is remembered between rounds and over restarts. Times are milliseconds since the epoch. */
export interface LoopState {
  readonly keeps: Readonly<Record<string, KeepRecord>>;
  /** When each root was cleaned up, of the last hour. */
  readonly cleanups: readonly number[];
  /** Since when each present finding has been sure. */
  readonly sureSince: Readonly<Record<string, number>>;
  /** When each death was noticed, of the last half minute. */
  readonly deaths: readonly number[];
  /** Set by mass death; only a person lifts it. */
  readonly halted: {readonly since: number; readonly because: string} | null;
}

export const EMPTY_STATE: LoopState = {keeps: {}, cleanups: [], sureSince: {}, deaths: [], halted: null};

export type Decision =
  | {readonly kind: 'restart'; readonly ref: string; readonly because: string}
  | {readonly kind: 'cleanup'; readonly findings: readonly string[]; readonly because: string}
  | {readonly kind: 'held-back'; readonly ref: string; readonly because: string};

/** This many deaths within the window stop all automatic action: it is more likely an outage than so many crashes. */
const MASS_DEATHS = 3;
const MASS_WINDOW_MS = 30_000;

const DEATHS: ReadonlySet<FindingKind> = new Set(['crashed-agent', 'zombie-session', 'service-down']);
const KEPT: ReadonlySet<FindingKind> = new Set(['crashed-agent', 'zombie-session', 'service-down']);

const escapeText = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** `*` stands for anything but a slash, as in `agent:search/*` and `slot:search/*` + `/web`. */
export const matchesKeep = (pattern: string, ref: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escapeText).join('[^/]*')}$`).test(ref);

/** What a finding is about in the words of `keep`: its agent, or the slot's service. */
const keptRef = (finding: Finding, assessment: Assessment): string =>
  finding.session === null
    ? finding.subject
    : (assessment.fleet.agents.find(agent => agent.session === finding.session)?.ref ?? finding.subject);

const sureOnes = (assessment: Assessment): readonly Finding[] => assessment.findings.filter(finding => finding.certainty === 'sure');

const haltedBy = (assessment: Assessment, deaths: readonly number[]): string | null => {
  const mass = assessment.findings.find(finding => finding.kind === 'mass-death');
  if (mass !== undefined) {
    return mass.title;
  }
  return deaths.length >= MASS_DEATHS ? `${deaths.length} deaths within ${MASS_WINDOW_MS / 1000} s` : null;
};

const remember = (assessment: Assessment, state: LoopState, now: number): LoopState => {
  const sure = sureOnes(assessment);
  const fresh = sure.filter(finding => DEATHS.has(finding.kind) && state.sureSince[finding.id] === undefined);
  const deaths = [...state.deaths.filter(at => now - at < MASS_WINDOW_MS), ...fresh.map(() => now)];
  const because = haltedBy(assessment, deaths);
  return {
    ...state,
    sureSince: Object.fromEntries(sure.map(finding => [finding.id, Math.min(state.sureSince[finding.id] ?? now, now)])),
    deaths,
    cleanups: withinHour(state.cleanups, now),
    halted: state.halted ?? (because === null ? null : {since: now, because}),
  };
};

const decideRestarts = (assessment: Assessment, policy: Policy, state: LoopState, now: number): readonly Decision[] => {
  const dead = sureOnes(assessment).filter(finding => KEPT.has(finding.kind));
  const wanted = new Map(dead.map(finding => [keptRef(finding, assessment), finding.title]));
  const kept = [...wanted].filter(([ref]) => policy.keep.some(pattern => matchesKeep(pattern, ref)));
  let started = false;
  return kept.map(([ref, because]): Decision => {
    const leave = mayRestart(state.keeps[ref], now);
    if (!leave.may) {
      return {kind: 'held-back', ref, because: leave.because};
    }
    // One a round: a burst of starts hides which of them fails, and races for shared credentials.
    if (started) {
      return {kind: 'held-back', ref, because: 'another restart comes first'};
    }
    started = true;
    return {kind: 'restart', ref, because};
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
  const left = leftThisHour(state.cleanups, cleanup.perHour, now);
  const taken = ripe.slice(0, left).map(finding => finding.id);
  return [
    ...(taken.length > 0
      ? [{kind: 'cleanup', findings: taken, because: `${taken.length} sure for longer than the policy asks`} as const]
      : []),
    ...ripe
      .slice(left)
      .map(finding => ({kind: 'held-back', ref: finding.subject, because: `no more than ${cleanup.perHour} clean-ups an hour`}) as const),
  ];
};

/** One round: what to do, what is held back and why, and the memory for the next. Nothing at all is done while halted. */
export const decide = (
  assessment: Assessment,
  policy: Policy,
  before: LoopState,
  now: number,
): {readonly decisions: readonly Decision[]; readonly state: LoopState} => {
  const state = remember(assessment, before, now);
  const wanted = [...decideRestarts(assessment, policy, state, now), ...decideCleanup(assessment, policy, state, now)];
  if (state.halted === null) {
    return {decisions: wanted, state};
  }
  const because = `halted: ${state.halted.because}; \`rigtop supervise resume\` goes on`;
  const held = wanted.flatMap((decision): readonly Decision[] =>
    decision.kind === 'cleanup'
      ? decision.findings.map(id => ({kind: 'held-back', ref: `finding:${id}`, because}))
      : [{kind: 'held-back', ref: decision.ref, because}],
  );
  return {decisions: held, state};
};

/** The memory after a restart was tried, whatever came of it. */
export const afterRestart = (state: LoopState, ref: string, now: number): LoopState => ({
  ...state,
  keeps: {...state.keeps, [ref]: noteRestart(state.keeps[ref], now)},
});

/** The memory after `roots` were cleaned up. */
export const afterCleanup = (state: LoopState, roots: number, now: number): LoopState => ({
  ...state,
  cleanups: [...state.cleanups, ...Array.from({length: roots}, () => now)],
});

/** A person has looked: deaths are forgotten, and crash loops may try again. */
export const resumed = (state: LoopState): LoopState => ({...state, halted: null, deaths: [], keeps: {}});
