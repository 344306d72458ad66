// What the unattended loop remembers after one look: who has died and since when, where kept things ran, what a person gave up. Pure.
import type {Finding, FindingKind} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {keptRecords, noteRestart, SPACING_MS, withinHour} from './brakes.ts';
import {DEATHS, isBlind, isKept, keptRef, maybeDead, seenAlive, servicesFree, servicesUp, sureOnes} from './kept.ts';
import {isStoppedByPerson, type PersonsEnd, presenceOfSession, seatsOf} from './last-seen-places.ts';
import type {LoopState, Opening} from './loop-state.ts';

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
  /** Names of the rigs of the configuration: what of them is gone with its session can be started again by what it says. */
  readonly rigs: readonly string[];
  /** Null: nothing is ever cleaned up unattended. */
  readonly cleanup: CleanupPolicy | null;
  /** Time between two rounds. */
  readonly intervalMs: number;
  /** What was started less than this long ago is left to come up. */
  readonly graceMs: number;
}

/** This many deaths within the window stop all automatic action: it is more likely an outage than so many crashes. */
const MASS_DEATHS = 3;
const MASS_WINDOW_MS = 30_000;
/** Two looks of a service without a window prove its end (docs/safety.md, rule 2). */
const CONFIRM_MS = 500;
/** What is made under the name of a slot that was gone for so long is something else. */
const FORGOTTEN_SLOT_MS = 600_000;
/** A death is forgotten once the thing has not been seen for this long. */
const FORGOTTEN_MS = 86_400_000;

/** Of the services that have been seen up, those whose slot is out of sight although nothing hides it. */
const slotsGone = (assessment: Assessment, seenUp: readonly string[]): readonly string[] =>
  isBlind(assessment) ? [] : seenUp.filter(ref => assessment.services.every(service => service.ref !== ref));

/** Names one mass death: the same server may lose everything twice, so the evidence, which holds the moment, is part of it. */
const markOf = ({id, evidence}: Finding): string => [id, ...evidence.map(({fact}) => fact)].join('\n');

/** Kept services that are proven to be without window and listener. */
const crashedServices = ({freeSince}: LoopState, now: number): readonly string[] =>
  Object.entries(freeSince).flatMap(([ref, since]) => (now - since >= CONFIRM_MS ? [ref] : []));

const ofRigs = ({rigs}: Policy, ref: string): boolean =>
  rigs.some(rig => ref.startsWith(`slot:${rig}/`) || ref.startsWith(`agent:${rig}/`));

/** Kept things whose session is proven to be gone on two looks. */
const lostWithSession = ({lostSince}: LoopState, now: number): readonly string[] =>
  Object.entries(lostSince).flatMap(([ref, since]) => (now - since >= CONFIRM_MS ? [ref] : []));

/** A service that is down but has its tree may be starting itself again, as development servers do after every change. */
const isLasting = ({id, kind}: Finding, state: LoopState, graceMs: number, now: number): boolean =>
  kind !== 'service-down' || now - (state.sureSince[id] ?? now) >= graceMs;

/** What is proven dead now: reference → why. */
export const deadNow = (assessment: Assessment, {graceMs}: Policy, state: LoopState, now: number): ReadonlyMap<string, string> => {
  const dead = new Map([
    ...lostWithSession(state, now).map(ref => [ref, `it was up, and its session ${state.seats[ref]?.session ?? ''} is gone`] as const),
    ...crashedServices(state, now).map(ref => [ref, 'it listened, and now it has neither a window nor a listener'] as const),
    ...sureOnes(assessment)
      .filter(finding => DEATHS.has(finding.kind) && isLasting(finding, state, graceMs, now))
      .map(finding => [keptRef(finding, assessment), finding.title] as const),
  ]);
  for (const ref of Object.keys(state.given)) {
    dead.delete(ref);
  }
  return dead;
};

/** Since when each thing has been dead. What could not be seen in this look, or only in doubt, stays as it was. */
const deadSince = (assessment: Assessment, policy: Policy, state: LoopState, now: number): LoopState['dead'] => {
  const alive = seenAlive(assessment);
  const [doubtful, blind] = [maybeDead(assessment), isBlind(assessment)];
  const kept = Object.entries(state.dead).filter(
    ([ref, since]) =>
      !alive.has(ref) &&
      (blind || doubtful.has(ref) || state.freeSince[ref] !== undefined || state.lostSince[ref] !== undefined) &&
      now - since < FORGOTTEN_MS,
  );
  const dead = [...deadNow(assessment, policy, state, now).keys()];
  return Object.fromEntries([...dead.map(ref => [ref, now] as const), ...kept.map(([ref, since]) => [ref, Math.min(since, now)] as const)]);
};

/** What is remembered of where kept things ran, and which of them are gone with their session or given up by a person. */
const rememberSeats = (
  assessment: Assessment,
  policy: Policy,
  old: LoopState,
  now: number,
  ends: readonly PersonsEnd[],
): Pick<LoopState, 'seats' | 'lostSince' | 'given'> => {
  const up = new Set([...seenAlive(assessment)].filter(ref => isKept(policy.keep, ref)));
  const before = Object.fromEntries(Object.entries(old.seats).filter(([ref]) => isKept(policy.keep, ref)));
  const down = Object.entries(before).filter(([ref]) => !up.has(ref));
  const lostSince = Object.fromEntries(
    down
      .filter(([ref]) => ofRigs(policy, ref))
      .flatMap(([ref, seat]) => {
        const since = old.lostSince[ref];
        const presence = presenceOfSession(assessment, seat);
        return presence === 'gone' || (presence === 'unknown' && since !== undefined) ? [[ref, Math.min(since ?? now, now)] as const] : [];
      }),
  );
  const stopped = down.flatMap(([ref, seat]) =>
    isStoppedByPerson(seat, ends) ? [[ref, 'a person stopped it through rigtop'] as const] : [],
  );
  const given = Object.entries(old.given).filter(([ref]) => isKept(policy.keep, ref) && !up.has(ref));
  return {seats: {...before, ...seatsOf(assessment, up, now)}, lostSince, given: Object.fromEntries([...stopped, ...given])};
};

/** The memory after a look. Not `continuous`: nobody looked for a while. `ends`: what people ended through rigtop. */
export const remember = (
  assessment: Assessment,
  policy: Policy,
  before: LoopState,
  now: number,
  continuous: boolean,
  ends: readonly PersonsEnd[],
): LoopState => {
  const {keep, intervalMs} = policy;
  const past = (time: number | undefined): number => Math.min(time ?? now, now);
  const old = continuous ? before : {...before, sureSince: {}, freeSince: {}, lostSince: {}, goneSince: {}, dead: {}, deaths: []};
  const places = rememberSeats(assessment, policy, old, now, ends);
  const goneSince = Object.fromEntries(slotsGone(assessment, old.seenUp).map(ref => [ref, past(old.goneSince[ref])]));
  const known = old.seenUp.filter(
    ref => isKept(keep, ref) && (places.lostSince[ref] !== undefined || now - (goneSince[ref] ?? now) < FORGOTTEN_SLOT_MS),
  );
  const seenUp = [...new Set([...known, ...servicesUp(assessment, keep)])];
  const freeSince = Object.fromEntries(servicesFree(assessment, seenUp).map(ref => [ref, past(old.freeSince[ref])]));
  const state: LoopState = {...old, ...places, seenUp, freeSince};
  const dead = deadSince(assessment, policy, state, now);
  // What was dead when nobody had looked before has not died just now.
  const fresh = continuous
    ? Object.keys(dead)
        .filter(ref => state.dead[ref] === undefined)
        .map(() => now)
    : [];
  // A death is noticed up to a round after it, so deaths of one window may be noticed a round apart.
  const deaths = [...state.deaths.map(past).filter(at => now - at < MASS_WINDOW_MS + intervalMs), ...fresh];
  const mass = assessment.findings.filter(({kind}) => kind === 'mass-death');
  const unseen = mass.find(finding => !state.massDeaths.includes(markOf(finding)));
  const because =
    unseen?.title ?? (deaths.length >= MASS_DEATHS ? `${deaths.length} deaths within about ${MASS_WINDOW_MS / 1000} s` : null);
  const present = new Set(assessment.findings.map(({id}) => id));
  return {
    keeps: keptRecords(state.keeps, now),
    lastRestartAt: state.lastRestartAt === null ? null : past(state.lastRestartAt),
    cleanups: withinHour(state.cleanups, now),
    tries: Object.fromEntries(Object.entries(state.tries).filter(([id]) => present.has(id))),
    sureSince: Object.fromEntries(sureOnes(assessment).map(({id}) => [id, past(state.sureSince[id])])),
    seenUp,
    ...places,
    freeSince,
    goneSince,
    dead,
    deaths,
    massDeaths: mass.map(markOf),
    halted: state.halted ?? (because === null ? null : {since: now, because}),
  };
};

/** The memory after a restart was tried, whatever came of it. */
export const afterRestart = (state: LoopState, ref: string, now: number): LoopState => ({
  ...state,
  keeps: {...state.keeps, [ref]: noteRestart(state.keeps[ref], now)},
  lastRestartAt: now,
});

/** The memory with what was begun and never finished: tried, by whomever. What this supervisor noted itself before it began is there already. */
export const afterInterrupted = (state: LoopState, opening: readonly Opening[]): LoopState => {
  const starts = opening.flatMap(({began}) => (began === undefined ? [] : began.starts.map(ref => ({ref, at: began.at}))));
  return starts.reduce((memory, {ref, at}) => {
    const noted = memory.keeps[ref]?.lastRestartAt;
    return noted !== undefined && noted > at - SPACING_MS ? memory : afterRestart(memory, ref, at);
  }, state);
};

/** The memory after `roots` were cleaned up. */
export const afterCleanup = (state: LoopState, roots: number, now: number): LoopState => ({
  ...state,
  cleanups: [...state.cleanups, ...Array.from({length: roots}, () => now)],
});

/** So many tries in vain, and a person has to look. */
const MOST_TRIES = 3;

/** The memory after an ending that did not succeed. `unkillable`: what survived KILL, in words; null when nothing did. */
export const afterSurvival = (state: LoopState, finding: string, unkillable: string | null): LoopState => {
  const count = (state.tries[finding]?.count ?? 0) + 1;
  const stuck = unkillable ?? (count >= MOST_TRIES ? `${count} tries did not end it; a person has to look` : null);
  return {...state, tries: {...state.tries, [finding]: {count, stuck}}};
};

/** A person lets it go on after a pause: crash loops and the unkillable may be tried again, a halt that came meanwhile stays. */
export const goneOn = (state: LoopState): LoopState => ({...state, keeps: {}, tries: {}});

/** A person has looked: deaths are forgotten, and crash loops and the unkillable may be tried again. */
export const resumed = (state: LoopState): LoopState => ({...goneOn(state), halted: null, deaths: []});

/** A person does not want it back: nothing is done about it until it is seen up again. */
export const forgotten = (state: LoopState, ref: string): LoopState => ({
  ...state,
  given: {...state.given, [ref]: 'a person said `rigtop supervise forget`'},
});
