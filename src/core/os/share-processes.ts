// Keeps the record of every process that did not change, for tables that are read whole. Pure.

import type {Process} from '../domain/process.ts';

/** Records of the two tables are built alike, from plain values: equal text means equal records. */
const same = (a: Process, b: Process): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The new table, with the old object wherever it says the same. */
export const shareProcesses = (before: ReadonlyMap<number, Process>, after: readonly Process[]): ReadonlyMap<number, Process> =>
  new Map(
    after.map(process => {
      const old = before.get(process.pid);
      return [process.pid, old !== undefined && same(old, process) ? old : process];
    }),
  );
