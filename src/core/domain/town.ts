// A Gas Town workspace as its files tell it: what was read, when it was written, and what could not be read. No verdicts. Pure records.
import type {Known} from './known.ts';
import type {Provenance} from './provenance.ts';

export type TownRole = 'witness' | 'refinery' | 'crew' | 'polecat' | 'mayor' | 'deacon' | 'boot' | 'dog';

export interface TownWorker {
  readonly role: TownRole;
  readonly name: string;
  /** The agent's working directory (`<rig>/polecats/<name>/<rig>`, in the old layout without the last step). */
  readonly path: string;
  /** Topmost directory that is this worker's alone (`<rig>/polecats/<name>`). */
  readonly home: string;
  /** False for a polecat directory without a checkout in it. */
  readonly worktree: boolean;
  /** Index among the rig's polecat directories, which POLECAT_SLOT is taken from at start; null for other roles. */
  readonly slot: number | null;
}

/** The local override of a rig's operation: parked, docked, restarts blocked. */
export interface RigOperation {
  readonly status: string | null;
  readonly autoRestart: boolean | null;
  readonly blocked: readonly string[];
}

/** An emergency freeze, as its sentinel file says. */
export interface Estop {
  readonly path: string;
  readonly trigger: string;
  /** Milliseconds since the epoch; the file's own time where it names none. */
  readonly at: number;
  readonly reason: string;
}

export interface TownRig {
  readonly name: string;
  /** Beads prefix without its trailing dash; `gt` when the registry names none. */
  readonly prefix: string;
  /** Directory of the rig inside the town; it may not exist. */
  readonly path: string;
  readonly exists: boolean;
  /** Worker directories found: role and name with the agent's working directory. */
  readonly workers: readonly TownWorker[];
  /** Names reserved by a spawn in progress (`polecats/<name>.pending`) with the time of the reservation, ms since the epoch. */
  readonly pending: readonly {readonly name: string; readonly at: number}[];
  /** Directories that could not be read: their workers are unknown, not absent. */
  readonly blind: readonly {readonly path: string; readonly because: string}[];
  /** Local state file; null when there is none, unknown when it cannot be read. */
  readonly operation: Known<RigOperation | null>;
  readonly estop: Known<Estop | null>;
}

/** `.runtime/heartbeats/<session>.json`: what an agent last said of itself. It may prove life, never death. */
export interface TownHeartbeat {
  readonly session: string;
  /** Milliseconds since the epoch: its own timestamp, the file's where it names none. */
  readonly at: number;
  readonly state: string | null;
  readonly bead: string | null;
}

/** An `agent.lock` as read. */
export interface LockFile {
  readonly path: string;
  /** SHA-256 of the content. */
  readonly digest: string;
  /** The record, or why it is none. */
  readonly content: Known<LockRecord>;
  readonly modifiedAt: number;
}

/** The lock of one worker directory. */
export interface TownLockFile extends LockFile {
  readonly worker: TownWorker;
  readonly rig: string;
}

export interface LockRecord {
  readonly pid: number;
  /** Milliseconds since the epoch; null when missing or no date. */
  readonly acquiredAt: number | null;
  /** Pane id (`%55`), or `<rig>/<name>` outside tmux. */
  readonly sessionId: string | null;
  readonly hostname: string | null;
}

export interface TownDaemon {
  /** From `daemon.pid`; null when there is none. */
  readonly pid: Known<number | null>;
  /** When `daemon.pid` was written, ms since the epoch. */
  readonly pidWrittenAt: number | null;
  /** Pid that holds the flock on `daemon.lock`, which alone says that it runs; null: nobody. Unknown where the kernel does not tell. */
  readonly lockHolder: Known<number | null>;
  /** Last word of `state.json`; may say running long after it was killed. */
  readonly state: Known<{
    readonly running: boolean;
    readonly pid: number | null;
    readonly startedAt: number | null;
    readonly lastHeartbeat: number | null;
  } | null>;
  readonly restarts: Known<readonly RestartRecord[]>;
}

/** How often an agent was restarted by the town's own daemon. */
export interface RestartRecord {
  readonly agent: string;
  readonly count: number;
  readonly lastRestart: number | null;
  readonly backoffUntil: number | null;
  readonly crashLoopSince: number | null;
}

/** A detached program that a pid file names. */
export interface TownHelper {
  readonly kind: 'nudge-poller' | 'dolt' | 'acp';
  readonly pid: number;
  /** Session it serves, where it serves one. */
  readonly session: string | null;
  readonly path: string;
  /** When the file was written, ms since the epoch: a process younger than that is another one. */
  readonly writtenAt: number;
}

export interface DeaconHeartbeat {
  readonly at: number;
  readonly cycle: number | null;
  readonly lastAction: string | null;
}

export interface DogRecord {
  readonly name: string;
  readonly state: string | null;
  readonly work: string | null;
}

/** One line of the town's own event feed or log. */
export interface TownEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly origin: 'events' | 'log';
  /** `session_death`, `spawn`, `crash` … */
  readonly type: string;
  readonly actor: string;
  /** What happened, in one line. */
  readonly text: string;
  /** Session it is about, where it names one. */
  readonly session: string | null;
}

/** What the town's runtime files say this moment. */
export interface TownRecords {
  readonly heartbeats: Known<readonly TownHeartbeat[]>;
  readonly deaconHeartbeat: Known<DeaconHeartbeat | null>;
  /** Deliberate inactivity of the deacon, with its reason; null when it is not paused. */
  readonly deaconPaused: Known<{readonly reason: string | null; readonly by: string | null; readonly at: number | null} | null>;
  readonly dogs: Known<readonly DogRecord[]>;
  readonly locks: readonly TownLockFile[];
  /** Lock files that exist and could not be read. */
  readonly lockTroubles: readonly {readonly path: string; readonly worker: TownWorker; readonly rig: string; readonly because: string}[];
  readonly daemon: TownDaemon;
  /** Whole-town emergency freeze. */
  readonly estop: Known<Estop | null>;
  /** Pid that holds the flock on `shutdown.lock`; null when nobody does. */
  readonly shutdown: Known<number | null>;
  readonly helpers: readonly TownHelper[];
  /** The latest events, oldest first. */
  readonly events: Known<readonly TownEvent[]>;
}

export interface Town {
  readonly name: string;
  /** Root as found (not resolved) and as resolved by realpath: the socket name depends on both. */
  readonly path: string;
  readonly realPath: string;
  /** Every path by which this town was named, `path` and `realPath` included. */
  readonly paths: readonly string[];
  /** Whether a person named it, or a working directory or the environment of some process did. */
  readonly provenance: Provenance;
  /** Socket name that the town's own tools compute for `path`. */
  readonly socketName: string;
  /** Names computed for each of `paths`: a town behind a symbolic link can run two servers. */
  readonly socketNames: readonly string[];
  /** Unknown when the registry could not be read: then no session can be told to be nobody's. */
  readonly rigs: Known<readonly TownRig[]>;
  /** Town-level workers: mayor, deacon, boot, dogs. */
  readonly workers: readonly TownWorker[];
  readonly records: TownRecords;
}
