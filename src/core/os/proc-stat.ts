// Parses what /proc says about one process: the stat line, the argument area, the environment. Pure.

import type {ProcessState} from '../domain/process.ts';

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
  /**
   * Changes when the process runs another program: exec() keeps pid and start time but lays memory out anew. Where the reader may
   * not trace the process the addresses read 0, and only the name is left to tell.
   */
  readonly image: string;
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

/** A copy in one piece: parts of a text keep the whole text in memory. */
const flat = (text: string): string => Buffer.from(text).toString();

/** Null when the line is not a stat line. The name may hold anything, `) R 1` included: only the last `)` ends it. */
export const parseProcStat = (line: Buffer): ProcStat | null => {
  const open = line.indexOf(0x28);
  const close = line.lastIndexOf(0x29);
  if (open < 1 || close < open) {
    return null;
  }
  // Index 0 is field 3 of proc_pid_stat(5).
  const field = line.toString('latin1', close + 2).split(' ');
  const [letter = '', ppid, pgid, sid, tty, foreground, flags] = field;
  const pid = Number(line.toString('latin1', 0, open));
  const startTime = Number(field[19]);
  if (!Number.isInteger(pid) || !Number.isInteger(startTime)) {
    return null;
  }
  const comm = line.toString('utf8', open + 1, close);
  return {
    pid,
    comm,
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
    // startcode, startstack, start_data, arg_start, arg_end, env_start, env_end.
    image: flat(`${comm}\u0000${field[23]} ${field[25]} ${field[42]} ${field[45]} ${field[46]} ${field[47]} ${field[48]}`),
  };
};

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

/** The variables of an environment that have these names; everything else is dropped before it is even decoded into a record. */
export const parseMarkers = (environ: Buffer, kept: ReadonlySet<string>): Readonly<Record<string, string>> => {
  const markers: Record<string, string> = {};
  let at = 0;
  // One character a byte: what is kept is cut out of the bytes, because part of a text would keep all of it in memory.
  for (const entry of environ.toString('latin1').split('\u0000')) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals);
    // getenv(3) answers with the first of two entries of one name.
    if (equals > 0 && kept.has(name) && !Object.hasOwn(markers, name)) {
      markers[name] = environ.toString('utf8', at + equals + 1, at + entry.length);
    }
    at += entry.length + 1;
  }
  return markers;
};
