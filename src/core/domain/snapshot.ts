// One look at the machine: every record with the time it was taken and how each source answered. Pure records.
import type {ScreenReading} from './hint.ts';
import type {SourceStatus} from './known.ts';
import type {Connection, Listener, OutputFile, UnixServer} from './listener.ts';
import type {Server} from './multiplexer.ts';
import type {Process, ProcessId} from './process.ts';
import type {Register} from './register.ts';
import type {SlotRepo, Worktree} from './repo.ts';
import type {RuntimeStore} from './runtime-record.ts';
import type {Town} from './town.ts';

/** The observer itself: what must never be touched, whatever a rule says. */
export interface Self extends ProcessId {
  readonly uid: number;
  /** Ancestors of rigtop, nearest first, up to pid 1. */
  readonly ancestors: readonly number[];
  /** Home directory of the user, links resolved; missing where it was not told. */
  readonly home?: string;
  /** Inode of the pid namespace, where there is one; and machine-id(5): where pids of a record count. */
  readonly pidNamespace?: number;
  readonly machineId?: string;
  /** Socket and pane rigtop runs in (from TMUX and TMUX_PANE), or null. */
  readonly pane: {readonly socket: string; readonly paneId: string} | null;
}

/** The git repository a directory is in: found by looking, not by asking git. */
export interface Checkout {
  /** Directory that was asked about. */
  readonly directory: string;
  /** Top of the work tree it lies in. */
  readonly root: string;
  /** Main work tree of the repository; equals `root` outside linked worktrees. */
  readonly mainRoot: string;
  /** Short name of the branch that is checked out there; missing where it is detached or cannot be read. A claim of the repository’s. */
  readonly branch?: string | undefined;
}

export interface Snapshot {
  /** Milliseconds since the epoch: for people. */
  readonly takenAt: number;
  /** Milliseconds of a clock that never jumps: for gaps between looks. */
  readonly monotonicMs: number;
  readonly tookMs: number;
  /** Milliseconds since boot when the process table was read: what `ageMs(process, snapshot)` counts from. */
  readonly uptimeMs: number;
  /** Milliseconds since the epoch at boot: for people. Kept as it was unless it moved by more than a second. */
  readonly bootedAt: number;
  readonly hostname: string;
  readonly platform: string;
  /** Changes at every boot; records of another boot prove nothing about pids. */
  readonly bootId: string | null;
  readonly self: Self;
  readonly sources: readonly SourceStatus[];
  readonly processes: ReadonlyMap<number, Process>;
  /** False when the process table could not be read, or other users' processes are hidden (hidepid). */
  readonly processesComplete: boolean;
  readonly listeners: readonly Listener[];
  /** Who is connected to servers that stand by themselves. Read when a plan is made; missing in a look. */
  readonly connections?: readonly Connection[];
  /** Who listens on a unix socket, of what looks left over. Missing where nobody was asked. */
  readonly unixServers?: readonly UnixServer[];
  /** Who writes to a file, of what looks left over. Missing where nobody was asked. */
  readonly outputFiles?: readonly OutputFile[];
  /** Set where nobody can be asked who is connected to what: a look at another machine, a system without /proc. */
  readonly clientsUntold?: true;
  readonly servers: readonly Server[];
  /** Panes that stay when their program ends (`remainingKey`). Read when a plan would close one; missing in a look. */
  readonly remaining?: ReadonlySet<string>;
  readonly towns: readonly Town[];
  /** Repositories with declared slots. */
  readonly repos: readonly SlotRepo[];
  /** Stores in which other tools record their sessions. */
  readonly registers: readonly Register[];
  /** What agent programs record of themselves. */
  readonly runtimeStores: readonly RuntimeStore[];
  /** Work trees of those repositories and of configured rigs. */
  readonly worktrees: readonly Worktree[];
  /** Absolute paths of other tools' programs on PATH, by name: what a restart can be left to. */
  readonly programs: ReadonlyMap<string, string>;
  /** What the screens of agents say. Missing where nobody read them. */
  readonly screens?: readonly ScreenReading[];
  /** Checkouts of the directories that panes and runtimes are in, by directory. */
  readonly checkouts: ReadonlyMap<string, Checkout>;
}
