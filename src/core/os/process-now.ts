// One process as it is this moment, read in one synchronous turn: straight from /proc, or from ps(1) where there is none.
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import type {ProcessState} from '../domain/process.ts';
import type {ProcessNow, Sighting} from './hands.ts';
import {readTextNow} from './read-now.ts';

/** What only the last check before a signal needs to know. */
export interface CloseLook extends ProcessNow {
  /** proc_pid_stat(5) flags, PF_KTHREAD. */
  readonly kernelThread: boolean;
  readonly argv: readonly string[];
}

export type CloseSighting = {readonly state: 'here'; readonly process: CloseLook} | Exclude<Sighting, {state: 'here'}>;

export interface ProcessReader {
  look(pid: number): CloseSighting;
  /** Parent of a process; null when there is none to be seen: it is gone, or another user's and hidden (proc(5), hidepid). */
  parentOf(pid: number): number | null;
  /** Children of a process right now, those of all its threads; none where the kernel does not list them (CONFIG_PROC_CHILDREN). */
  childrenOf(pid: number): readonly number[];
  /** Every pid in a process group, defunct ones included. Throws when the table cannot be read. */
  groupOf(pgid: number): readonly number[];
}

const PF_KTHREAD = 0x00200000;
const LETTERS: ReadonlySet<string> = new Set(['R', 'S', 'D', 'T', 't', 'Z', 'X', 'I']);

const stateOf = (letter: string | undefined): ProcessState =>
  letter !== undefined && LETTERS.has(letter) ? (letter as ProcessState) : '?';

/** A vanished process is ENOENT when its directory is opened and ESRCH when it ends while being read (proc(5)). */
const isAbsent = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

const isHidden = (error: unknown): boolean => ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');

const words = (text: string): readonly string[] => text.split('\u0000').filter(word => word !== '');

interface StatLine {
  readonly comm: string;
  /** Index 0 is field 3 of proc_pid_stat(5). */
  readonly field: readonly string[];
}

const readStat = (root: string, pid: number): StatLine => {
  const stat = readTextNow(`${root}/${pid}/stat`);
  const close = stat.lastIndexOf(')');
  return {comm: stat.slice(stat.indexOf('(') + 1, close), field: stat.slice(close + 2).split(' ')};
};

/** Linux. The stat line is read last, because the start time in it is what the following signal rests on. */
export const createProcReader = (root = '/proc'): ProcessReader => ({
  look: pid => {
    try {
      const status = readTextNow(`${root}/${pid}/status`);
      const argv = words(readFileSync(`${root}/${pid}/cmdline`, 'utf8'));
      const {comm, field} = readStat(root, pid);
      const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
      const startTime = Number(field[19]);
      if (uid === undefined || !Number.isInteger(startTime)) {
        return {state: 'unknown', because: `${root}/${pid} does not read as a process`};
      }
      // A leader that has ended while other threads go on shows as Z (pthread_exit(3)): it is not gone before they are.
      const threadsLeft = field[0] === 'Z' && Number(field[17]) > 1;
      return {
        state: 'here',
        process: {
          pid,
          startTime,
          ppid: Number(field[1]),
          pgid: Number(field[2]),
          sid: Number(field[3]),
          state: threadsLeft ? 'S' : stateOf(field[0]),
          uid: Number(uid),
          comm,
          kernelThread: (Number(field[6]) & PF_KTHREAD) !== 0,
          argv,
        },
      };
    } catch (error) {
      return isAbsent(error) ? {state: 'gone'} : {state: 'unknown', because: (error as Error).message};
    }
  },
  parentOf: pid => {
    try {
      return Number(readStat(root, pid).field[1]);
    } catch (error) {
      if (isAbsent(error) || isHidden(error)) {
        return null;
      }
      throw error;
    }
  },
  childrenOf: pid => {
    try {
      return readdirSync(`${root}/${pid}/task`).flatMap(thread =>
        readTextNow(`${root}/${pid}/task/${thread}/children`)
          .split(' ')
          .filter(word => word !== '')
          .map(Number),
      );
    } catch {
      // It has ended, or nothing lists them: the next reading of the whole table tells.
      return [];
    }
  },
  groupOf: pgid => {
    const members: number[] = [];
    for (const name of readdirSync(root)) {
      if (/^\d+$/.test(name)) {
        try {
          if (Number(readStat(root, Number(name)).field[2]) === pgid) {
            members.push(Number(name));
          }
        } catch (error) {
          if (!isAbsent(error)) {
            throw error;
          }
        }
      }
    }
    return members;
  },
});

const PS_TIMEOUT_MS = 2000;

const ps = (...args: readonly string[]): string =>
  execFileSync('ps', args, {encoding: 'utf8', timeout: PS_TIMEOUT_MS, killSignal: 'SIGKILL', env: {...process.env, LC_ALL: 'C'}});

/** Elsewhere. ps exits 1 when it finds no such process; any other failure proves nothing. */
const createPsReader = (): ProcessReader => ({
  look: pid => {
    let row: string;
    try {
      row = ps('-o', 'ppid=,pgid=,uid=,state=,lstart=,command=', '-p', String(pid)).trim();
    } catch (error) {
      return (error as {status?: number}).status === 1 ? {state: 'gone'} : {state: 'unknown', because: (error as Error).message};
    }
    const match = /^(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+ +\S+ +\d+ +[\d:]+ +\d+)\s+(.*)$/s.exec(row);
    if (match === null) {
      return {state: 'unknown', because: 'ps answered in a form that is not understood'};
    }
    const [, ppid, pgid, uid, state, started, command = ''] = match;
    const argv = command.split(' ');
    return {
      state: 'here',
      process: {
        pid,
        startTime: Math.floor(Date.parse(started as string) / 1000),
        ppid: Number(ppid),
        pgid: Number(pgid),
        sid: 0,
        state: stateOf(state?.[0]),
        uid: Number(uid),
        comm: argv[0]?.split('/').at(-1) ?? '',
        kernelThread: false,
        argv,
      },
    };
  },
  parentOf: pid => {
    try {
      return Number(ps('-o', 'ppid=', '-p', String(pid)));
    } catch (error) {
      if ((error as {status?: number}).status === 1) {
        return null;
      }
      throw error;
    }
  },
  childrenOf: () => [],
  groupOf: pgid =>
    ps('-axo', 'pid=,pgid=')
      .split('\n')
      .map(row => row.trim().split(/\s+/).map(Number))
      .flatMap(([pid, group]) => (pid !== undefined && group === pgid ? [pid] : [])),
});

export const createProcessReader = (platform: NodeJS.Platform = process.platform): ProcessReader =>
  platform === 'linux' ? createProcReader() : createPsReader();
