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
  let waiting: {readonly resolve: (delta: TablesDelta) => void; readonly reject: (error: unknown) => void} | null = null;
  let broken: unknown = null;
  const fail = (error: unknown): void => {
    broken ??= error;
    waiting?.reject(broken);
    waiting = null;
  };
  // Listened to for the thread's whole life: an error that nobody listens for would end rigtop, and a thread that has ended never answers.
  worker.on('error', fail);
  worker.on('exit', code => fail(new Error(`the scanning thread ended with code ${code}`)));
  worker.on('message', (delta: TablesDelta) => {
    worker.unref();
    waiting?.resolve(delta);
    waiting = null;
  });
  // An idle worker must not keep a command that has answered alive; one that is reading must.
  worker.unref();
  return {
    run: () =>
      new Promise((resolve, reject) => {
        if (broken !== null) {
          reject(broken);
          return;
        }
        waiting = {resolve, reject};
        worker.ref();
        worker.postMessage('look');
      }),
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
