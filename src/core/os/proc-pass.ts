// Where a pass over /proc runs: in a worker thread, or here in slices short enough for a key press to slip between.

import {existsSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {monotonicNow} from './clock.ts';
import type {TablesDelta} from './proc-delta.ts';
import {createTablesScanner, type TablesOptions} from './proc-tables.ts';

export interface PassRunner {
  /** One pass to its end. Rejects when the scanner broke; after that the runner is spent. */
  run(): Promise<TablesDelta>;
  close(): Promise<void>;
}

const SLICE_MS = 4;

const createSlicedRunner = (options: TablesOptions): PassRunner => {
  const scanner = createTablesScanner(options);
  const run = async (): Promise<TablesDelta> => {
    const pass = scanner.pass();
    let sliceEnd = monotonicNow() + SLICE_MS;
    for (;;) {
      const step = pass.next();
      if (step.done) {
        return step.value;
      }
      if (monotonicNow() >= sliceEnd) {
        await setImmediate();
        sliceEnd = monotonicNow() + SLICE_MS;
      }
    }
  };
  return {run, close: async () => scanner.close()};
};

const createThreadRunner = (file: URL, options: TablesOptions): PassRunner => {
  const worker = new Worker(file, {workerData: options, name: 'rigtop-proc'});
  // An idle worker must not keep a command that has answered alive; one that is reading must.
  worker.unref();
  const run = (): Promise<TablesDelta> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        worker.unref();
        finish();
      };
      const onMessage = (delta: TablesDelta): void => settle(() => resolve(delta));
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (code: number): void => settle(() => reject(new Error(`the scanning thread ended with code ${code}`)));
      worker.ref();
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage('look');
    });
  return {
    run,
    close: async () => {
      await worker.terminate();
    },
  };
};

/** Beside this module in the published bundle; in a source tree there is none, and the pass runs in slices. */
const BUNDLED_WORKER = new URL('./proc-worker.js', import.meta.url);

export interface RunnerOptions extends TablesOptions {
  readonly inThread: boolean;
  readonly worker?: URL | undefined;
}

export const createPassRunner = ({inThread, worker = BUNDLED_WORKER, ...options}: RunnerOptions): PassRunner =>
  !inThread && worker.protocol === 'file:' && existsSync(fileURLToPath(worker))
    ? createThreadRunner(worker, options)
    : createSlicedRunner(options);
