// Runs a pass over /proc in slices.

import type {TablesDelta} from './proc-delta.ts';
import {createTablesScanner, type TablesOptions} from './proc-tables.ts';
import {inSlices} from './slices.ts';

export interface PassRunner {
  /** One pass to its end. Rejects when the scanner broke; after that the runner is spent. */
  run(attended: ReadonlySet<number> | null): Promise<TablesDelta>;
  close(): void;
}

export const createPassRunner = (options: TablesOptions): PassRunner => {
  const scanner = createTablesScanner(options);
  let closed = false;
  return {
    run: attended =>
      inSlices(scanner.pass(attended), () => {
        if (closed) {
          throw new Error('rigtop was closing');
        }
      }),
    close: () => {
      closed = true;
      scanner.close();
    },
  };
};
