// One pass over /proc: which processes are new, changed, moved or gone since the pass before. Reads synchronously, pausing where the
// caller may let others run.

import type {Process} from '../domain/process.ts';
import {createChooser} from './proc-choice.ts';
import type {Stir} from './proc-delta.ts';
import {createDetailsReader, type DetailsOptions} from './proc-details.ts';
import type {KeptFiles} from './proc-kept-files.ts';
import {fromStat, type ProcStat, parseProcStat, showsExec} from './proc-stat.ts';
import type {KernelUnits} from './proc-system.ts';
import type {Waiting} from './proc-turns.ts';

/** Of who waits for a turn and has not run all facts are read this seldom: a title or a directory that was changed without a trace. */
const CHECK_MS = 30_000;
/**
 * What was read whole so lately is not read again: the second look of a command comes half a second after the first, which takes as long on a
 * busy machine.
 */
const LATELY_MS = 1_500;
/** Who was forked so long ago has become the program that it was forked for. */
const SETTLED_MS = 1000;
/** So many are read between two pauses: far less than a slice, and a pause costs as much as a tenth of a reading. */
const BREATH = 8;
/** A quarter of those that every pass reads has all its facts read again. */
const TURNS = 4;

/** What is kept of a process between passes. */
export interface Entry {
  readonly record: Process;
  readonly stat: ProcStat;
  /** The stat line, one character a byte: while it stays equal, the process has not run. */
  readonly line: string;
  /** When the line was read last, milliseconds of a clock that does not jump. */
  readAt: number;
  /** When all facts were read, whether the line was another or not. */
  readonly checkedAt: number;
  /** When it was read first; of those of the first pass of all, who are nobody new, minus infinity. */
  readonly firstAt: number;
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
  /** How long before this pass the one was read that was not read for longest. */
  readonly oldestMs: number;
}

export interface ScanOptions extends DetailsOptions {
  readonly units: KernelUnits;
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

const isEqual = (a: Process, b: Process): boolean => lasts(a, b) && a.cpu === b.cpu && a.rss === b.rss && a.state === b.state;

/** What one pass has found so far. */
interface Tally {
  readonly fresh: Process[];
  readonly stirred: Stir[];
  readonly born: Set<number>;
  readonly ran: Set<number>;
  /** Pids that came to another process: what has them for a parent has another now. */
  readonly replaced: Set<number>;
  /** Listed, and gone when they were read. */
  readonly missing: Set<number>;
  denied: number;
}

const createTally = (): Tally => ({
  fresh: [],
  stirred: [],
  born: new Set(),
  ran: new Set(),
  replaced: new Set(),
  missing: new Set(),
  denied: 0,
});

/** Enters a process that was read: `known` is what the pid was before, `old` the same process at its last reading. */
const note = (tally: Tally, {record, stat}: Entry, known: Entry | undefined, old: Entry | undefined): void => {
  const {pid} = record;
  if (old === undefined) {
    tally.born.add(pid);
    if (known !== undefined) {
      tally.replaced.add(pid);
    }
  }
  if (known?.stat !== stat) {
    tally.ran.add(pid);
  }
  if (old === undefined || (record !== old.record && !lasts(old.record, record))) {
    tally.fresh.push(record);
  } else if (record !== old.record) {
    tally.stirred.push([pid, record.cpu, record.rss, record.state]);
  }
};

/** Cannot be read now; `isReplaced`: whoever had the pid before is gone. */
const noteUnread = (tally: Tally, pid: number, isReplaced: boolean): void => {
  tally.denied += 1;
  if (isReplaced) {
    tally.missing.add(pid);
  }
};

interface Reading {
  /** Of the first pass of all, to which nobody is new. */
  readonly isFirst: boolean;
  readonly stat: ProcStat;
  readonly line: string;
  readonly readAt: number;
}

/** Makes entries of stat lines, reading the other facts where they may be others. */
const createEntries = (options: ScanOptions) => {
  const details = createDetailsReader(options);
  const tickMs = 1000 / options.units.ticksPerSecond;
  const make = ({isFirst, stat, line, readAt}: Reading, old: Entry | undefined, due: boolean): Entry | null => {
    const ran = old?.stat !== stat;
    const reborn = old === undefined || showsExec(old.line, line);
    const facts = details.read(stat, old?.record, {reborn, ran, due});
    if (facts === null) {
      return null;
    }
    const record: Process = {
      ...fromStat(stat, tickMs, options.units.pageBytes),
      cpu: old === undefined ? null : cpuBetween(old, {stat, readAt}, tickMs),
      ...facts,
    };
    const checkedAt = due || old === undefined ? readAt : old.checkedAt;
    const firstAt = old?.firstAt ?? (isFirst ? Number.NEGATIVE_INFINITY : readAt);
    return {record: old !== undefined && isEqual(old.record, record) ? old.record : record, stat, line, readAt, checkedAt, firstAt};
  };
  /** Nothing of who rests is made anew: that is most of a fleet at most looks. */
  const rests = ({record}: Entry): boolean => record.cpu === 0 && details.stands(record);
  return {make, rests, finish: details.rest};
};

const waitingOf = (entry: Entry | undefined): Waiting | undefined =>
  entry === undefined ? undefined : {ppid: entry.record.ppid, readAt: entry.readAt, isNew: entry.readAt - entry.firstAt < SETTLED_MS};

/**
 * A scanner that remembers. Its `pass` throws when /proc cannot be listed, and pauses every few processes; run to the end without
 * pausing it is one blocking pass.
 */
export const createProcessScanner = (options: ScanOptions) => {
  const {procRoot, reader, files, now} = options;
  const entries = new Map<number, Entry>();
  const {make, rests, finish} = createEntries(options);
  const choose = createChooser({
    procRoot,
    reader,
    now,
    known: pid => waitingOf(entries.get(pid)),
  });
  let turn = 0;
  let isFirst = true;

  const read = (pid: number, tally: Tally, isTurn: boolean): void => {
    const known = entries.get(pid);
    // What it takes of a processor is known from two readings on.
    const bytes = files.stat(pid, known !== undefined && known.record.cpu !== null);
    if (!bytes.ok && !bytes.gone) {
      noteUnread(tally, pid, false);
      return;
    }
    const line = bytes.ok ? bytes.value.toString('latin1') : '';
    const still = known?.line === line ? known : undefined;
    const stat = still?.stat ?? parseProcStat(line);
    if (stat === null) {
      tally.missing.add(pid);
      return;
    }
    const readAt = now();
    const old = known?.record.startTime === stat.startTime ? known : undefined;
    const sinceMs = readAt - (old?.checkedAt ?? Number.NEGATIVE_INFINITY);
    const isDue = isTurn ? still === undefined || sinceMs >= CHECK_MS : pid % TURNS === turn && sinceMs >= LATELY_MS;
    if (still !== undefined && !isDue && rests(still)) {
      still.readAt = readAt;
      return;
    }
    const entry = make({isFirst, stat, line, readAt}, old, isDue);
    if (entry === null) {
      noteUnread(tally, pid, known !== old);
    } else {
      entries.set(pid, entry);
      note(tally, entry, known, old);
    }
  };

  /** `attended`: who is read whatever the turn; null for everybody. */
  const pass = function* (attended: ReadonlySet<number> | null = null): Generator<void, ProcessPass> {
    const {listed, read: chosen, unread, at} = yield* choose(attended);
    const tally = createTally();
    turn = (turn + 1) % TURNS;
    for (const [index, pid] of chosen.entries()) {
      read(pid, tally, attended?.has(pid) === false);
      if (index % BREATH === 0) {
        yield;
      }
    }
    let oldest = at;
    for (const pid of unread) {
      const entry = entries.get(pid);
      if (entry !== undefined && tally.replaced.has(entry.record.ppid)) {
        read(pid, tally, true);
        yield;
      } else {
        oldest = Math.min(oldest, entry?.readAt ?? oldest);
      }
    }
    const gone = [...entries.keys()].filter(pid => !listed.has(pid) || tally.missing.has(pid));
    for (const pid of gone) {
      entries.delete(pid);
      files.forget(pid);
    }
    finish();
    isFirst = false;
    const {fresh, stirred, born, ran, denied} = tally;
    return {entries, fresh, stirred, gone, born, ran, denied, oldestMs: at - oldest};
  };

  return {pass};
};
