// Finds and ends exactly the processes that a test started, by a marker in their environment. Independent of the code under test.
import {readdirSync, readFileSync} from 'node:fs';
import type {ProcessId, ProcessState} from '../../src/core/domain/process.ts';
import {pause} from './wait-for.ts';

/** Every process that a test starts carries it; the value names the run and the fixture. */
export const MARKER = 'RIGTOP_TEST';

/** Set by the global set-up, so that all workers of one run share it. */
export const runId = process.env[`${MARKER}_RUN`] ?? `alone-${process.pid}`;

let fixtures = 0;

/** A marker value of its own for one fixture. */
export const newMarker = (): string => {
  fixtures += 1;
  return `${runId}/${process.pid}.${fixtures}`;
};

export interface Sighted extends ProcessId {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly state: ProcessState;
  readonly comm: string;
}

/** The process as the kernel shows it now (proc_pid_stat(5)), or null when there is none. */
export const sight = (pid: number): Sighted | null => {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  return {
    pid,
    comm: stat.slice(stat.indexOf('(') + 1, close),
    state: fields[0] as ProcessState,
    ppid: Number(fields[1]),
    pgid: Number(fields[2]),
    sid: Number(fields[3]),
    startTime: Number(fields[19]),
  };
};

/** Running, sleeping or stopped: not gone and not merely waiting to be reaped. */
export const isAlive = (id: ProcessId): boolean => {
  const now = sight(id.pid);
  return now !== null && now.startTime === id.startTime && now.state !== 'Z' && now.state !== 'X';
};

/** Identity of a process that must be there. */
export const identify = (pid: number): ProcessId => {
  const now = sight(pid);
  if (now === null) {
    throw new Error(`no process ${pid}`);
  }
  return {pid, startTime: now.startTime};
};

/** Signal a process only while it is still the same one. False when it was gone. */
export const signalTo = (id: ProcessId, signal: NodeJS.Signals): boolean => {
  if (sight(id.pid)?.startTime !== id.startTime) {
    return false;
  }
  try {
    process.kill(id.pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** Of the marker itself or of one below it (`run` and `run/fixture`), as it was when the program was executed. */
const hasMarker = (pid: number, marker: string): boolean => {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    return environment.includes(`\0${MARKER}=${marker}\0`) || environment.includes(`\0${MARKER}=${marker}/`);
  } catch {
    return false;
  }
};

/** Living processes with this marker, wherever they have escaped to: one fixture's, or with `runId` a whole run's. */
export const markedProcesses = (marker: string): readonly Sighted[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid && hasMarker(Number(name), marker))
    .flatMap(name => sight(Number(name)) ?? [])
    .filter(seen => seen.state !== 'Z' && seen.state !== 'X');

/** End every process with this marker; repeated, because a program may fork while it is being ended. */
export const endMarked = async (marker: string, deadlineMs = 10_000): Promise<void> => {
  const end = performance.now() + deadlineMs;
  for (let alive = markedProcesses(marker); alive.length > 0; alive = markedProcesses(marker)) {
    if (performance.now() > end) {
      throw new Error(`could not end ${alive.map(seen => `${seen.pid} (${seen.comm}, ${seen.state})`).join(', ')}`);
    }
    for (const seen of alive) {
      signalTo(seen, 'SIGKILL');
    }
    await pause(5);
  }
};
