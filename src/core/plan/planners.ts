// The planners of the actions that end what was named: kill and cleanup. Pure.

import {resolveReference} from '../look/index/resolve-reference.ts';
import type {Planner} from './assemble.ts';
import {planLocks} from './clean-locks.ts';
import type {PlanWorld} from './plan-world.ts';
import {resolveCleanup, resolveFinding} from './resolve-finding.ts';
import {notResolved, type Resolved} from './roots.ts';
import {collectTargets} from './targets.ts';
import {leaveUnresolved, rootsOf} from './thing-roots.ts';

const collectResolved = (world: PlanWorld, resolved: readonly Resolved[]) => {
  const collected = collectTargets(
    world,
    resolved.flatMap(({roots}) => roots),
  );
  return {collected: {...collected, leftOut: [...resolved.flatMap(({leftOut}) => leftOut), ...collected.leftOut]}};
};

export const planKill: Planner = (world, {asked, unlocks = []}) =>
  collectResolved(
    world,
    asked.map(each => {
      const resolution = resolveReference(each, world.assessment);
      if (resolution.answer !== 'thing') {
        return notResolved(leaveUnresolved(each, resolution));
      }
      const {thing} = resolution;
      return thing.sort === 'finding' ? resolveFinding(world, thing.finding, unlocks) : rootsOf(world, thing, each);
    }),
  );

/** `asked` holds the kinds of findings; none means all. */
export const planCleanup: Planner = (world, {asked, unlocks = []}) => {
  const {collected} = collectResolved(world, [resolveCleanup(world, asked, unlocks)]);
  const {locks, leftOut} = asked.length === 0 || asked.includes('stale-lock') ? planLocks(world, []) : {locks: [], leftOut: []};
  return {collected: {...collected, leftOut: [...collected.leftOut, ...leftOut]}, locks};
};
