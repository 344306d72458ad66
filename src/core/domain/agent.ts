// Rigs, agents, runtimes and ownership: who a process or session belongs to, and how we know. Pure records.
import type {Hint} from './hint.ts';
import type {ProcessId} from './process.ts';
import type {Provenance} from './provenance.ts';
import type {RuntimeRecord} from './runtime-record.ts';

/** One fact and where it was read; enough of them would make a sceptic agree. */
export interface Evidence {
  readonly fact: string;
  readonly source: string;
}

export type Role = 'mayor' | 'deacon' | 'boot' | 'dog' | 'overseer' | 'witness' | 'refinery' | 'crew' | 'polecat' | 'agent';

/** `gastown`, the tool that gives its slots (`config` for what a person configured), or `discovered` by a directory. */
export type RigOrigin = string;

export interface Rig {
  readonly name: string;
  readonly origin: RigOrigin;
  readonly path: string;
  /** Whose word it is that this is a rig; what was discovered is always found. */
  readonly provenance: Provenance;
  /** Town this rig belongs to, by name; null outside Gas Town. */
  readonly town: string | null;
  /** false with a reason when parked or docked; null when it cannot be known. */
  readonly operational: boolean | null;
  readonly because: string | null;
}

/** An agent program recognised in the process table. */
export interface RuntimeProcess {
  readonly process: ProcessId;
  /** Table key: `claude`, `codex` … */
  readonly runtime: string;
  readonly evidence: Evidence;
}

export type AgentState = 'running' | 'zombie' | 'crashed' | 'stopped' | 'parked' | 'unknown';

/** One worker identity. `session` and `runtime` are null where none is known. */
export interface Agent {
  readonly ref: string;
  readonly rig: string;
  readonly name: string;
  readonly role: Role;
  readonly town: string | null;
  readonly runtime: string | null;
  readonly state: AgentState;
  /** Why it is in that state, in words. */
  readonly because: string;
  /** `sessionKey` of its session. */
  readonly session: string | null;
  readonly sessionRef: string | null;
  readonly process: ProcessId | null;
  /** The pane it runs in, `%7`; missing where it runs in none that is known. */
  readonly pane?: string;
  readonly slot: number | null;
  readonly evidence: readonly Evidence[];
  /** What it runs below, as a reference: of a background session, which has no pane. */
  readonly hosts?: string;
  /** What its own program records of it. */
  readonly record?: Pick<RuntimeRecord, 'conversation' | 'directory' | 'state' | 'question' | 'stateSince'>;
  /** What it is doing, by its record or its screen; missing where nothing is known. */
  readonly hint?: Hint;
}

/**
 * Who something belongs to. Never made from a name alone (docs/safety.md, rule 3): `evidence` holds at least one positive fact
 * (registry and marker, environment, argv path, working directory inside a managed tree).
 */
export interface Owner {
  readonly rig: string | null;
  readonly town: string | null;
  readonly agent: string | null;
  /** The session it was started in, by environment: socket path and pane id, alive or not. */
  readonly pane: {readonly socket: string; readonly paneId: string} | null;
  readonly slot: {readonly rig: string; readonly slug: string | null; readonly slot: number | null} | null;
  readonly evidence: readonly Evidence[];
}
