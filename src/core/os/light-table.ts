// One fast reading of /proc for a single question: every process by its stat and command line, sockets by their port, and directories and
// environments of those alone that are asked for. Synchronous, and nothing is kept.
import {type Known, known, NOT_ASKED, unknown} from '../domain/known.ts';
import type {TerminalProcess} from '../domain/socket-use.ts';
import {epochNow, monotonicNow} from './clock.ts';
import type {ProcessTable} from './host.ts';
import {createProcReader, type ProcReader, readCwd} from './proc-read.ts';
import {parseArgv, parseMarkers, parseProcStat} from './proc-stat.ts';
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

const readOne = (reader: ProcReader, root: string, pid: number, tickMs: number, pageBytes: number): TerminalProcess | null => {
  const line = reader.filled(`${root}/${pid}/stat`, 4096);
  const stat = line.ok ? parseProcStat(line.value) : null;
  if (stat === null || stat.kernelThread) {
    return null;
  }
  const area = reader.filled(`${root}/${pid}/cmdline`, MOST_ARGV);
  const owner = reader.owner(`${root}/${pid}`);
  return {
    pid,
    startTime: stat.startTime,
    ppid: stat.ppid,
    pgid: stat.pgid,
    sid: stat.sid,
    tty: stat.tty,
    state: stat.state,
    uid: owner.ok ? owner.value : -1,
    comm: stat.comm,
    argv: area.ok && area.value.length > 0 ? parseArgv(area.value) : [],
    bornMs: Math.round(stat.startTime * tickMs),
    cpu: null,
    rss: stat.rssPages * pageBytes,
    cwd: NOT_ASKED,
    cwdDeleted: false,
    env: NOT_ASKED,
    foreground: stat.foreground,
    ignoresHangUp: stat.tty !== null && ignoresHangUp(root, pid),
  };
};

/**
 * Everybody but kernel threads. Throws nothing: unknown where /proc cannot be listed, hides others, or takes longer than `deadlineMs`.
 */
export const readLightTable = (deadlineMs: number, root = '/proc'): Known<ReadonlyMap<number, TerminalProcess>> => {
  const reader = createProcReader();
  const names = reader.names(root);
  const {ticksPerSecond, pageBytes} = readKernelUnits(reader);
  const end = monotonicNow() + deadlineMs;
  if (!names.ok) {
    return unknown(`${root} cannot be listed: ${names.because}`);
  }
  const pids = names.value.filter(name => /^\d+$/.test(name));
  const processes = new Map<number, TerminalProcess>();
  for (const name of pids) {
    if (monotonicNow() > end) {
      return unknown(`${root} was not read within ${Math.round(deadlineMs)} ms`);
    }
    const process = readOne(reader, root, Number(name), 1000 / ticksPerSecond, pageBytes);
    if (process !== null) {
      processes.set(process.pid, process);
    }
  }
  const hidden = hiddenBecause('', pids.includes('1'), 0);
  return hidden === null ? known(processes) : unknown(hidden);
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
