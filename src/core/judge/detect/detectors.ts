// Every detector, in the contract's order of kinds. Data, pure.

import {crashedAgent} from '../../../sources/gastown/detect/crashed-agent.ts';
import {invalidLock} from '../../../sources/gastown/detect/invalid-lock.ts';
import {lockCollision} from '../../../sources/gastown/detect/lock-collision.ts';
import {orphanDaemon} from '../../../sources/gastown/detect/orphan-daemon.ts';
import {orphanedLock} from '../../../sources/gastown/detect/orphaned-lock.ts';
import {staleHeartbeat} from '../../../sources/gastown/detect/stale-heartbeat.ts';
import {staleLock} from '../../../sources/gastown/detect/stale-lock.ts';
import {zombieRecord} from '../../../sources/registers/detect/zombie-record.ts';
import {deadPane} from '../../../sources/tmux/detect/dead-pane.ts';
import {blindSpot} from './blind-spot.ts';
import {defunctProcess} from './defunct-process.ts';
import type {Detector} from './detector.ts';
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
