// What came of one thing that was asked to be restarted: what ends, what is left out, what is started. Records.
import type {LeftOut, PlanStart} from '../domain/plan.ts';
import type {Root} from './roots.ts';

export interface ResolvedRestart {
  readonly roots: readonly Root[];
  readonly leftOut: readonly LeftOut[];
  readonly starts: readonly PlanStart[];
}

/** Nothing is ended and nothing started. */
export const noRestart = (leftOut: LeftOut): ResolvedRestart => ({roots: [], leftOut: [leftOut], starts: []});
