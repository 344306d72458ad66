// Which checkouts a plan takes the agent away from, and what is said about the work in them. Pure.

import {countOf} from '../../words/counts.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {Known} from '../domain/known.ts';
import type {Plan} from '../domain/plan.ts';
import type {PlanningSource, Workplace} from './planning-source.ts';

/** What is known of the work in a checkout. */
export interface WorkFound {
  readonly branch: string | null;
  readonly uncommitted: number;
  readonly unpushed: number;
  readonly stashed: number;
}

/** Checkouts of the agents whose sessions a plan ends. */
export const workplacesOf = ({sessions}: Plan, {snapshot}: Assessment, sources: readonly PlanningSource[]): readonly Workplace[] => {
  const ended = new Set(sessions.flatMap(({agent}) => agent ?? []));
  return ended.size === 0 ? [] : sources.flatMap(source => source.workplaces?.(snapshot) ?? []).filter(({agent}) => ended.has(agent));
};

/** One sentence, or null when nothing is at risk. */
export const describeWork = ({agent, directory}: Workplace, work: Known<WorkFound>): string | null => {
  if (!work.known) {
    return `${agent}: whether there is unsaved work in ${directory} is unknown (${work.because})`;
  }
  const {branch, uncommitted, unpushed, stashed} = work.value;
  const parts = [
    ...(uncommitted === 0 ? [] : [countOf(uncommitted, 'uncommitted file')]),
    ...(unpushed === 0 ? [] : [countOf(unpushed, 'unpushed commit')]),
    ...(stashed === 0 ? [] : [`${stashed} stashed`]),
  ];
  return parts.length === 0
    ? null
    : `${agent}: ${parts.join(', ')} in ${directory}${branch === null ? '' : ` on ${branch}`}; they stay on disk`;
};

export const withWork = (plan: Plan, found: readonly (readonly [Workplace, Known<WorkFound>])[]): Plan => ({
  ...plan,
  warnings: [...plan.warnings, ...found.flatMap(([place, work]) => describeWork(place, work) ?? [])],
});
