// Ports, declared or not, and who listens there. Pure records.
import type {ProcessId} from './process.ts';
import type {ServiceState} from './slot.ts';

/** That of the service where one is declared; `orphan` where its holder is surely left over. */
export type PortState = ServiceState | 'undeclared' | 'orphan';

/** Two that want one port: who else is on it, or whose it is. Evidence, never a verdict: without a declaration nobody is in the wrong. */
export interface PortConflict {
  /** The port that both want. */
  readonly port: number;
  /** The other one; null where nobody is seen on that port. */
  readonly pid: number | null;
  /** The other’s agent, as a reference. */
  readonly agent: string | null;
  readonly because: string;
}

export interface PortHolder extends ProcessId {
  /** What runs, in one line. */
  readonly command: string;
  /** The name of its program or script: `vite`. */
  readonly program: string;
}

/** A port that somebody of the fleet listens on, that something left over holds, or that a slot declares. */
export interface PortUse {
  readonly port: number;
  /** Addresses that are listened on, sorted; none where nobody was seen to listen. */
  readonly addresses: readonly string[];
  /** Who holds it, the topmost of several; null where nobody does, or nobody who may be seen. */
  readonly holder: PortHolder | null;
  /** Everyone who holds it, each once. */
  readonly pids: readonly number[];
  /** Reference of the agent that its holder is of. */
  readonly agent: string | null;
  /** `sessionKey` of the session that its holder runs in. */
  readonly session: string | null;
  readonly rig: string | null;
  /** Working directory of its holder; null where that is not known. */
  readonly cwd: string | null;
  /** Reference of the service that is declared there, or that has moved there. */
  readonly service: string | null;
  readonly state: PortState;
  readonly because: string;
  readonly conflict: PortConflict | null;
}
