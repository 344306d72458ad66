// Builds what detectors look at from one look. Pure.

import {finish} from '../../domain/finish.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexLook} from '../../look/index/look.ts';
import type {JudgingSource} from '../judging-source.ts';
import {identifying} from '../owners/identify.ts';
import {createProtections} from '../protect/protect.ts';
import {identifyServices} from '../slots/services.ts';
import type {World} from './detector.ts';

/** The world of one look, built with pauses. */
export const buildingWorld = function* (snapshot: Snapshot, settings: Settings, sources: readonly JudgingSource[]): Generator<void, World> {
  const identified = yield* identifying(snapshot, settings, sources);
  yield;
  const {fleet} = identified;
  const look = indexLook(snapshot);
  return {
    snapshot,
    look,
    settings,
    fleet,
    identified,
    services: identifyServices(snapshot, fleet, identified.slots),
    locks: sources.flatMap(source => source.locks?.(snapshot, fleet, settings) ?? []),
    protections: createProtections({look, fleet, settings}),
    originStateOf: process => {
      for (const {originStateOf} of sources) {
        const origin = originStateOf?.(process, {snapshot, settings});
        if (origin !== undefined && origin.presence !== 'none') {
          return origin;
        }
      }
      return {presence: 'none'};
    },
    lossOf: managed => {
      for (const {lossOf} of sources) {
        const loss = lossOf?.(managed, {snapshot, identified}) ?? null;
        if (loss !== null) {
          return loss;
        }
      }
      return null;
    },
  };
};

export const buildWorld = (snapshot: Snapshot, settings: Settings, sources: readonly JudgingSource[]): World =>
  finish(buildingWorld(snapshot, settings, sources));
