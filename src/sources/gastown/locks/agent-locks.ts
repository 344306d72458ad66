// Every identity lock of every town, and those found elsewhere, with their verdicts. Pure.
import type {Fleet} from '../../../core/domain/fleet.ts';
import type {AgentLock} from '../../../core/domain/lock.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {Snapshot} from '../../../core/domain/snapshot.ts';
import type {LockFile, Town, TownLockFile} from '../../../core/domain/town.ts';
import {townAgentRef} from '../town-claims.ts';
import {parsePlace, pathInTown, townOfPath} from '../town-places.ts';
import {createLockContext, judgeLock, type LockContext} from './lock-verdict.ts';

/** A lock with the keys of the sessions that hold it. */
export interface SeatedLock extends AgentLock {
  readonly seats: readonly string[];
}

const asLock = (context: LockContext, file: LockFile, town: Town | null, agent: string | null, home: string): SeatedLock => {
  const record = file.content.known ? file.content.value : null;
  return {
    path: file.path,
    agent,
    pid: record?.pid ?? null,
    session: record?.sessionId ?? null,
    host: record?.hostname ?? null,
    acquiredAt: record?.acquiredAt ?? null,
    digest: file.digest,
    ...judgeLock(context, {...file, town, agent, home}),
  };
};

const agentOf = (town: Town, {rig, worker}: Pick<TownLockFile, 'rig' | 'worker'>): string | null =>
  townAgentRef(town, {rig, role: worker.role, name: worker.name});

const identifyTownLocks = (context: LockContext, town: Town): readonly AgentLock[] => [
  ...town.records.locks.map(file => {
    const {seats: _, ...lock} = asLock(context, file, town, agentOf(town, file), file.worker.home);
    return lock;
  }),
  ...town.records.lockTroubles.map(
    (trouble): AgentLock => ({
      path: trouble.path,
      agent: agentOf(town, trouble),
      pid: null,
      session: null,
      host: null,
      acquiredAt: null,
      digest: '',
      state: 'unknown',
      because: trouble.because,
    }),
  ),
];

/** Every identity lock of every town with its verdict. */
export const identifyLocks = (snapshot: Snapshot, fleet: Fleet, settings: Settings): readonly AgentLock[] => {
  if (snapshot.towns.length === 0) {
    return [];
  }
  const context = createLockContext(snapshot, fleet, settings);
  return snapshot.towns.flatMap(town => identifyTownLocks(context, town));
};

/** The worker directory that a lock file belongs to: the one that holds `.runtime`. */
const lockHome = (path: string): string => path.replace(/\/\.runtime\/[^/]*$/, '');

/** Locks in any directory, in a town or out of one: whose they are follows from where they lie. */
export const identifyLooseLocks = (
  snapshot: Snapshot,
  fleet: Fleet,
  settings: Settings,
  files: readonly LockFile[],
): readonly SeatedLock[] => {
  const context = createLockContext(snapshot, fleet, settings);
  return files.map(file => {
    const home = lockHome(file.path);
    const town = townOfPath(snapshot.towns, home);
    const below = town === null ? null : pathInTown(town, home);
    return asLock(context, file, town, town === null || below === null ? null : townAgentRef(town, parsePlace(below)), home);
  });
};
