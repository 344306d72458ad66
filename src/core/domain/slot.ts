// Declared ports: slots, their services, and who really listens. Pure records.
import type {ProcessId} from './process.ts';

export type ServiceState = 'up' | 'down' | 'wrong-owner' | 'wrong-port' | 'stray' | 'free' | 'unmanaged' | 'unknown';

export interface ServiceListener extends ProcessId {
  readonly address: string;
  readonly command: string;
}

/** What was decided of a service, and why. */
export type ServiceVerdict = Pick<Service, 'state' | 'because'>;

/** One service of one slot, declared and observed. */
export interface Service {
  readonly ref: string;
  readonly rig: string;
  /** Top of the repository or rig: tells two of one name apart. */
  readonly rigPath: string;
  readonly slot: number;
  readonly slug: string | null;
  readonly service: string;
  readonly port: number;
  readonly state: ServiceState;
  readonly because: string;
  readonly expected: {readonly pid: number | null; readonly session: string | null} | null;
  readonly listeners: readonly ServiceListener[];
  /** Of a `wrong-owner`: pids of those among them that are somebody else's; the others are the slot's own, and stay. */
  readonly foreign?: readonly number[];
  readonly actualPorts: readonly number[];
  readonly conflictingSlot: {readonly slot: number; readonly slug: string | null} | null;
  readonly worktree: string | null;
  /** Where the port was declared and what it was computed from. */
  readonly declaredBy: string;
  /** Why the verdict rests on somebody’s claim; null where a person’s word or the fleet itself bears it out. */
  readonly doubt: string | null;
}
