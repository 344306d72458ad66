// Lists /proc and chooses who of it is read in this pass.

import type {ProcReader} from './proc-read.ts';
import {readPidCounter} from './proc-system.ts';
import {chooseTurn, type Waiting} from './proc-turns.ts';

export interface Choice {
  readonly listed: ReadonlySet<number>;
  readonly read: readonly number[];
  readonly unread: readonly number[];
  /** When it was made. */
  readonly at: number;
}

export interface ChooserOptions {
  readonly procRoot: string;
  readonly reader: ProcReader;
  readonly now: () => number;
  readonly known: (pid: number) => Waiting | undefined;
}

/** Throws when /proc cannot be listed. `attended`: who is read whatever the turn; null for everybody. */
export const createChooser = ({procRoot, reader, now, known}: ChooserOptions) => {
  let counter: number | null = null;
  let [before, last] = [Number.NaN, 0];

  return function* (attended: ReadonlySet<number> | null): Generator<void, Choice> {
    // Read before the list and after: whoever is given a pid in between may or may not be in it.
    const start = readPidCounter(procRoot, reader);
    const names = yield* reader.namesInParts(procRoot);
    if (!names.ok) {
      throw new Error(names.because);
    }
    const [from, to] = [counter, readPidCounter(procRoot, reader)];
    counter = start;
    const at = now();
    const gapMs = at - before;
    before = at;
    yield;
    const pids = names.value
      .map(Number)
      .filter(Number.isInteger)
      .sort((one, other) => one - other);
    const listed = new Set(pids);
    yield;
    if (attended === null) {
      return {listed, read: pids, unread: [], at};
    }
    const turn = yield* chooseTurn({pids, listed, known, attended, from, to, now: at, gapMs, last});
    last = turn.last;
    return {listed, ...turn, at};
  };
};
