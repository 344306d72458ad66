// A process as the kernel's table shows it, and the identity that survives pid reuse. Pure records.
import {type Known, knownValue} from './known.ts';
import {parentDirectory} from './paths.ts';

/**
 * A process that is still the same process: pid plus start time.
 * `startTime` is compared for equality only: clock ticks since boot on Linux (proc_pid_stat(5), field 22),
 * whole seconds since the epoch elsewhere (ps `lstart`).
 */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: number;
}

/** One letter of ps(1) STAT. `Z` is defunct, `T` stopped by a signal, `t` by a tracer. `?` where it cannot be read. */
export type ProcessState = 'R' | 'S' | 'D' | 'T' | 't' | 'Z' | 'X' | 'I' | '?';

export interface Process extends ProcessId {
  readonly ppid: number;
  readonly pgid: number;
  /** Session id: the pid of the session leader (credentials(7)). */
  readonly sid: number;
  /** Controlling terminal as in /dev (`pts/3`), or null for none. */
  readonly tty: string | null;
  readonly state: ProcessState;
  readonly uid: number;
  /** The kernel's name: 15 bytes at most, may be rewritten by the program. */
  readonly comm: string;
  /** Empty for kernel threads and defunct processes. May contain any byte, newlines included. */
  readonly argv: readonly string[];
  /** Milliseconds from boot to its start, by the clock that does not jump. A constant, so that an ageing process stays the same record: see `ageMs`. */
  readonly bornMs: number;
  /** Percent of one core since the previous look; null on the first. */
  readonly cpu: number | null;
  /** Resident set, bytes. */
  readonly rss: number;
  /** Working directory, without the kernel's ` (deleted)` mark. */
  readonly cwd: Known<string>;
  /** True when the working directory has been removed under the process. */
  readonly cwdDeleted: boolean;
  /** The outermost removed directory of that path in whose place another one stands now. Missing where there is none, and elsewhere than on Linux. */
  readonly cwdRemade?: string | undefined;
  /** What it calls its directory in a mount namespace of its own, where that is no directory of ours: `cwd` is unknown then. */
  readonly cwdApart?: string | undefined;
  /** In a pid namespace of its own below ours: inode of that and its pid there, `4026532301:12`. Missing where it has none, or that cannot be read. */
  readonly inside?: string | undefined;
  /** The multiplexer that it is a server of, as the source of that tells. Missing where no source does. */
  readonly serves?: string | undefined;
  /** Ownership markers of the environment at exec time (see markers.ts). Never the whole environment: it holds secrets. */
  readonly env: Known<Readonly<Record<string, string>>>;
}

/**
 * Kernel threads are kthreadd (pid 2) and its children: no argv and no memory of their own. Inside a pid namespace pid 2 is
 * anybody's, so the number alone does not count; a defunct process has no argv either, so it does not count.
 */
export const isKernelThread = (process: Pick<Process, 'pid' | 'ppid' | 'argv' | 'rss' | 'state'>): boolean =>
  (process.pid === 2 || process.ppid === 2) && process.argv.length === 0 && process.rss === 0 && process.state !== 'Z';

/**
 * The place its directory speaks for; undefined when that is unknown. A directory that was made again is another one: who stands in the
 * removed one is where both lie.
 */
export const placeOf = ({cwd, cwdRemade}: Pick<Process, 'cwd' | 'cwdRemade'>): string | undefined =>
  cwd.known && cwdRemade !== undefined ? parentDirectory(cwdRemade) : knownValue(cwd);

/** Whether it has ended, and at most waits for its parent (proc_pid_stat(5): zombie, dead). */
export const hasEnded = ({state}: Pick<Process, 'state'>): boolean => state === 'Z' || state === 'X';

/** Whether two sightings are of one process. */
export const sameProcess = (a: ProcessId, b: ProcessId): boolean => a.pid === b.pid && a.startTime === b.startTime;

/**
 * The same text for the same process wherever on one system it was seen from: by the host, and in its container. Null where a look does
 * not tell its system or its namespace.
 */
export const systemwideKey = (
  process: ProcessId & Pick<Process, 'inside'>,
  {bootId, self}: {readonly bootId: string | null; readonly self: {readonly pidNamespace?: number}},
): string | null =>
  bootId === null || self.pidNamespace === undefined
    ? null
    : `${bootId} ${process.inside ?? `${self.pidNamespace}:${process.pid}`} ${process.startTime}`;

/** Map and set key of a process identity. */
export const processKey = (id: ProcessId): string => `${id.pid}@${id.startTime}`;

/** How old a process was at a look: milliseconds by the clock that does not jump, never negative. */
export const ageMs = (process: Pick<Process, 'bornMs'>, look: {readonly uptimeMs: number}): number =>
  Math.max(0, look.uptimeMs - process.bornMs);

/** Start times are ticks of 10 ms on Linux and whole seconds elsewhere. */
const BIRTH_SLACK_MS = 2_000;

/** Whether one process is old enough to have started another: what is younger had its pid, its pane or its name from an earlier one. */
export const mayHaveStarted = (starter: Pick<Process, 'bornMs'>, started: Pick<Process, 'bornMs'>): boolean =>
  starter.bornMs <= started.bornMs + BIRTH_SLACK_MS;

/** When a process started, milliseconds since the epoch. For people only: it moves when the clock is set. */
export const startedAt = (process: Pick<Process, 'bornMs'>, look: {readonly bootedAt: number}): number => look.bootedAt + process.bornMs;
