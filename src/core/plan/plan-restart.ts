// The planner of a restart: end it, prove it gone, start it the proper way, or do nothing. Each sort of thing has its own rules. Pure.

import {commandLine} from '../domain/command-line.ts';
import type {UnlockRule} from '../domain/finding.ts';
import {ownValue} from '../domain/own-value.ts';
import type {LastSeat, LeftOut} from '../domain/plan.ts';
import {parseReference, processRef} from '../domain/reference.ts';
import type {Settings} from '../domain/settings.ts';
import type {Draft, Planner} from './assemble.ts';
import type {PlanWorld} from './plan-world.ts';
import type {PlanningSource} from './planning-source.ts';
import type {ResolvedRestart} from './resolved-restart.ts';
import {resolveAgentRestart} from './restart-agent.ts';
import {resolveServiceRestart} from './restart-service.ts';
import {leave} from './roots.ts';
import {collectTargets} from './targets.ts';

const resolveRestart = (
  world: PlanWorld,
  settings: Settings,
  sources: readonly PlanningSource[],
  asked: string,
  unlocks: readonly UnlockRule[],
  last: LastSeat | null,
): ResolvedRestart => {
  switch (parseReference(asked)?.sort) {
    case 'slot':
      return resolveServiceRestart(world, asked, last);
    case 'agent':
    case 'session':
    case 'finding':
      return resolveAgentRestart(world, settings, sources, asked, unlocks, last);
    default:
      return {roots: [], leftOut: [leave(asked, 'not-restartable', 'rigtop does not know how to start that again')], starts: []};
  }
};

const nameOf = ({look: {processes}}: PlanWorld, ref: string): string => {
  const process = [...processes.values()].find(({pid}) => processRef(pid) === ref);
  return process === undefined ? ref : `${process.pid} (${commandLine(process, 40)})`;
};

/** What has to stay may hold the port or be the thing itself: nothing is started beside it, so nothing is ended either. */
const endNothing = (world: PlanWorld, asked: readonly string[], kept: LeftOut, leftOut: readonly LeftOut[]): Draft => {
  const because = `nothing is ended, because ${nameOf(world, kept.ref)} has to stay (${kept.because}) and nothing is started beside it`;
  return {
    collected: {
      roots: [],
      targets: [],
      sessions: [],
      panes: [],
      leftOut: [leave(asked.join(' '), kept.rule, because, kept.unlock), ...leftOut],
    },
  };
};

export const planRestart: Planner = (world, {asked, unlocks = [], lastSeen = {}}, settings, sources) => {
  const resolved = asked.map(each => resolveRestart(world, settings, sources, each, unlocks, ownValue(lastSeen, each) ?? null));
  const collected = collectTargets(
    world,
    resolved.flatMap(({roots}) => roots),
  );
  const leftOut = [...resolved.flatMap(each => each.leftOut), ...collected.leftOut];
  // What others use and goes on beside it is no part of the thing, unless it was the thing.
  const asRoots = new Set(resolved.flatMap(({roots}) => roots.map(({ref}) => ref)));
  const kept = collected.leftOut.find(({ref, rule}) => (rule !== 'shared' && rule !== 'in-use') || asRoots.has(ref));
  return kept === undefined
    ? {collected: {...collected, leftOut}, starts: resolved.flatMap(({starts}) => starts)}
    : endNothing(world, asked, kept, leftOut);
};
