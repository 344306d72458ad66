// What a plan is made in: an assessment, its look's index, and the rules that stand between. Pure.
import type {Assessment} from '../domain/fleet.ts';
import type {Ownership} from '../judge/own/ownership.ts';
import {type UsedBy, usersOf} from '../judge/owners/users.ts';
import {indexLook, type Look} from '../look/index/look.ts';
import type {Guard} from './plan-guard.ts';

export interface PlanWorld {
  readonly assessment: Assessment;
  readonly look: Look;
  readonly guard: Guard;
  /** Who outside of a plan uses a process (see users.ts). */
  readonly usedBy: UsedBy;
  /** Whose things alone may end, each process by itself; null where everybody’s may. */
  readonly own: Ownership | null;
}

export const createPlanWorld = (assessment: Assessment, guard: Guard, own: Ownership | null = null): PlanWorld => {
  const {snapshot, fleet} = assessment;
  return {assessment, look: indexLook(snapshot), guard, usedBy: (process, ends) => usersOf(fleet, snapshot)(process, ends), own};
};
