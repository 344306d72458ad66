// Every detector, in the contract's order of kinds. Data, pure.

import {FINDING_KINDS, type FindingKind} from '../../domain/finding.ts';
import type {JudgingSource} from '../judging-source.ts';
import {MASS_DEATH} from '../mass-death.ts';
import {blindSpot} from './blind-spot.ts';
import {defunctProcess} from './defunct-process.ts';
import type {Described, Detector} from './detector.ts';
import {doubledAgent} from './doubled-agent.ts';
import {orphanHelper} from './orphan-helper.ts';
import {orphanProcess} from './orphan-process.ts';
import {orphanSession} from './orphan-session.ts';
import {pileUp} from './pile-up.ts';
import {serviceDown} from './service-down.ts';
import {sharedSlot} from './shared-slot.ts';
import {strayListener} from './stray-listener.ts';
import {wrongOwner} from './wrong-owner.ts';
import {wrongPort} from './wrong-port.ts';
import {zombieSession} from './zombie-session.ts';
import {zombieSlot} from './zombie-slot.ts';

/** Detectors that belong to no outside program. `mass-death` is not among them: it compares two looks (judge/mass-death.ts). */
const OWN: readonly Detector[] = [
  orphanSession,
  zombieSession,
  doubledAgent,
  orphanProcess,
  orphanHelper,
  defunctProcess,
  wrongOwner,
  wrongPort,
  serviceDown,
  strayListener,
  sharedSlot,
  pileUp,
  zombieSlot,
  blindSpot,
];

const ORDER = new Map(FINDING_KINDS.map((kind, index) => [kind, index]));

const place = ({kind}: Detector): number => ORDER.get(kind) ?? FINDING_KINDS.length;

/** What is told of each kind, as those who find it say it: `pick` chooses what. */
export const textsOf = (
  sources: readonly JudgingSource[],
  pick: (described: Described) => string,
): Readonly<Partial<Record<FindingKind, string>>> => {
  const texts = new Map<FindingKind, ReadonlySet<string>>();
  for (const detector of [...detectorsOf(sources), MASS_DEATH]) {
    texts.set(detector.kind, new Set([...(texts.get(detector.kind) ?? []), pick(detector)]));
  }
  return Object.fromEntries([...texts].map(([kind, all]) => [kind, [...all].join(' ')]));
};

/** Every detector, the engine's own and those of the sources, in the contract's order of kinds. Several may know of one kind. */
export const detectorsOf = (sources: readonly JudgingSource[]): readonly Detector[] =>
  [...OWN, ...sources.flatMap(({detectors = []}) => detectors)].toSorted((a, b) => place(a) - place(b));
