// Repositories that declare port slots and git work trees, as their files tell it: facts as read, no verdicts. Pure records.
import type {Known} from './known.ts';
import type {Provenance} from './provenance.ts';

/** Nobody hands out more slots in one repository: a record of more was not written by a slot tool. */
export const MOST_RECORDED_SLOTS = 512;
/** Kinds of service in one repository: every one of them is judged in every slot. */
export const MOST_SERVICES = 64;

export interface ExtraPort {
  readonly basePort: number;
}

export interface SlotService {
  readonly name: string;
  readonly basePort: number;
  /** Host-side base of a published container port; wins over `basePort` in the formula. */
  readonly hostPort: number | null;
  readonly run: 'native' | 'docker';
  /** Null: only the port is allocated, nobody starts it ("unmanaged"). */
  readonly command: string | null;
  readonly extraPorts: readonly ExtraPort[];
}

export interface SlotConfig {
  readonly mode: 'container' | 'host' | 'hybrid';
  readonly prefix: string;
  readonly maxSlots: number;
  /** At least 1. */
  readonly slotStride: number;
  readonly worktreeDir: string;
  readonly services: readonly SlotService[];
  /** Rules of the tool's own validation that this file breaks, in words. It is read all the same. */
  readonly faults: readonly string[];
}

export interface PidFile {
  readonly path: string;
  readonly service: string;
  /** Null when the file says nothing readable. */
  readonly pid: number | null;
  /** Second line: ps(1) `lstart` of the process in the writer's time zone; null in old files. */
  readonly startToken: string | null;
}

export interface SlotRecord {
  readonly slug: string;
  readonly slot: number;
  readonly mode: string;
  readonly branch: string | null;
  readonly worktreePath: string;
  /** Links resolved, as a process's working directory shows it; the recorded path where it cannot be resolved. */
  readonly worktreeRealPath: string;
  readonly worktreeExists: Known<boolean>;
  readonly status: 'active' | 'pending' | 'stopped';
  /** Owner token and time of a pending operation. */
  readonly pending: {readonly id: string; readonly since: string} | null;
  readonly composeProject: string | null;
  /** Actual ports by service, where they differ from the formula. */
  readonly portOverrides: Readonly<Record<string, number>>;
  readonly processManager: string | null;
  readonly tmuxSession: string | null;
  /** Service names that were asked for; null for all. */
  readonly servicesSubset: readonly string[] | null;
  readonly startedAt: string | null;
  readonly pidFiles: Known<readonly PidFile[]>;
}

/** A repository with slots, as the tool tells it that gives them out there. */
export interface SlotRepo {
  /** Name of the source whose tool it is. */
  readonly tool: string;
  /** Name of the rig: base name of the main work tree; told apart by path where two share it. */
  readonly name: string;
  /** Top of the main work tree as found, and resolved. */
  readonly root: string;
  readonly realRoot: string;
  /** Whether a person named this place ([[repos]], [[rigs]], --repo), or somebody merely stood in it. */
  readonly provenance: Provenance;
  readonly config: Known<SlotConfig>;
  /** Unknown when the file is corrupt, of a newer version or unreadable: never "empty". No file is no sessions. */
  readonly sessions: Known<readonly SlotRecord[]>;
}

/** One work tree, read from the files of its repository. */
export interface Worktree {
  readonly path: string;
  /** Top of the main work tree of the repository. */
  readonly mainRoot: string;
  readonly main: boolean;
  /** Short branch name; null when detached or bare. */
  readonly branch: string | null;
  /** Reasons as git gives them, empty when it gives none; null when not locked, not prunable. */
  readonly locked: string | null;
  readonly prunable: string | null;
  /** Uncommitted changes, untracked files included. */
  readonly dirty: Known<boolean>;
}
