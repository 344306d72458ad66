// What changed in the process and socket tables between two looks, and how the receiver keeps unchanged records. Pure.

import {type Known, NOT_ASKED} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import type {Process, ProcessState} from '../domain/process.ts';

/** A process that only moved: pid, percent of a core, resident bytes, state. */
export type Stir = readonly [pid: number, cpu: number | null, rss: number, state: ProcessState];

export interface TablesDelta {
  /** New processes, and those that changed in a field that normally lasts. */
  readonly fresh: readonly Process[];
  readonly stirred: readonly Stir[];
  readonly gone: readonly number[];
  readonly uptimeMs: number;
  readonly incomplete: string | null;
  /** Why the process table could not be read at all; null when it was. */
  readonly blind: string | null;
  readonly processesTookMs: number;
  /** The whole socket table when it changed; null when it is as before. */
  readonly listeners: readonly Listener[] | null;
  readonly listenersIncomplete: string | null;
  readonly listenersBlind: string | null;
  readonly listenersTookMs: number;
  /** How long before this pass the oldest part of each table was read. */
  readonly processesAgeMs: number;
  readonly listenersAgeMs: number;
}

const nobodyAsked = <T>(fact: Known<T>): fact is typeof NOT_ASKED => !fact.known && !NOT_ASKED.known && fact.because === NOT_ASKED.because;

/** Records that crossed a thread are copies: give those nobody asked about their shared reason back. */
const adopted = (process: Process): Process => (nobodyAsked(process.env) ? {...process, env: NOT_ASKED, cwd: NOT_ASKED} : process);

/** The table after `delta`. The same map when nothing changed; the same record for every process that did not. */
export const applyProcesses = (before: ReadonlyMap<number, Process>, delta: TablesDelta): ReadonlyMap<number, Process> => {
  if (delta.fresh.length + delta.stirred.length + delta.gone.length === 0) {
    return before;
  }
  const after = new Map(before);
  for (const pid of delta.gone) {
    after.delete(pid);
  }
  for (const process of delta.fresh) {
    after.set(process.pid, adopted(process));
  }
  for (const [pid, cpu, rss, state] of delta.stirred) {
    const process = after.get(pid);
    if (process !== undefined) {
      after.set(pid, {...process, cpu, rss, state});
    }
  }
  return after;
};

const sameOwners = (a: Listener['owners'], b: Listener['owners']): boolean => {
  if (a.known && b.known) {
    return a.value.length === b.value.length && a.value.every((pid, index) => pid === b.value[index]);
  }
  return !a.known && !b.known && a.because === b.because;
};

/** Whether two sightings of a socket say the same. The inode is its identity. */
const sameListener = (a: Listener, b: Listener): boolean =>
  a.inode === b.inode &&
  a.port === b.port &&
  a.address === b.address &&
  a.family === b.family &&
  a.uid === b.uid &&
  sameOwners(a.owners, b.owners);

/** The new table with every unchanged listener kept as the object it was; the old table itself when all are unchanged. */
export const shareListeners = (before: readonly Listener[], after: readonly Listener[]): readonly Listener[] => {
  const known = new Map(before.map(listener => [listener.inode, listener]));
  const shared = after.map(listener => {
    const old = known.get(listener.inode);
    return old !== undefined && sameListener(old, listener) ? old : listener;
  });
  return shared.length === before.length && shared.every((listener, index) => listener === before[index]) ? before : shared;
};
