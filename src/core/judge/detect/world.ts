// Builds what detectors look at from one look. Pure.

import {identifyLocks} from '../../../sources/gastown/locks/agent-locks.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {identifyRoster} from '../owners/roster.ts';
import {createProtections} from '../protect/protect.ts';
import {identifyServices} from '../slots/services.ts';
import type {World} from './detector.ts';

export const buildWorld = (snapshot: Snapshot, settings: Settings): World => {
  const roster = identifyRoster(snapshot, settings);
  const {fleet, places} = roster;
  return {
    snapshot,
    settings,
    fleet,
    roster,
    services: identifyServices(snapshot, fleet, settings),
    locks: identifyLocks(snapshot, fleet, settings),
    protections: createProtections({snapshot, fleet, settings, places}),
  };
};
