// Worker thread that scans /proc for the screen's thread, so that a key press never waits for two thousand files. Posts differences only.

import {parentPort, workerData} from 'node:worker_threads';
import {createTablesScanner, type TablesOptions} from './proc-tables.ts';

const scanner = createTablesScanner(workerData as TablesOptions);

parentPort?.on('message', () => {
  const pass = scanner.pass();
  let step = pass.next();
  while (!step.done) {
    step = pass.next();
  }
  parentPort?.postMessage(step.value);
});
