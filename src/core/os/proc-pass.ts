// Runs a pass over /proc in slices short enough for a key press to slip between.

import {setImmediate} from 'node:timers/promises';
import {monotonicNow} from './clock.ts';
import type {TablesDelta} from './proc-delta.ts';
import {createTablesScanner, type TablesOptions} from './proc-tables.ts';

export interface PassRunner {
  /** One pass to its end. Rejects when the scanner broke; after that the runner is spent. */
  run(attended: ReadonlySet<number> | null): Promise<TablesDelta>;
  close(): void;
}

const SLICE_MS = 4;

export const createPassRunner = (options: TablesOptions): PassRunner => {
  const scanner = createTablesScanner(options);
  let closed = false;
  return {
    run: async attended => {
      const pass = scanner.pass(attended);
      let sliceEnd = monotonicNow() + SLICE_MS;
      for (;;) {
        const step = pass.next();
        if (step.done) {
          return step.value;
        }
        if (monotonicNow() >= sliceEnd) {
          await setImmediate();
          if (closed) {
            throw new Error('rigtop was closing');
          }
          sliceEnd = monotonicNow() + SLICE_MS;
        }
      }
    },
    close: () => {
      closed = true;
      scanner.close();
    },
  };
};
