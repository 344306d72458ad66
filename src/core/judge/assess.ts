// One look judged: identified, suspected, doubted, sorted. Pure: the memory between looks goes in and comes out.

import {compareText} from '../domain/compare-text.ts';
import {FINDING_KINDS, type Finding, type Suspicion} from '../domain/finding.ts';
import {finish} from '../domain/finish.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {Settings} from '../domain/settings.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {World} from './detect/detector.ts';
import {detectorsOf} from './detect/detectors.ts';
import {suspecting} from './detect/suspect-all.ts';
import {buildingWorld} from './detect/world.ts';
import {withUsers} from './in-use.ts';
import type {JudgingSource} from './judging-source.ts';
import {withLivingOwners} from './living-owner.ts';
import {believe} from './owners/believed-records.ts';
import {identifyingPorts} from './slots/ports.ts';
import {judge, type Memory} from './two-looks.ts';

export {emptyMemory, type Memory, needsSecondLook} from './two-looks.ts';

const SEVERITY: Readonly<Record<Finding['severity'], number>> = {high: 0, medium: 1, low: 2};
const CERTAINTY: Readonly<Record<Finding['certainty'], number>> = {sure: 0, unknown: 1};
const KIND = new Map(FINDING_KINDS.map((kind, index) => [kind, index]));

const byWeight = (a: Finding, b: Finding): number =>
  SEVERITY[a.severity] - SEVERITY[b.severity] ||
  CERTAINTY[a.certainty] - CERTAINTY[b.certainty] ||
  (KIND.get(a.kind) ?? 0) - (KIND.get(b.kind) ?? 0) ||
  compareText(a.subject, b.subject) ||
  compareText(a.id, b.id);

/**
 * What is protected is protected whoever suspects it: where a detector named no protection, that of the first process involved
 * counts. A process as the subject was judged by itself: what is protected below it is left out of plans one by one.
 */
const withProtection = (world: World, suspicion: Suspicion): Suspicion => {
  if (suspicion.protectedBy !== null || suspicion.subject.startsWith('process:') || suspicion.remedies.length === 0) {
    return suspicion;
  }
  for (const {pid} of suspicion.processes) {
    const process = world.snapshot.processes.get(pid);
    const protection = process === undefined ? undefined : world.protections.ofProcess(process)[0];
    if (protection !== undefined) {
      return {...suspicion, protectedBy: protection};
    }
  }
  return suspicion;
};

/** What is made of a look, and what is remembered for the next. */
export interface Assessed {
  readonly assessment: Assessment;
  readonly memory: Memory;
}

/**
 * Judge one look with the memory of those before it. Most severe findings first; the order is the same for the same facts. A detector
 * that breaks is a blind spot of the assessment's own snapshot. Pauses often.
 */
export const assessing = function* (
  look: Snapshot,
  settings: Settings,
  memory: Memory,
  sources: readonly JudgingSource[],
): Generator<void, Assessed> {
  const {world, suspicions: suspected} = yield* suspecting(yield* buildingWorld(believe(look), settings, sources), detectorsOf(sources));
  const {snapshot} = world;
  yield;
  const suspicions = withLivingOwners(withUsers(suspected, snapshot), world).map(suspicion => withProtection(world, suspicion));
  yield;
  const judged = judge(suspicions, snapshot, world.fleet, settings, memory);
  const fleet = sources.reduce((settled, {settle}) => settle?.(settled, judged.findings) ?? settled, world.fleet);
  yield;
  const ports = yield* identifyingPorts({snapshot, fleet, services: world.services, findings: judged.findings});
  yield;
  return {
    assessment: {
      snapshot,
      fleet,
      slots: world.identified.slots,
      services: world.services,
      ports,
      locks: world.locks,
      findings: judged.findings.toSorted(byWeight),
      feeds: sources.flatMap(({feeds}) => feeds?.(snapshot) ?? []),
      multiplexers: sources.flatMap(({name, multiplexer}) => (multiplexer === undefined ? [] : [name])),
    },
    memory: judged.memory,
  };
};

/** The same in one go. */
export const assess = (look: Snapshot, settings: Settings, memory: Memory, sources: readonly JudgingSource[]): Assessed =>
  finish(assessing(look, settings, memory, sources));
