// The planner of a flush: everything that lives in a slot, rig, repository or directory, or holds its ports. Pure.
import type {Planner} from './assemble.ts';
import {resolveFlush} from './resolve-flush.ts';
import {collectTargets} from './targets.ts';

export const planFlush: Planner = (world, {asked, docker = false}) => {
  const resolved = asked.map(each => resolveFlush(world, each, docker));
  const collected = collectTargets(
    world,
    resolved.flatMap(({roots}) => roots),
  );
  const ending = new Set(collected.targets.map(({ref}) => ref));
  // What hangs on a target ends with it, wherever it lives.
  const leftOut = resolved.flatMap(each => each.leftOut.filter(({ref, rule}) => rule !== 'elsewhere' || !ending.has(ref)));
  return {
    collected: {...collected, leftOut: [...leftOut, ...collected.leftOut]},
    vacates: [...new Set(resolved.flatMap(({vacates}) => vacates))],
    compose: [...new Set(resolved.flatMap(({compose}) => compose))],
  };
};
