// What Gas Town contributes: towns from their files, whose sessions and processes are, and the verdicts over agents, locks and daemons.
import type {Source} from '../../core/source.ts';
import {identifyAbsentAgents} from './absent-agents.ts';
import {processClaims, rigsOfTowns, sessionClaims} from './claimed-by-town.ts';
import {townInCharge} from './daemon-duties.ts';
import {crashedAgent, settleCrashes} from './detect/crashed-agent.ts';
import {invalidLock} from './detect/invalid-lock.ts';
import {lockCollision} from './detect/lock-collision.ts';
import {orphanDaemon} from './detect/orphan-daemon.ts';
import {orphanedLock} from './detect/orphaned-lock.ts';
import {staleHeartbeat} from './detect/stale-heartbeat.ts';
import {staleLock} from './detect/stale-lock.ts';
import {feedsOfTowns} from './feeds-of-towns.ts';
import {identifyLocks} from './locks/agent-locks.ts';
import {lossOfWorker} from './lost-worker.ts';
import {createTownCollector} from './read/town-collector.ts';
import {keptByTowns} from './recorded-programs.ts';
import {restartInTown} from './restart-in-town.ts';
import {originByArguments} from './started-by-town.ts';
import {workplacesOfTowns} from './workplaces.ts';

const MARKED: readonly string[] = [
  'BD_ACTOR',
  'BEADS_AGENT_NAME',
  'GT_AGENT',
  'GT_CREW',
  'GT_DOG_NAME',
  'GT_PANE_ID',
  'GT_POLECAT',
  'GT_POLECAT_PATH',
  'GT_PROCESS_NAMES',
  'GT_REFINERY',
  'GT_RIG',
  'GT_ROLE',
  'GT_ROOT',
  'GT_RUN',
  'GT_SESSION',
  'GT_TOWN_ROOT',
  'POLECAT_SLOT',
];

export const gastown: Source = {
  name: 'town',
  markers: MARKED,
  readRecords: createTownCollector,
  programs: new Map([['gt', 'agents of a Gas Town are restarted without it, where that is safe']]),
  rigs: rigsOfTowns,
  slots: {mark: {tool: 'town', slot: 'POLECAT_SLOT', slug: null, rig: 'GT_RIG'}},
  sessionClaims,
  claimProcess: processClaims,
  expects: identifyAbsentAgents,
  vouches: keptByTowns,
  originStateOf: originByArguments,
  lossOf: lossOfWorker,
  locks: identifyLocks,
  settle: settleCrashes,
  feeds: feedsOfTowns,
  inCharge: townInCharge,
  restartAgent: restartInTown,
  workplaces: workplacesOfTowns,
  detectors: [crashedAgent, orphanDaemon, staleLock, orphanedLock, lockCollision, invalidLock, staleHeartbeat],
  cures: new Map([['town', 'make the files of the town readable']]),
};
