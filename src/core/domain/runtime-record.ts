// What agent programs write down of themselves: their sessions, the daemons that host them, and the processes they name. Pure records.
import type {Known} from './known.ts';
import type {Process} from './process.ts';

/** What an agent program says of a session’s state. `shell`: at the prompt, while a background command of its own still runs. */
export type RecordedState = 'idle' | 'busy' | 'waiting' | 'shell';

/** Where a recorded pid counts. Null: the record does not say. */
export interface PidDomain {
  /** Another boot had other pids. */
  readonly bootId: string | null;
  /** Inode of /proc/self/ns/pid of the writer (pid_namespaces(7)). */
  readonly namespace: number | null;
  /** machine-id(5) of the writer’s machine. */
  readonly machine: string | null;
}

/** One process that a record names. */
export interface RuntimeRecord {
  /** Table key of the agent program: `claude`, `codex` … */
  readonly program: string;
  /** File that says so. */
  readonly file: string;
  /** `host`: holds the terminal of a session. `daemon`: starts and serves sessions. */
  readonly role: 'session' | 'host' | 'daemon';
  /** Whether it is meant to run without a terminal; a session that a person started at one is not. */
  readonly background: boolean;
  readonly pid: number;
  /** Clock ticks since boot (proc_pid_stat(5), field 22); null where the record does not say, or a lock proves that it lives. */
  readonly startTime: number | null;
  readonly domain: PidDomain;
  /** True where the kernel itself says so: the process holds a lock on the file (flock(2)). */
  readonly locked: boolean;
  /** Id of the conversation. */
  readonly conversation: string | null;
  readonly directory: string | null;
  readonly state: RecordedState | null;
  /** What it waits for, in the program’s own words. */
  readonly question: string | null;
  /** Milliseconds since the epoch. */
  readonly stateSince: number | null;
}

/** A record whose process lives. */
export interface LivingRecord {
  readonly record: RuntimeRecord;
  readonly process: Process;
}

/** By pid. Where several records name one process, the one that says its state comes first. */
export type LivingByPid = ReadonlyMap<number, readonly LivingRecord[]>;

/** A piece of work that a program says goes on by itself, without naming a process: its session does. */
export interface RuntimeJob {
  readonly id: string;
  readonly file: string;
  /** Ids by which a living session of it is known. */
  readonly conversations: readonly string[];
  readonly directory: string | null;
  /** Whether it is said to be at work, or to wait for an answer. */
  readonly runs: boolean;
  /** The program’s own word: `working`, `blocked`, `done` … */
  readonly state: string;
  /** When the record was last written; milliseconds since the epoch. */
  readonly updatedAt: number | null;
}

/** A port that a program which starts dev servers has given to one of them. */
export interface PortRecord {
  readonly port: number;
  /** What it calls the service: `app/web`, `shop.localhost`. */
  readonly service: string;
  readonly file: string;
  /** The server runs below this process (portless); null: the record names none. */
  readonly pid: number | null;
  /** The server works in this directory (mise); null: the record names none. */
  readonly directory: string | null;
}

/** What one program keeps in one place. */
export interface RuntimeStore {
  readonly program: string;
  /** Its directory. */
  readonly place: string;
  /** Unknown when the directory could not be listed. */
  readonly records: Known<readonly RuntimeRecord[]>;
  readonly jobs?: readonly RuntimeJob[];
  readonly ports?: readonly PortRecord[];
  /** Files that are there and could not be understood: half-written, no regular file, another’s, too large. */
  readonly unreadable: readonly {readonly file: string; readonly because: string}[];
}
