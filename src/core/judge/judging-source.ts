// What a source may contribute to judging: its detectors, with the code that decides their verdicts, and what only it knows of a loss. Types.
import type {Feed} from '../domain/feed.ts';
import type {Finding} from '../domain/finding.ts';
import type {Assessment, Fleet} from '../domain/fleet.ts';
import type {SourceName} from '../domain/known.ts';
import type {AgentLock} from '../domain/lock.ts';
import type {Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {Detector, World} from './detect/detector.ts';
import type {Loss} from './detect/loss.ts';
import type {ManagedSession} from './owners/managed-sessions.ts';
import type {OriginState} from './owners/origin-state.ts';
import type {OwningSource} from './owners/owning-source.ts';

export interface JudgingSource extends OwningSource {
  readonly name: SourceName;
  /** Of a multiplexer: what is known of its servers (see `look/multiplexer-source.ts`). Judging asks only whether it is one. */
  readonly multiplexer?: object;
  readonly detectors?: readonly Detector[];
  /** What became of the place of a process whose environment names none, by what only this source starts so. */
  readonly originStateOf?: (process: Process, look: Pick<World, 'snapshot' | 'settings'>) => OriginState;
  /** Why what a managed session was made for is gone; null where it is not, or not known to be. */
  readonly lossOf?: (managed: ManagedSession, look: Pick<World, 'snapshot' | 'identified'>) => Loss | null;
  /** Identity locks with their verdicts. */
  readonly locks?: (snapshot: Snapshot, fleet: Fleet, settings: Settings) => readonly AgentLock[];
  /** What its places write of what happens in them. */
  readonly feeds?: (snapshot: Snapshot) => readonly Feed[];
  /** Who else starts and ends by itself what a reference or a finding names, so that nobody else does unattended; null where nobody. */
  readonly inCharge?: (assessment: Assessment, ref: string, findingId: string | null) => string | null;
  /** The fleet with what two looks have made sure, and without what one look has only suspected. */
  readonly settle?: (fleet: Fleet, findings: readonly Finding[]) => Fleet;
}
