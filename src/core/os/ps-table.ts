// Parses ps(1) where there is no /proc, and joins it with the command lines that ps-list reads. Pure.

import {type Known, unknown} from '../domain/known.ts';
import type {Process, ProcessState} from '../domain/process.ts';

/** The columns asked for, in order; only the last may hold blanks. `lstart` is five words. */
export const PS_ARGUMENTS = ['-axo', 'pid=,ppid=,pgid=,sess=,tty=,stat=,uid=,rss=,lstart=,ucomm='] as const;

/** One line of that ps. */
export interface PsRow {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** 0 where the system prints an address instead (macOS). */
  readonly sid: number;
  readonly tty: string | null;
  readonly state: ProcessState;
  readonly uid: number;
  /** Bytes. */
  readonly rss: number;
  /** Seconds since the epoch. */
  readonly startTime: number;
  readonly comm: string;
}

const ROW =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\d+)\s+(\d+)\s+\w{3}\s+(\w{3})\s+(\d+)\s+(\d\d:\d\d:\d\d)\s+(\d{4})\s(.*)$/;

/** BSD letters in Linux's alphabet: `U` waits in the kernel, `I` has slept for long (on Linux an idle kernel thread). */
const BSD_STATES: ReadonlyMap<string, ProcessState> = new Map(Object.entries({U: 'D', I: 'S', R: 'R', S: 'S', T: 'T', Z: 'Z'}));
const LINUX_STATES: ReadonlyMap<string, ProcessState> = new Map(
  Object.entries({R: 'R', S: 'S', D: 'D', T: 'T', t: 't', Z: 'Z', X: 'X', I: 'I'}),
);

/** Rows of ps run with `TZ=UTC LC_ALL=C`: without them the same start time prints differently from one shell to the next. */
export const parsePs = (text: string, platform: NodeJS.Platform): readonly PsRow[] => {
  const states = platform === 'linux' ? LINUX_STATES : BSD_STATES;
  return text.split('\n').flatMap(line => {
    const match = ROW.exec(line);
    if (match === null) {
      return [];
    }
    const [, pid, ppid, pgid, sess = '', tty = '', stat = '', uid, rss, month, day, time, year, comm = ''] = match;
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      sid: /^\d+$/.test(sess) ? Number(sess) : 0,
      tty: /^[?-]/.test(tty) ? null : tty,
      state: states.get(stat.charAt(0)) ?? '?',
      uid: Number(uid),
      rss: Number(rss) * 1024,
      startTime: Date.parse(`${day} ${month} ${year} ${time} UTC`) / 1000,
      comm: comm.trim(),
    };
  });
};

/** What ps-list adds to a row. */
export interface CommandRow {
  readonly pid: number;
  readonly cmd?: string;
  readonly cpu?: number;
  readonly startTime?: Date;
}

/**
 * Whether both lists saw the same process. ps-list prints start times in local time, and where a clock goes back in autumn an hour
 * occurs twice: whole half hours of difference say nothing.
 */
const sameStart = (row: PsRow, command: CommandRow): boolean => {
  if (command.startTime === undefined) {
    return true;
  }
  const apart = Math.abs(command.startTime.getTime() / 1000 - row.startTime) % 1800;
  return apart <= 1 || apart >= 1799;
};

const NO_ENVIRONMENT = unknown('the environment of processes cannot be read on this system');

/**
 * Processes of this system. Arguments are split at blanks, since ps prints no better. `bornAt` answers how long after boot a process
 * started, in milliseconds.
 */
export const joinPs = (
  rows: readonly PsRow[],
  commands: readonly CommandRow[],
  cwds: ReadonlyMap<number, string> | null,
  bornAt: (row: PsRow) => number,
): readonly Process[] => {
  const byPid = new Map(commands.map(command => [command.pid, command]));
  return rows.map(row => {
    const command = byPid.get(row.pid);
    const seen = command !== undefined && sameStart(row, command) ? command : undefined;
    const directory = cwds?.get(row.pid);
    const cwd: Known<string> = directory === undefined ? unknown('lsof showed no working directory') : {known: true, value: directory};
    return {
      ...row,
      argv: row.state === 'Z' ? [] : (seen?.cmd ?? '').split(/\s+/).filter(word => word !== ''),
      bornMs: bornAt(row),
      cpu: seen?.cpu === undefined ? null : Math.round(seen.cpu * 10) / 10,
      cwd,
      cwdDeleted: false,
      env: NO_ENVIRONMENT,
    };
  });
};
