// Who owns what, after identification: the join of records that detectors and screens read. Pure records.
import type {Agent, Owner, Rig, RuntimeProcess} from './agent.ts';
import type {Feed} from './feed.ts';
import type {Finding} from './finding.ts';
import type {SourceName} from './known.ts';
import type {AgentLock} from './lock.ts';
import type {PortUse} from './port.ts';
import type {LivingByPid} from './runtime-record.ts';
import type {Service} from './slot.ts';
import type {Slots} from './slot-place.ts';
import type {Snapshot} from './snapshot.ts';

/** Everything identification worked out about one look. */
export interface Fleet {
  readonly rigs: readonly Rig[];
  readonly agents: readonly Agent[];
  /** By `sessionKey`. A session nobody claims has no entry. */
  readonly sessionOwners: ReadonlyMap<string, Owner>;
  /** By pid, for runtimes and for processes whose environment or directory names an owner. */
  readonly processOwners: ReadonlyMap<number, Owner>;
  /** Agent programs found in the process table, by pid. */
  readonly runtimes: ReadonlyMap<number, RuntimeProcess>;
  /** What agent programs themselves record of processes that live, by pid. */
  readonly records: LivingByPid;
}

/** One look, judged: what the screen, the commands and the loop all read. */
export interface Assessment {
  readonly snapshot: Snapshot;
  readonly fleet: Fleet;
  /** Who gives slots, as their tools tell it: what `services` and plans follow from. */
  readonly slots: Slots;
  readonly services: readonly Service[];
  /** Who listens where, declared or not. */
  readonly ports: readonly PortUse[];
  readonly locks: readonly AgentLock[];
  readonly findings: readonly Finding[];
  /** What outside programs write of what happens in them. */
  readonly feeds: readonly Feed[];
  /** Sources that are multiplexers: where one of them could not be seen, a session may be on a server that nobody saw. */
  readonly multiplexers: readonly SourceName[];
  /** How long before this look the verdicts were made, where it shows the same as the one they were made of. */
  readonly judgedAgeMs?: number;
}
