// The process and socket tables of Linux in one pass, as differences to the pass before.

import type {Listener} from '../domain/listener.ts';
import {monotonicNow} from './clock.ts';
import type {TablesDelta} from './proc-delta.ts';
import {shareListeners} from './proc-delta.ts';
import {createKeptFiles} from './proc-kept-files.ts';
import {createListenerScanner} from './proc-listeners.ts';
import {createProcReader} from './proc-read.ts';
import {createProcessScanner, type ProcessPass} from './proc-scan.ts';
import {hiddenBecause, readKernelUnits, readUptimeMs} from './proc-system.ts';

export interface TablesOptions {
  readonly procRoot: string;
  /** Whose processes to look into; 0 looks into everybody's. */
  readonly uid: number;
  /** Names of the environment variables that are kept of a process. */
  readonly markers: ReadonlySet<string>;
}

/** Uptime is told in hundredths of a second, and a pause may fall between the two readings. */
const SLEEP_SLACK_MS = 1_000;

const NOTHING = {fresh: [], stirred: [], gone: []} as const;

export const createTablesScanner = ({procRoot, uid, markers}: TablesOptions) => {
  const reader = createProcReader();
  const files = createKeptFiles(procRoot, reader);
  const processes = createProcessScanner({procRoot, uid, markers, units: readKernelUnits(reader), reader, files, now: monotonicNow});
  const sockets = createListenerScanner({procRoot, uid, reader, files, now: monotonicNow});
  let posted: readonly Listener[] = [];
  /** Uptime less our own clock at the last pass, which stands still while the machine sleeps. */
  let asleepMs: number | null = null;

  /** Whether the machine has slept since the last pass: what was read before is older than our clock tells. */
  const hasSlept = (uptimeMs: number, now: number): boolean => {
    const before = asleepMs;
    asleepMs = uptimeMs - now;
    return before !== null && Math.abs(asleepMs - before) > SLEEP_SLACK_MS;
  };

  const hidden = (pass: ProcessPass): string | null => {
    const listsInit = pass.entries.has(1) || pass.denied > 0;
    if (listsInit && pass.denied === 0) {
      return null;
    }
    const mounts = reader.bytes(`${procRoot}/mounts`, 1024 * 1024);
    return hiddenBecause(mounts.ok ? mounts.value.toString('utf8') : '', listsInit, pass.denied);
  };

  /**
   * Pauses often; what it answers is relative to the last pass that was finished. `attended`: see `createProcessScanner`. A socket that is
   * new was opened by somebody who has run: everybody is read to find out who. So is everybody after a sleep.
   */
  const pass = function* (asked: ReadonlySet<number> | null = null): Generator<void, TablesDelta> {
    const started = monotonicNow();
    const uptimeMs = readUptimeMs(procRoot, reader) ?? 0;
    const attended = hasSlept(uptimeMs, started) ? null : asked;
    let seen: ProcessPass;
    const hasNews = yield* sockets.look(attended === null);
    try {
      seen = yield* processes.pass(hasNews ? null : attended);
    } catch (error) {
      const blind = error instanceof Error ? error.message : String(error);
      return {
        ...NOTHING,
        uptimeMs,
        incomplete: null,
        blind,
        processesTookMs: monotonicNow() - started,
        listeners: null,
        listenersIncomplete: null,
        listenersBlind: `who holds which socket cannot be told without the process table: ${blind}`,
        listenersTookMs: 0,
        processesAgeMs: 0,
        listenersAgeMs: 0,
      };
    }
    const half = monotonicNow();
    const {listeners, incomplete, ageMs} = yield* sockets.pass(seen);
    const shared = shareListeners(posted, listeners);
    const changed = shared !== posted;
    posted = shared;
    return {
      fresh: seen.fresh,
      stirred: seen.stirred,
      gone: seen.gone,
      uptimeMs,
      incomplete: hidden(seen),
      blind: null,
      processesTookMs: half - started,
      listeners: changed ? shared : null,
      listenersIncomplete: incomplete,
      listenersBlind: null,
      listenersTookMs: monotonicNow() - half,
      processesAgeMs: seen.oldestMs,
      listenersAgeMs: ageMs,
    };
  };

  return {pass, close: files.close};
};
