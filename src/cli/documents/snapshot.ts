// A snapshot → the `rigtop/snapshot@1` document: everything one look saw, no verdicts. Pure.
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {isoTime} from './time.ts';

/** Maps become lists in order of their keys, so that two documents can be compared line by line. */
export const snapshotDocument = (snapshot: Snapshot) => ({
  ...snapshot,
  schema: 'rigtop/snapshot@1' as const,
  takenAt: isoTime(snapshot.takenAt),
  bootedAt: isoTime(snapshot.bootedAt),
  processes: [...snapshot.processes.values()].toSorted((a, b) => a.pid - b.pid),
  checkouts: [...snapshot.checkouts.values()],
});
