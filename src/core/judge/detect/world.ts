// Builds what detectors look at from one look. Pure.

import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexLook} from '../../look/index/look.ts';
import type {JudgingSource} from '../judging-source.ts';
import {identifyRoster} from '../owners/roster.ts';
import {createProtections} from '../protect/protect.ts';
import {identifyServices} from '../slots/services.ts';
import type {World} from './detector.ts';

export const buildWorld = (snapshot: Snapshot, settings: Settings, sources: readonly JudgingSource[]): World => {
  const roster = identifyRoster(snapshot, settings, sources);
  const {fleet} = roster;
  const look = indexLook(snapshot);
  return {
    snapshot,
    look,
    settings,
    fleet,
    roster,
    services: identifyServices(snapshot, fleet, roster.slots),
    locks: sources.flatMap(source => source.locks?.(snapshot, fleet, settings) ?? []),
    protections: createProtections({look, fleet, settings}),
    fateOf: process => {
      for (const {fateOf} of sources) {
        const fate = fateOf?.(process, {snapshot, settings});
        if (fate !== undefined && fate.fate !== 'none') {
          return fate;
        }
      }
      return {fate: 'none'};
    },
    lossOf: managed => {
      for (const {lossOf} of sources) {
        const loss = lossOf?.(managed, {snapshot, roster}) ?? null;
        if (loss !== null) {
          return loss;
        }
      }
      return null;
    },
  };
};
