// What a detector is: one kind of trouble, its description for the docs, and a pure function that suspects it.

import type {FindingKind, Suspicion} from '../../domain/finding.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {AgentLock} from '../../domain/lock.ts';
import type {Process} from '../../domain/process.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Service} from '../../domain/slot.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {Look} from '../../look/index/look.ts';
import type {Identified} from '../owners/identify.ts';
import type {ManagedSession} from '../owners/managed-sessions.ts';
import type {OriginState} from '../owners/origin-state.ts';
import type {Protections} from '../protect/protect.ts';
import type {Loss} from './loss.ts';

/** Everything a detector may look at: one look, identified. No clock, no I/O: ages come from the records. */
export interface World {
  readonly snapshot: Snapshot;
  /** The same, indexed. */
  readonly look: Look;
  readonly fleet: Fleet;
  readonly services: readonly Service[];
  readonly locks: readonly AgentLock[];
  readonly settings: Settings;
  /** Which sessions are managed and why: what the fleet was worked out from. */
  readonly identified: Identified;
  readonly protections: Protections;
  /** What became of the place of a process whose environment names none, as far as a source can tell. */
  originStateOf(process: Process): OriginState;
  /** Why what a managed session was made for is gone by the word of a source; null where it is not, or not known to be. */
  lossOf(managed: ManagedSession): Loss | null;
}

/** What is said of a kind of finding. */
export type Described = Omit<Detector, 'detect'>;

export interface Detector {
  readonly kind: FindingKind;
  /** For docs/detectors.md: what it means, in one sentence. */
  readonly means: string;
  /** The facts that must all hold. */
  readonly when: readonly string[];
  /** What is deliberately not called this. */
  readonly not: readonly string[];
  /**
   * What people and programs have mistaken for it, and what decides instead: whose environment it is, who else is in that directory, who
   * else has that name, who uses it now. Asked of every detector that can be sure.
   */
  readonly mistaken?: readonly string[];
  /** What a person can do about it. */
  readonly remedy: string;
  /** One after another, where there may be many. */
  detect(world: World): Iterable<Suspicion>;
}
