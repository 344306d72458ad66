// What a source may contribute to planning: how its things are started again, and where work may lie. Types.
import type {Agent} from '../domain/agent.ts';
import type {UnlockRule} from '../domain/finding.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {PlanWorld} from './plan-world.ts';
import type {ResolvedRestart} from './resolved-restart.ts';

/** Where an agent works, in a checkout that is its own. */
export interface Workplace {
  readonly agent: string;
  readonly directory: string;
}

export interface PlanningSource {
  /** How one of its agents is restarted, or why not; null where it is no agent of this source. */
  readonly restartAgent?: (world: PlanWorld, agent: Agent, unlocks: readonly UnlockRule[]) => ResolvedRestart | null;
  /** Checkouts that agents have for themselves: what is not committed there may be missed when they end. */
  readonly workplaces?: (snapshot: Snapshot) => readonly Workplace[];
}
