// Every detector, in the contract's order of kinds. Data, pure.

import {blindSpot} from './blind-spot.ts';
import {crashedAgent} from './crashed-agent.ts';
import {deadPane} from './dead-pane.ts';
import {defunctProcess} from './defunct-process.ts';
import type {Detector} from './detector.ts';
import {doubledAgent} from './doubled-agent.ts';
import {invalidLock} from './invalid-lock.ts';
import {lockCollision} from './lock-collision.ts';
import {orphanDaemon} from './orphan-daemon.ts';
import {orphanHelper} from './orphan-helper.ts';
import {orphanProcess} from './orphan-process.ts';
import {orphanSession} from './orphan-session.ts';
import {orphanedLock} from './orphaned-lock.ts';
import {pileUp} from './pile-up.ts';
import {serviceDown} from './service-down.ts';
import {sharedSlot} from './shared-slot.ts';
import {staleHeartbeat} from './stale-heartbeat.ts';
import {staleLock} from './stale-lock.ts';
import {strayListener} from './stray-listener.ts';
import {wrongOwner} from './wrong-owner.ts';
import {wrongPort} from './wrong-port.ts';
import {zombieRecord} from './zombie-record.ts';
import {zombieSession} from './zombie-session.ts';

/** `mass-death` is not among them: it compares two looks, and is found where looks are remembered. */
export const DETECTORS: readonly Detector[] = [
  orphanSession,
  zombieSession,
  crashedAgent,
  doubledAgent,
  deadPane,
  orphanProcess,
  orphanHelper,
  orphanDaemon,
  defunctProcess,
  wrongOwner,
  wrongPort,
  serviceDown,
  strayListener,
  sharedSlot,
  staleLock,
  orphanedLock,
  lockCollision,
  invalidLock,
  staleHeartbeat,
  pileUp,
  zombieRecord,
  blindSpot,
];
