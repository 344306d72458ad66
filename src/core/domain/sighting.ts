// The same process seen from two machines, as a container's is from its host: one of them shows it. Pure.
import {type Process, systemwideKey} from './process.ts';
import type {Snapshot} from './snapshot.ts';

/** A process as one machine sees it. */
export interface Sighting {
  /** The same wherever on one system it is seen from. */
  readonly key: string;
  /** In another pid namespace than who looked. */
  readonly isInside: boolean;
}

/** Null where a look does not tell its system or its namespace. */
export const sightingOf = (process: Process | undefined, snapshot: Pick<Snapshot, 'bootId' | 'self'>): Sighting | null => {
  const key = process === undefined ? null : systemwideKey(process, snapshot);
  return process === undefined || key === null ? null : {key, isInside: process.inside !== undefined};
};

/** What a machine shows of a process. */
export interface Showing {
  readonly sighting: Sighting | null;
  readonly hasSession: boolean;
  /** What it says of it, where it may say several things: another one hides none of them. */
  readonly verdict?: string;
  /** It is as it was at an earlier look: nothing newer is known of that machine. */
  readonly isOld: boolean;
}

/** Whoever sees it now shows it, then whoever knows its session, then whoever has it in its own pid namespace; else whoever comes first. */
const isBetter = (one: Showing, than: Showing): boolean => {
  if (one.isOld !== than.isOld) {
    return than.isOld;
  }
  return one.hasSession === than.hasSession ? one.sighting?.isInside === false && than.sighting?.isInside === true : one.hasSession;
};

/** Of things of one kind, machine by machine, those that another machine shows better. */
export const shownBetter = <T>(machines: readonly (readonly T[])[], showingOf: (thing: T) => Showing): ReadonlySet<T> => {
  const best = new Map<string, {readonly thing: T; readonly showing: Showing; readonly at: number}>();
  const hidden = new Set<T>();
  for (const [at, things] of machines.entries()) {
    for (const thing of things) {
      const showing = showingOf(thing);
      const key = showing.sighting === null ? undefined : `${showing.sighting.key} ${showing.verdict ?? ''}`;
      const before = key === undefined ? undefined : best.get(key);
      // On one machine two things may be about one process.
      if (key === undefined || before?.at === at) {
        continue;
      }
      const wins = before === undefined || isBetter(showing, before.showing);
      if (wins) {
        best.set(key, {thing, showing, at});
      }
      if (before !== undefined) {
        hidden.add(wins ? before.thing : thing);
      }
    }
  }
  return hidden;
};
