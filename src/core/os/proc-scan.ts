// One pass over /proc: which processes are new, changed, moved or gone since the pass before. Reads synchronously, pausing where the
// caller may let others run.

import type {Process} from '../domain/process.ts';
import type {Stir} from './proc-delta.ts';
import {createDetailsReader} from './proc-details.ts';
import type {KeptFiles} from './proc-kept-files.ts';
import type {ProcReader} from './proc-read.ts';
import {type ProcStat, parseProcStat} from './proc-stat.ts';
import type {KernelUnits} from './proc-system.ts';

/** A quarter of the processes has all its facts read again at each pass. */
const TURNS = 4;

/** What is kept of a process between passes. */
export interface Entry {
  readonly record: Process;
  readonly stat: ProcStat;
  /** The stat line to the byte: while it stays equal, the process has not run. */
  readonly line: Buffer;
  /** When the line was read, milliseconds of a clock that does not jump. */
  readonly readAt: number;
}

export interface ProcessPass {
  readonly entries: ReadonlyMap<number, Entry>;
  /** Appeared, or changed in a field that normally lasts. */
  readonly fresh: readonly Process[];
  readonly stirred: readonly Stir[];
  readonly gone: readonly number[];
  /** First seen in this pass. */
  readonly born: ReadonlySet<number>;
  /** Ran since the last pass, as far as the stat line shows. */
  readonly ran: ReadonlySet<number>;
  /** Listed, but not to be read. */
  readonly denied: number;
}

export interface ScanOptions {
  readonly procRoot: string;
  readonly uid: number;
  readonly units: KernelUnits;
  readonly reader: ProcReader;
  readonly files: KeptFiles;
  /** Milliseconds of a clock that does not jump. */
  readonly now: () => number;
}

/** Whether everything but cpu, memory and state is as it was. */
const lasts = (a: Process, b: Process): boolean =>
  a.startTime === b.startTime &&
  a.ppid === b.ppid &&
  a.pgid === b.pgid &&
  a.sid === b.sid &&
  a.tty === b.tty &&
  a.uid === b.uid &&
  a.comm === b.comm &&
  a.argv === b.argv &&
  a.cwd === b.cwd &&
  a.cwdDeleted === b.cwdDeleted &&
  a.cwdRemade === b.cwdRemade &&
  a.env === b.env;

/** Percent of one core between two readings, to a tenth, so that noise makes no new records. */
const cpuBetween = (old: Pick<Entry, 'stat' | 'readAt'>, now: Pick<Entry, 'stat' | 'readAt'>, tickMs: number): number | null => {
  const gap = now.readAt - old.readAt;
  return gap <= 0 ? null : Math.max(0, Math.round((((now.stat.ticks - old.stat.ticks) * tickMs) / gap) * 1000) / 10);
};

/** What the stat line alone tells. */
const fromStat = (stat: ProcStat, tickMs: number, pageBytes: number) => ({
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

const isEqual = (a: Process, b: Process): boolean => lasts(a, b) && a.cpu === b.cpu && a.rss === b.rss && a.state === b.state;

/**
 * A scanner that remembers. Its `pass` throws when /proc cannot be listed, and pauses after each process; run to the end without
 * pausing it is one blocking pass.
 */
export const createProcessScanner = ({procRoot, uid, units, reader, files, now}: ScanOptions) => {
  const entries = new Map<number, Entry>();
  const readDetails = createDetailsReader(procRoot, uid, reader);
  const tickMs = 1000 / units.ticksPerSecond;
  let turn = 0;

  const enter = (stat: ProcStat, line: Buffer, readAt: number, old: Entry | undefined): Entry => {
    const ran = old?.stat !== stat;
    const reborn = old?.stat.image !== stat.image;
    const details = readDetails(stat, old?.record, {reborn, ran, due: stat.pid % TURNS === turn});
    const record: Process = {
      ...fromStat(stat, tickMs, units.pageBytes),
      cpu: old === undefined ? null : cpuBetween(old, {stat, readAt}, tickMs),
      ...details,
    };
    return {record: old !== undefined && isEqual(old.record, record) ? old.record : record, stat, line, readAt};
  };

  const pass = function* (): Generator<void, ProcessPass> {
    const listed = reader.names(procRoot);
    if (!listed.ok) {
      throw new Error(listed.because);
    }
    const fresh: Process[] = [];
    const stirred: Stir[] = [];
    const born = new Set<number>();
    const ran = new Set<number>();
    const missing = new Set(entries.keys());
    let denied = 0;
    turn = (turn + 1) % TURNS;

    for (const name of listed.value) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) {
        continue;
      }
      const bytes = files.stat(pid);
      if (!bytes.ok) {
        if (!bytes.gone) {
          denied += 1;
          missing.delete(pid);
        }
        continue;
      }
      const readAt = now();
      const known = entries.get(pid);
      const still = known?.line.equals(bytes.value) ? known : undefined;
      const stat = still?.stat ?? parseProcStat(bytes.value);
      if (stat === null) {
        continue;
      }
      missing.delete(pid);
      const old = known?.record.startTime === stat.startTime ? known : undefined;
      const entry = enter(stat, still?.line ?? Buffer.from(bytes.value), readAt, old);
      entries.set(pid, entry);
      if (old === undefined) {
        born.add(pid);
      }
      if (still === undefined) {
        ran.add(pid);
      }
      const {record} = entry;
      if (old === undefined || (record !== old.record && !lasts(old.record, record))) {
        fresh.push(record);
      } else if (record !== old.record) {
        stirred.push([pid, record.cpu, record.rss, record.state]);
      }
      yield;
    }
    for (const pid of missing) {
      entries.delete(pid);
      files.forget(pid);
    }
    return {entries, fresh, stirred, gone: [...missing], born, ran, denied};
  };

  return {pass};
};
