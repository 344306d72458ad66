// A snapshot → the `rigtop/snapshot@1` document: everything one look saw, no verdicts. Pure.
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {isoTime} from '../../words/iso-time.ts';

export const SNAPSHOT_SCHEMA = 'rigtop/snapshot@1';
/** A line of `snapshot --follow` behind the first: what changed since the line before (see `Patch`). */
export const CHANGE_SCHEMA = 'rigtop/snapshot-change@1';

/** Who looked. */
export interface Observer {
  readonly version: string;
  /** In force where the look was taken: whoever judges it elsewhere judges it by these. */
  readonly settings: Settings;
}

/** Maps become lists in order of their keys, so that two documents can be compared line by line. */
export const snapshotDocument = (snapshot: Snapshot, {version, settings}: Observer) => ({
  ...snapshot,
  schema: SNAPSHOT_SCHEMA,
  rigtop: version,
  takenAt: isoTime(snapshot.takenAt),
  bootedAt: isoTime(snapshot.bootedAt),
  settings,
  processes: [...snapshot.processes.values()].toSorted((a, b) => a.pid - b.pid),
  programs: Object.fromEntries(snapshot.programs),
  checkouts: [...snapshot.checkouts.values()],
  // What stands on a screen stays on its machine; what it comes to is sent.
  screens: (snapshot.screens ?? []).map(({tail: _, ...reading}) => reading),
});
