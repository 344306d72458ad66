// From suspicions to findings: what two looks have confirmed is sure, everything else is unknown. A reducer over looks, pure.
import type {Evidence} from '../domain/agent.ts';
import type {Finding, Suspicion} from '../domain/finding.ts';
import type {Fleet} from '../domain/fleet.ts';
import type {Settings} from '../domain/settings.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import {findingIds} from './finding-id.ts';
import {
  countPopulation,
  emptyPopulation,
  findMassDeaths,
  MASS_DEATH_SHOWN_MS,
  type MassDeath,
  type Population,
  suspectMassDeath,
} from './mass-death.ts';

/** Two looks further apart than this do not confirm each other: too much may have happened in between. */
const LONGEST_GAP_MS = 5 * 60_000;
/** The monotonic clock of most systems stands still during suspend, uptime goes on: a difference tells of one. */
const SUSPEND_SLACK_MS = 5_000;

export interface Memory {
  /** When the last look was taken, by both clocks; null before the first. */
  readonly last: {readonly monotonicMs: number; readonly uptimeMs: number; readonly bootId: string | null} | null;
  /** Since when each suspicion has stood without a doubt, monotonic milliseconds, by key. */
  readonly since: ReadonlyMap<string, number>;
  readonly population: Population;
  /** Mass deaths still shown, with the moment they were seen. */
  readonly deaths: readonly {readonly death: MassDeath; readonly at: number}[];
  /** Whether another look would make something sure. */
  readonly pending: boolean;
}

export const emptyMemory: Memory = {last: null, since: new Map(), population: emptyPopulation, deaths: [], pending: false};

/** Whether this look can confirm what the last one suspected. */
const isContinuous = (last: Memory['last'], snapshot: Snapshot): boolean => {
  if (last === null || last.bootId !== snapshot.bootId) {
    return false;
  }
  const gap = snapshot.monotonicMs - last.monotonicMs;
  const slept = snapshot.uptimeMs - last.uptimeMs - gap;
  return gap >= 0 && gap <= LONGEST_GAP_MS && Math.abs(slept) <= SUSPEND_SLACK_MS;
};

/** A defunct child of a moment ago is normal: it is shown only when the second look finds it again. */
const isQuiet = (suspicion: Suspicion): boolean => suspicion.kind === 'defunct-process';

/** Not said twice where the reason is the fact itself. */
const because = (reason: string, evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.some(({fact}) => fact === reason) ? [] : [{fact: `not certain: ${reason}`, source: 'rules of certainty'}];

/** Says no durations: evidence that changes at every look would redraw a screen on which nothing has happened. */
const CONFIRMED: Evidence = {fact: 'seen so in two looks and in every look since', source: 'rules of certainty'};

/** The moment tells one mass death from the next of the same server. */
const noticed = ({takenAt}: Snapshot): Evidence => ({fact: `noticed at ${new Date(takenAt).toISOString()}`, source: 'clock'});

const toFinding = (
  {key: _key, proof: _proof, doubt: _doubt, ...rest}: Suspicion,
  id: string,
  reason: string | null,
  proven: Evidence | null,
): Finding => {
  const witness = proven === null ? [] : [proven];
  return {
    ...rest,
    id,
    certainty: reason === null ? 'sure' : 'unknown',
    evidence: [...rest.evidence, ...(reason === null ? witness : because(reason, rest.evidence))],
    remedies: reason === null && rest.protectedBy === null ? rest.remedies : [],
  };
};

/** Standing suspicions with the moment since when: doubtful ones do not count as a look. */
const remember = (suspicions: readonly Suspicion[], before: Memory['since'], now: number): Memory['since'] =>
  new Map(
    suspicions
      .filter(suspicion => suspicion.proof === 'two-looks' && suspicion.doubt === null)
      .map(suspicion => [suspicion.key, before.get(suspicion.key) ?? now] as const),
  );

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly memory: Memory;
}

/**
 * Judge one look's suspicions with what earlier looks showed (docs/safety.md, rule 2). A verdict that rests on absence is sure when the
 * same suspicion stood, free of doubt, `confirmGapMs` before and ever since. A mass death makes the whole look unknown and starts
 * every count again.
 */
export const judge = (
  suspicions: readonly Suspicion[],
  snapshot: Snapshot,
  fleet: Fleet,
  settings: Settings,
  memory: Memory,
): Judgement => {
  const now = snapshot.monotonicMs;
  const sameBoot = memory.last !== null && memory.last.bootId === snapshot.bootId;
  const population = countPopulation(snapshot, fleet, sameBoot ? memory.population : emptyPopulation);
  const fresh = sameBoot ? findMassDeaths(memory.population, snapshot, population) : [];
  const deaths = [
    ...memory.deaths.filter(
      ({death, at}) => sameBoot && now >= at && now - at < MASS_DEATH_SHOWN_MS && !fresh.some(each => each.key === death.key),
    ),
    ...fresh.map(death => ({death: {...death, evidence: [...death.evidence, noticed(snapshot)]}, at: now})),
  ];
  const distrusted = fresh.length > 0;
  const before = isContinuous(memory.last, snapshot) ? memory.since : new Map<string, number>();
  const since = distrusted ? new Map<string, number>() : remember(suspicions, before, now);

  const all = [...suspicions, ...deaths.map(({death}) => suspectMassDeath(death))];
  const ids = findingIds(all.map(suspicion => suspicion.key));
  let pending = distrusted;
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const suspicion of all) {
    if (seen.has(suspicion.key)) {
      continue;
    }
    seen.add(suspicion.key);
    const first = since.get(suspicion.key);
    const waits = suspicion.proof === 'two-looks' && (first === undefined || now - first < settings.confirmGapMs);
    const early = waits ? `seen in one look so far; a second one after ${settings.confirmGapMs} ms decides` : null;
    const reason = suspicion.doubt ?? (distrusted ? 'too much vanished in this look at once' : early);
    if (waits && suspicion.doubt === null) {
      pending = true;
      if (isQuiet(suspicion)) {
        continue;
      }
    }
    const proven = suspicion.proof === 'two-looks' ? CONFIRMED : null;
    findings.push(toFinding(suspicion, ids.get(suspicion.key) ?? 'f-0', reason, proven));
  }
  return {
    findings,
    memory: {
      last: {monotonicMs: now, uptimeMs: snapshot.uptimeMs, bootId: snapshot.bootId},
      since,
      population,
      deaths,
      pending,
    },
  };
};

/** Whether a second look would make a verdict certain: only then is it worth taking. */
export const needsSecondLook = (memory: Memory): boolean => memory.pending;
