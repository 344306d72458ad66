// What Gas Town contributes: towns from their files, and the verdicts over their locks, daemons and heartbeats.
import type {Source} from '../../core/source.ts';
import {crashedAgent} from './detect/crashed-agent.ts';
import {invalidLock} from './detect/invalid-lock.ts';
import {lockCollision} from './detect/lock-collision.ts';
import {orphanDaemon} from './detect/orphan-daemon.ts';
import {orphanedLock} from './detect/orphaned-lock.ts';
import {staleHeartbeat} from './detect/stale-heartbeat.ts';
import {staleLock} from './detect/stale-lock.ts';
import {createTownCollector} from './read/town-collector.ts';

export const gastown: Source = {
  name: 'town',
  readRecords: createTownCollector,
  detectors: [crashedAgent, orphanDaemon, staleLock, orphanedLock, lockCollision, invalidLock, staleHeartbeat],
};
