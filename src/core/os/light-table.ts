// Fast readings of /proc for a single question: everybody, by their stat lines, their command lines or both; some of them with those above;
// directories and environments of those alone that are asked for. Synchronous, and nothing is kept.

import {fullLine} from '../domain/command-line.ts';
import {type Known, known, NOT_ASKED, unknown} from '../domain/known.ts';
import type {ListedProcess, TerminalProcess} from '../domain/socket-use.ts';
import {epochNow, monotonicNow} from './clock.ts';
import type {ProcessTable} from './host.ts';
import {createProcReader, type ProcRead, type ProcReader, readCwd} from './proc-read.ts';
import {fromStat, type ProcStat, parseArgv, parseMarkers, parseProcStat} from './proc-stat.ts';
import {hiddenBecause, readKernelUnits, readUptimeMs} from './proc-system.ts';
import {readTextNow} from './read-now.ts';

const MOST_ARGV = 128 * 1024;

/** SigIgn of proc_pid_status(5), a mask in hexadecimal; SIGHUP is its lowest bit. */
const ignoresHangUp = (root: string, pid: number): boolean => {
  try {
    const mask = /^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m.exec(readTextNow(`${root}/${pid}/status`))?.[1];
    return mask !== undefined && Number.parseInt(mask, 16) % 2 === 1;
  } catch {
    return false;
  }
};

interface Reading {
  readonly reader: ProcReader;
  readonly root: string;
  readonly tickMs: number;
  readonly pageBytes: number;
}

const beginReading = (root: string): Reading => {
  const reader = createProcReader();
  const {ticksPerSecond, pageBytes} = readKernelUnits(reader);
  return {reader, root, tickMs: 1000 / ticksPerSecond, pageBytes};
};

/** The stat line of anything but a kernel thread. */
const readStat = ({reader, root}: Reading, pid: number): ProcRead<ProcStat | null> => {
  const line = reader.filled(`${root}/${pid}/stat`, 4096);
  if (!line.ok) {
    return line;
  }
  const stat = parseProcStat(line.value.toString('latin1'));
  return stat === null
    ? {ok: false, gone: false, because: 'its stat line is not understood'}
    : {ok: true, value: stat.kernelThread ? null : stat};
};

const listedOf = ({root, tickMs, pageBytes}: Reading, pid: number, stat: ProcStat): ListedProcess => ({
  ...fromStat(stat, tickMs, pageBytes),
  cpu: null,
  cwd: NOT_ASKED,
  cwdDeleted: false,
  env: NOT_ASKED,
  foreground: stat.foreground,
  ignoresHangUp: stat.tty !== null && ignoresHangUp(root, pid),
});

const readArgv = ({reader, root}: Reading, pid: number): readonly string[] => {
  const area = reader.filled(`${root}/${pid}/cmdline`, MOST_ARGV);
  return area.ok && area.value.length > 0 ? parseArgv(area.value) : [];
};

const wholeOf = (reading: Reading, pid: number, stat: ProcStat): TerminalProcess => {
  const owner = reading.reader.owner(`${reading.root}/${pid}`);
  return {...listedOf(reading, pid, stat), uid: owner.ok ? owner.value : -1, argv: readArgv(reading, pid)};
};

/** Reads with one of these. Null for a kernel thread, for one that has ended, and for one that may not be read. */
const readAs =
  <T>(make: (reading: Reading, pid: number, stat: ProcStat) => T) =>
  (reading: Reading, pid: number): T | null => {
    const stat = readStat(reading, pid);
    return stat.ok && stat.value !== null ? make(reading, pid, stat.value) : null;
  };

const readListedOne = readAs(listedOf);

/** Of everybody in /proc. Throws nothing: unknown where it cannot be listed, hides others, or takes longer than `deadlineMs`. */
const readEverybody = <T>(
  deadlineMs: number,
  root: string,
  read: (reading: Reading, pid: number) => T | null,
): Known<ReadonlyMap<number, T>> => {
  const reading = beginReading(root);
  const end = monotonicNow() + deadlineMs;
  const names = reading.reader.names(root);
  if (!names.ok) {
    return unknown(`${root} cannot be listed: ${names.because}`);
  }
  const pids = names.value.filter(name => /^\d+$/.test(name));
  const found = new Map<number, T>();
  for (const name of pids) {
    if (monotonicNow() > end) {
      return unknown(`${root} was not read within ${Math.round(deadlineMs)} ms`);
    }
    const one = read(reading, Number(name));
    if (one !== null) {
      found.set(Number(name), one);
    }
  }
  const hidden = hiddenBecause('', pids.includes('1'), 0);
  return hidden === null ? known(found) : unknown(hidden);
};

/** Everybody but kernel threads. */
export const readLightTable = (deadlineMs: number, root = '/proc'): Known<ReadonlyMap<number, TerminalProcess>> =>
  readEverybody(deadlineMs, root, readAs(wholeOf));

/** The same without their words and without whose they are, in half of the time. */
export const readListed = (deadlineMs: number, root = '/proc'): Known<ReadonlyMap<number, ListedProcess>> =>
  readEverybody(deadlineMs, root, readListedOne);

/** Null for a kernel thread; who has no words, a zombie among them, goes by its name. */
const readLine = (reading: Reading, pid: number): string | null => {
  const argv = readArgv(reading, pid);
  if (argv.length > 0) {
    return fullLine({argv, comm: ''});
  }
  const listed = readListedOne(reading, pid);
  return listed === null ? null : fullLine({argv, comm: listed.comm});
};

/** The command lines of everybody but kernel threads, and no more of them. */
export const readLines = (deadlineMs: number, root = '/proc'): Known<ReadonlyMap<number, string>> =>
  readEverybody(deadlineMs, root, readLine);

/** A signal to a thread is one to its process, and /proc does not list threads. */
const leaderOf = (root: string, number: number): number => {
  try {
    return Number(/^Tgid:\s*(\d+)$/m.exec(readTextNow(`${root}/${number}/status`))?.[1] ?? number);
  } catch {
    return number;
  }
};

/** Those of these pids, or of their threads, that run; null for one that does not. Unknown where that is hidden, cannot be read or takes longer than `deadlineMs`. */
export const readSome = (
  pids: readonly number[],
  deadlineMs: number,
  root = '/proc',
): ReadonlyMap<number, Known<TerminalProcess | null>> => {
  const reading = beginReading(root);
  const end = monotonicNow() + deadlineMs;
  const hidden = hiddenBecause('', reading.reader.owner(`${root}/1`).ok, 0);
  const readInTime = (pid: number): Known<TerminalProcess | null> => {
    if (monotonicNow() > end) {
      return unknown(`process ${pid} was not read within ${Math.round(deadlineMs)} ms`);
    }
    const leader = leaderOf(root, pid);
    const stat = readStat(reading, leader);
    if (stat.ok && stat.value !== null) {
      return known(wholeOf(reading, leader, stat.value));
    }
    // What may not even be looked at (proc(5), hidepid=1) is another user's, whom no signal of ours reaches.
    if (!stat.ok && !stat.gone && reading.reader.owner(`${root}/${leader}/stat`).ok) {
      return unknown(`process ${pid} cannot be read: ${stat.because}`);
    }
    return hidden === null ? known(null) : unknown(hidden);
  };
  return new Map(pids.map(pid => [pid, readInTime(pid)]));
};

/** These and everybody above them. Unknown where one of them is. */
export const readWithAncestors = (
  pids: readonly number[],
  deadlineMs: number,
  root = '/proc',
): Known<ReadonlyMap<number, TerminalProcess>> => {
  const end = monotonicNow() + deadlineMs;
  const found = new Map<number, TerminalProcess>();
  for (let open = [...new Set(pids)]; open.length > 0; ) {
    const above: number[] = [];
    for (const read of readSome(open, Math.max(0, end - monotonicNow()), root).values()) {
      if (!read.known) {
        return read;
      }
      if (read.value !== null) {
        found.set(read.value.pid, read.value);
        above.push(read.value.ppid);
      }
    }
    open = [...new Set(above)].filter(pid => pid > 0 && !found.has(pid));
  }
  return known(found);
};

/** The same process with its directory and the markers of its environment, where they may be read. */
const withDetails = (process: TerminalProcess, markers: ReadonlySet<string>, root: string): TerminalProcess => {
  const reader = createProcReader();
  const cwd = readCwd(`${root}/${process.pid}/cwd`, reader);
  const env = reader.filled(`${root}/${process.pid}/environ`, MOST_ARGV);
  return {
    ...process,
    cwd: cwd.ok ? known(cwd.value.directory) : unknown(cwd.because),
    cwdDeleted: cwd.ok && cwd.value.deleted,
    ...(cwd.ok && cwd.value.remade !== null ? {cwdRemade: cwd.value.remade} : {}),
    env: env.ok ? known(parseMarkers(env.value, markers)) : unknown(env.because),
  };
};

/** The same table as a look has it, those of `pids` in detail; of their environments the `markers` alone are kept. */
export const withDetailsOf = (
  table: ReadonlyMap<number, TerminalProcess>,
  pids: ReadonlySet<number>,
  markers: ReadonlySet<string>,
  root = '/proc',
): ProcessTable => {
  const uptimeMs = readUptimeMs(root, createProcReader()) ?? 0;
  return {
    uptimeMs,
    bootedAt: Math.round(epochNow() - uptimeMs),
    processes: new Map(
      [...table.values()].map(process => [process.pid, pids.has(process.pid) ? withDetails(process, markers, root) : process]),
    ),
    incomplete: null,
  };
};
