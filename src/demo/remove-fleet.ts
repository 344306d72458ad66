// Ends everything one demo started and removes its directory; finds what killed demos left. Signals only what carries the demo's marker.
import {lstatSync, readdirSync, rmdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {ProcessId} from '../core/domain/process.ts';
import {DEMO_MARKER} from './behaviour.ts';
import {DEMO_PREFIX, type Manifest, readManifest, readStarted} from './manifest.ts';
import {readIdentity, readOwnProcesses, readPidNamespace, signalOwn} from './own-processes.ts';

/** tmux servers tell their clients to leave and the shells in them hang up; stand-ins have nothing to save. */
const GRACE_MS = 400;
const DEADLINE_MS = 8_000;
const POLL_MS = 10;

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** By marker, and by identity as they reported it: a program may have lost its environment. */
const ownProcesses = (directory: string, id: string): readonly ProcessId[] => {
  const found = new Map(readOwnProcesses(id).map(process => [process.pid, process]));
  for (const {pid, startTime} of readStarted(directory)) {
    if (readIdentity(pid)?.startTime === startTime) {
      found.set(pid, {pid, startTime});
    }
  }
  return [...found.values()];
};

const signalAll = (processes: readonly ProcessId[], signals: readonly NodeJS.Signals[]): void => {
  for (const process of processes) {
    for (const signal of signals) {
      signalOwn(process, signal);
    }
  }
};

/** Processes that are still there at the deadline; none is success. */
const endProcesses = async (directory: string, id: string): Promise<readonly ProcessId[]> => {
  const start = performance.now();
  let alive = ownProcesses(directory, id);
  signalAll(alive, ['SIGCONT', 'SIGTERM']);
  while (alive.length > 0 && performance.now() - start < DEADLINE_MS) {
    if (performance.now() - start > GRACE_MS) {
      signalAll(alive, ['SIGKILL']);
    }
    await pause(POLL_MS);
    alive = ownProcesses(directory, id);
  }
  return alive;
};

/** Idempotent, and safe to run twice at once. The directory stays when something could not be ended: it says what. */
export const removeFleet = async (directory: string): Promise<readonly ProcessId[]> => {
  const manifest = readManifest(directory);
  if (manifest === null) {
    return [];
  }
  const survivors = await endProcesses(directory, manifest.id);
  if (survivors.length === 0) {
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  }
  return survivors;
};

/** Whether the rigtop that built it is provably gone. What cannot be known counts as alive. */
const ownerIsGone = (manifest: Manifest, bootId: string | null): boolean => {
  if (manifest.pidNamespace === null || manifest.pidNamespace !== readPidNamespace() || manifest.bootId === null || bootId === null) {
    return false;
  }
  if (manifest.bootId !== bootId) {
    return true;
  }
  // A pid that cannot be read exists, whoever's it is: /proc shows every pid, or with hidepid only our own, and then the owner was ours.
  return readIdentity(manifest.owner.pid)?.startTime !== manifest.owner.startTime;
};

const isOwnDirectory = (path: string): boolean => {
  const stats = lstatSync(path, {throwIfNoEntry: false});
  return stats?.isDirectory() === true && stats.uid === process.getuid?.();
};

/** Remove the demos under `parent` whose rigtop was killed; the directories removed. */
export const removeLeftovers = async (parent: string, bootId: string | null): Promise<readonly string[]> => {
  const directories = readdirSync(parent)
    .filter(name => name.startsWith(DEMO_PREFIX))
    .map(name => join(parent, name))
    .filter(isOwnDirectory);
  const removed: string[] = [];
  for (const directory of directories) {
    const manifest = readManifest(directory);
    if (manifest === null) {
      removeIfEmpty(directory);
    } else if (manifest.id !== process.env[DEMO_MARKER] && ownerIsGone(manifest, bootId) && (await removeFleet(directory)).length === 0) {
      removed.push(directory);
    }
  }
  return removed;
};

/** A demo killed between making its directory and noting whose it is. One that is being made right now is empty too, and then fails loudly. */
const EMPTY_AGE_MS = 60_000;

const removeIfEmpty = (directory: string): void => {
  if (Date.now() - (lstatSync(directory, {throwIfNoEntry: false})?.mtimeMs ?? Number.POSITIVE_INFINITY) > EMPTY_AGE_MS) {
    try {
      rmdirSync(directory);
    } catch {
      // Not empty: not provably ours.
    }
  }
};
