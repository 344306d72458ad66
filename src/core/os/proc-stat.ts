// Parses what /proc says about one process: the stat line, the argument area, the environment. Pure.

import type {ProcessState} from '../domain/process.ts';
import {remembered} from '../domain/remember.ts';

/** proc_pid_stat(5), as far as it is needed. Ticks are clock ticks (USER_HZ), addresses stay text. */
export interface ProcStat {
  readonly pid: number;
  readonly comm: string;
  readonly state: ProcessState;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly tty: string | null;
  /** Process group in the foreground of its terminal; -1 for none. */
  readonly foreground: number;
  readonly kernelThread: boolean;
  /** User and system time so far, in ticks. */
  readonly ticks: number;
  /** Start after boot, in ticks: identity together with the pid. */
  readonly startTime: number;
  readonly rssPages: number;
}

const STATES: ReadonlySet<string> = new Set(['R', 'S', 'D', 'T', 't', 'Z', 'X', 'I']);
const PF_KTHREAD = 0x00200000;

const isState = (letter: string): letter is ProcessState => STATES.has(letter);

/** Name of a controlling terminal from its device number (MAJOR as in Linux's devices.txt); null for none. */
export const ttyName = (device: number): string | null => {
  if (device === 0) {
    return null;
  }
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  if (major >= 136 && major <= 143) {
    return `pts/${minor + (major - 136) * 256}`;
  }
  if (major === 4) {
    return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
  }
  if (major === 5) {
    return minor === 1 ? 'console' : 'tty';
  }
  return `${major}:${minor}`;
};

/** In one piece: a part of a text keeps the whole text in memory, and the name may be any bytes. */
const nameOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

/** Fields from the third on, as far as they are needed. */
const FIELDS = 22;

/**
 * Of a line with one character a byte. Null when it is not a stat line. The name may hold anything, `) R 1` included: only the last `)`
 * ends it.
 */
export const parseProcStat = (line: string): ProcStat | null => {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  if (open < 1 || close < open) {
    return null;
  }
  // Index 0 is field 3 of proc_pid_stat(5).
  const field = line.slice(close + 2).split(' ', FIELDS);
  const [letter = '', ppid, pgid, sid, tty, foreground, flags] = field;
  const pid = Number(line.slice(0, open));
  const startTime = Number(field[19]);
  if (!Number.isInteger(pid) || !Number.isInteger(startTime)) {
    return null;
  }
  return {
    pid,
    comm: nameOf(line.slice(open + 1, close)),
    state: isState(letter) ? letter : '?',
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: Number(sid),
    tty: ttyName(Number(tty)),
    foreground: Number(foreground),
    kernelThread: (Number(flags) & PF_KTHREAD) !== 0,
    ticks: Number(field[11]) + Number(field[12]),
    startTime,
    rssPages: Math.max(0, Number(field[21])),
  };
};

/** The name, and startcode, startstack, start_data, arg_start, arg_end, env_start, env_end. */
const imageOf = (line: string): string => {
  const close = line.lastIndexOf(')');
  const field = line.slice(close + 2).split(' ');
  return [line.slice(line.indexOf('('), close), ...[23, 25, 42, 45, 46, 47, 48].map(index => field[index])].join(' ');
};

/**
 * Whether two stat lines of one process show another program: exec() keeps pid and start time but lays memory out anew. Where the reader
 * may not trace the process the addresses read 0, and only the name is left to tell.
 */
export const showsExec = (before: string, now: string): boolean => before !== now && imageOf(before) !== imageOf(now);

/**
 * The argument vector. A program that writes a title over its arguments leaves one string and a tail of NULs, which are no
 * arguments; a single empty last argument is one (`sh -c ''`).
 */
export const parseArgv = (area: Buffer): readonly string[] => {
  const end = area[area.length - 1] === 0 ? area.length - 1 : area.length;
  const words = area.toString('utf8', 0, end).split('\u0000');
  const [first = '', ...rest] = words;
  if (rest.every(word => word === '') && rest.length !== 1) {
    return first === '' ? [] : [first];
  }
  return words;
};

/** Where an entry begins that has one of these names. */
const entryOf = remembered(
  (kept: ReadonlySet<string>): RegExp => (kept.size === 0 ? /(?!)/g : new RegExp(`(?:^|\\0)(${[...kept].join('|')})=`, 'g')),
);

/** Most environments have none of these, and are one. */
const UNMARKED: Readonly<Record<string, string>> = {};

/** The variables of an environment that have these names, of letters, digits and underscores; everything else is not even looked at. */
export const parseMarkers = (environ: Buffer, kept: ReadonlySet<string>): Readonly<Record<string, string>> => {
  let markers: Record<string, string> | null = null;
  // One character a byte: what is kept is cut out of the bytes, because part of a text would keep all of it in memory.
  const text = environ.toString('latin1');
  const entry = entryOf(kept);
  entry.lastIndex = 0;
  for (let match = entry.exec(text); match !== null; match = entry.exec(text)) {
    const [, name = ''] = match;
    const next = text.indexOf('\0', entry.lastIndex);
    const end = next < 0 ? text.length : next;
    // getenv(3) answers with the first of two entries of one name.
    markers ??= {};
    if (!Object.hasOwn(markers, name)) {
      markers[name] = environ.toString('utf8', entry.lastIndex, end);
    }
    entry.lastIndex = end;
  }
  return markers ?? UNMARKED;
};

/** What the stat line alone tells of a process: `tickMs` and `pageBytes` are the kernel’s units, in milliseconds and bytes. */
export const fromStat = (stat: ProcStat, tickMs: number, pageBytes: number) => ({
  pid: stat.pid,
  startTime: stat.startTime,
  ppid: stat.ppid,
  pgid: stat.pgid,
  sid: stat.sid,
  tty: stat.tty,
  state: stat.state,
  comm: stat.comm,
  bornMs: Math.round(stat.startTime * tickMs),
  rss: stat.rssPages * pageBytes,
});
