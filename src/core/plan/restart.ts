// The planner of a restart: end it, prove it gone, start it the proper way. Each sort of thing has its own rules for that. Pure.

import type {UnlockRule} from '../domain/finding.ts';
import {parseReference} from '../domain/reference.ts';
import type {Settings} from '../domain/settings.ts';
import type {Planner} from './assemble.ts';
import type {PlanWorld} from './plan-world.ts';
import {resolveAgentRestart} from './restart-agent.ts';
import {type ResolvedRestart, resolveServiceRestart} from './restart-service.ts';
import {leave} from './roots.ts';
import {collectTargets} from './targets.ts';

const resolveRestart = (world: PlanWorld, settings: Settings, asked: string, unlocks: readonly UnlockRule[]): ResolvedRestart => {
  switch (parseReference(asked)?.sort) {
    case 'slot':
      return resolveServiceRestart(world, settings, asked);
    case 'agent':
    case 'session':
    case 'finding':
      return resolveAgentRestart(world, asked, unlocks);
    default:
      return {roots: [], leftOut: [leave(asked, 'not-restartable', 'rigtop does not know how to start that again')], starts: []};
  }
};

export const planRestart: Planner = (world, {asked, unlocks = []}, settings) => {
  const resolved = asked.map(each => resolveRestart(world, settings, each, unlocks));
  const collected = collectTargets(
    world,
    resolved.flatMap(({roots}) => roots),
  );
  // A root that has to stay would still hold the port: what it hangs on is not started beside it.
  const isKept = collected.leftOut.length > 0;
  return {
    collected: {...collected, leftOut: [...resolved.flatMap(({leftOut}) => leftOut), ...collected.leftOut]},
    starts: isKept ? [] : resolved.flatMap(({starts}) => starts),
  };
};
