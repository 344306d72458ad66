// What a source may tell of whose things are, by its records. Types.
import type {Agent, Rig} from '../../domain/agent.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {LivingByPid} from '../../domain/runtime-record.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {SlotSource} from '../slots/slot-tool.ts';
import type {Claim, ClaimedProcess} from './claims.ts';
import type {SessionClaim} from './session-claims.ts';
import type {RecordedPort, Voucher} from './vouching.ts';

/** What is known when a source is asked for the agents that it expects. */
export interface Expecting {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly runtimes: Fleet['runtimes'];
  /** References of the agents that were seen. */
  readonly present: ReadonlySet<string>;
}

/** What is known when a source is asked which processes are in use by its records. */
export interface Vouching {
  readonly snapshot: Snapshot;
  readonly runtimes: Fleet['runtimes'];
  readonly records: LivingByPid;
}

export interface OwningSource extends SlotSource {
  /** Projects that its records declare. */
  readonly rigs?: (snapshot: Snapshot) => readonly Rig[];
  /** How it tells that a session is its own. */
  readonly sessionClaims?: readonly SessionClaim[];
  /** Whose a process is. Of several sources that claim one, the first in the list is believed. */
  readonly claimProcess?: (snapshot: Snapshot) => (process: ClaimedProcess) => Claim | null;
  /** Agents that should be there, and of which nothing was seen, each with what became of it. */
  readonly expects?: (look: Expecting) => readonly Agent[];
  /** What agent programs record of their own processes, as far as those live. */
  readonly livingRecords?: (snapshot: Snapshot) => LivingByPid;
  /** Holders of ports that its records mean, by pid. */
  readonly recordedPorts?: (snapshot: Snapshot) => ReadonlyMap<number, RecordedPort>;
  /** Processes that its records say are in use, whoever is above them. */
  readonly vouches?: (look: Vouching) => readonly Voucher[];
}
