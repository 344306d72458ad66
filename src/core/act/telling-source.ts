// Whom a source tells of what is about to happen to its things. Types.
import type {Finding} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {PlanSession} from '../domain/plan.ts';
import type {Host} from '../os/host.ts';

/** What is needed to write into a place of somebody else's. */
export interface Door {
  readonly host: Host;
  /** Whether a person has named the place: what was merely found is never written to. */
  readonly isNamed: (place: string) => Promise<boolean>;
}

export interface TellingSource {
  /** Before sessions end. What could not be told comes back in words. */
  readonly beforeEnd?: (door: Door, sessions: readonly PlanSession[], reason: string) => Promise<readonly string[]>;
  /** When so many ended at once that nothing more is done unattended. What could not be told comes back in words. */
  readonly afterDeaths?: (door: Door, assessment: Assessment, dead: readonly Finding[], deaths: number) => Promise<readonly string[]>;
}
