// What rigtop may ask of the machine: the one interface that tests replace, by a value. Reading only; signals live in hands.ts.

import type {Known} from '../domain/known.ts';
import type {Connection, Listener, OutputFile, UnixServer} from '../domain/listener.ts';
import type {Process} from '../domain/process.ts';
import type {Pulses} from './pulse.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** null when it did not exit by itself. */
  readonly exitCode: number | null;
  /** `timeout` (killed with SIGKILL), `missing` (ENOENT), `denied` (EACCES), `too-large`, `aborted`, `failed` (could not be spawned); null when it ran. */
  readonly trouble: 'timeout' | 'missing' | 'denied' | 'too-large' | 'aborted' | 'failed' | null;
  readonly tookMs: number;
}

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Default `/`: rigtop's own directory may have been removed. */
  readonly cwd?: string;
  /** `least` (default): what programs need to find their way, and no secret (see surroundings.ts). `whole`: for what a person has started. */
  readonly environment?: 'least' | 'whole';
  /** On top of it. TMUX and TMUX_PANE are never in it by themselves, and LC_ALL is C. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly maxBytes?: number;
  readonly input?: string;
  /** A descriptor of ours that the program gets as its descriptor 3. */
  readonly inherit?: number;
  /** Aborting kills the program. */
  readonly signal?: AbortSignal;
}

/** A file as read: `missing` is ENOENT or ENOTDIR and nothing else. */
export type FileRead<T> =
  | {readonly state: 'ok'; readonly value: T}
  | {readonly state: 'missing'}
  | {readonly state: 'unknown'; readonly because: string};

export interface FileInfo {
  readonly kind: 'file' | 'directory' | 'socket' | 'link' | 'other';
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
  readonly device: number;
  readonly mode: number;
  readonly uid: number;
}

export interface Files {
  /**
   * UTF-8 text of a regular file. Unknown: a FIFO, device or socket, which is not even opened; what is larger than `maxBytes` (default
   * 4 MiB); and, where `within` is given, as it is for every file of a project, a link that leads out of that directory.
   */
  readText(path: string, maxBytes?: number, within?: string): Promise<FileRead<string>>;
  /** Text of the first `bytes`; else as `readText`. */
  readHead(path: string, bytes: number, within?: string): Promise<FileRead<string>>;
  /** Whole lines from the last `bytes` of a file that grows at its end; else as `readText`. */
  readTail(path: string, bytes: number, within?: string): Promise<FileRead<string>>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<FileRead<readonly string[]>>;
  /** Names of the directories in a directory, links not followed, without a call per entry. */
  listDirectories(path: string): Promise<FileRead<readonly string[]>>;
  /** lstat: a link is a link. */
  inspect(path: string): Promise<FileRead<FileInfo>>;
  realPath(path: string): Promise<FileRead<string>>;
}

/** What connecting to a unix socket proved. `refused`: nobody listens there. */
export type SocketAnswer = 'accepted' | 'refused' | 'missing' | 'denied' | 'timeout' | 'other';

export interface ProcessTable {
  /** Milliseconds since boot when the table was read. */
  readonly uptimeMs: number;
  /** Milliseconds since the epoch at boot, steady against jitter of the clock. */
  readonly bootedAt: number;
  readonly processes: ReadonlyMap<number, Process>;
  /** Why the table cannot be trusted to be whole (hidepid, unreadable /proc); null when it is whole. */
  readonly incomplete: string | null;
}

export interface ListenerTable {
  readonly listeners: readonly Listener[];
  /** Why some sockets could not be listed; null when all were. */
  readonly incomplete: string | null;
}

/**
 * The process and socket tables in one pass. Unchanged processes and listeners are the same objects as in the look
 * before, so that everything behind can compare by reference. Never blocks the event loop for longer than a slice.
 */
export interface MachineTables {
  readonly processes: Known<ProcessTable>;
  readonly processesTookMs: number;
  readonly listeners: Known<ListenerTable>;
  readonly listenersTookMs: number;
  /** How long before this look the oldest part of each was read; missing where all of it was read now. */
  readonly processesAgeMs?: number;
  readonly listenersAgeMs?: number;
}

export interface Host {
  readonly platform: NodeJS.Platform;
  readonly hostname: string;
  readonly uid: number;
  readonly pid: number;
  readonly home: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly bootId: string | null;
  /** Inode of this process’s pid namespace (pid_namespaces(7)): where its pids count. Null where there is no such thing. */
  readonly pidNamespace: number | null;
  /** Names of the environment variables that are kept of processes and sessions: everything else is dropped as it is read. */
  readonly markers: ReadonlySet<string>;
  readonly files: Files;
  /** Milliseconds since the epoch. May jump. */
  epochMs(): number;
  /** Milliseconds since some moment, by a clock that does not jump. */
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Run a program: argv only, never a shell; SIGKILL on timeout (a tmux client with a full backlog ignores SIGTERM). Never throws for what the program does. */
  run(file: string, args: readonly string[], options: CommandOptions): Promise<CommandResult>;
  /** Connect to a unix stream socket and hang up at once. */
  probeSocket(path: string, timeoutMs: number): Promise<SocketAnswer>;
  /**
   * With `attended`, only these are sure to be read anew, and whoever is new, has lost its parent or may be another process; of all others
   * a part, each every ten seconds. Without it, everything is.
   */
  readTables(deadlineMs: number, attended?: ReadonlySet<number>): Promise<MachineTables>;
  /** Whether a process has run since it was asked. Missing where the system never tells. */
  readonly pulses?: Pulses;
  /** Those of `pids` that listen on a unix socket. Missing where the system does not tell. */
  unixServers?(pids: readonly number[]): readonly UnixServer[];
  /** Those of `pids` whose standard output is a file. Missing where the system does not tell. */
  outputFiles?(pids: readonly number[]): readonly OutputFile[];
  /** Who is connected to sockets that one of `servers` listens on, read with pauses. Missing where the system does not tell. */
  connections?(servers: readonly number[], everybody: readonly number[]): Generator<void, readonly Connection[]>;
  /** End workers and timers. */
  close(): Promise<void>;
}
