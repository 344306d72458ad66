// A request → what it asks for, drafted by the planner of its action, judged and written down as a plan or a refusal. Pure.

import type {Assessment} from '../domain/fleet.ts';
import {type LeftOut, PLAN_LIFE_MS, type Plan, type PlanLock, type PlanRequest, type PlanStart, type Refusal} from '../domain/plan.ts';
import type {Settings} from '../domain/settings.ts';
import type {Ownership} from '../judge/own/ownership.ts';
import type {Protections} from '../judge/protect/protect.ts';
import {endedAgents, planFrees, planIrreversible, planWarnings} from './blast-radius.ts';
import {ownParts, planCaller} from './own-only.ts';
import {createGuard} from './plan-guard.ts';
import {createPlanWorld, type PlanWorld} from './plan-world.ts';
import type {PlanningSource} from './planning-source.ts';
import type {Collected} from './targets.ts';

/** What one action's planner found: targets, and what only that action has. */
export interface Draft {
  readonly collected: Collected;
  readonly locks?: readonly PlanLock[];
  readonly warnings?: readonly string[];
  readonly irreversible?: readonly string[];
  readonly vacates?: readonly string[];
  readonly compose?: readonly string[];
  readonly starts?: readonly PlanStart[];
}

export type Planner = (world: PlanWorld, request: PlanRequest, settings: Settings, sources: readonly PlanningSource[]) => Draft;

export interface PlanContext {
  /** Given from outside, because planning draws no random numbers and reads no clock. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly sources: readonly PlanningSource[];
}

const refuse = (rule: string, because: string, leftOut: readonly LeftOut[] = []): Refusal => {
  const first = leftOut.find(left => left.rule === rule);
  return {
    refused: true,
    rule,
    because,
    protection: first === undefined || first.rule === null ? null : {rule: first.rule, because: first.because, unlock: first.unlock},
    leftOut,
  };
};

const nothingLeft = (leftOut: readonly LeftOut[]): Refusal => {
  const first = leftOut[0];
  return first === undefined
    ? refuse('nothing-to-do', 'nothing was found that this could end')
    : refuse(first.rule ?? 'nothing-to-do', leftOut.length === 1 ? first.because : `${first.ref}: ${first.because}`, leftOut);
};

/** The seam that makePlan and tests share: the rules of protection are handed in, and whose things alone may end. */
export const assemblePlan = (
  planner: Planner,
  request: PlanRequest,
  assessment: Assessment,
  settings: Settings,
  {id, now, sources}: PlanContext,
  protections: Protections,
  own: Ownership | null = null,
): Plan | Refusal => {
  const {snapshot} = assessment;
  const blind = snapshot.sources.find(({source, state}) => source === 'processes' && state !== 'ok');
  if (blind !== undefined || snapshot.processes.size === 0) {
    return refuse('unknown', `the process table could not be read${blind === undefined ? '' : `: ${blind.detail}`}`);
  }
  const unlocks = request.unlocks ?? [];
  const world = createPlanWorld(assessment, createGuard(protections, unlocks), own);
  const {
    collected,
    locks = [],
    warnings = [],
    irreversible = [],
    vacates = [],
    compose = [],
    starts = [],
  } = planner(world, request, settings, sources);
  const {roots, targets, sessions, panes, leftOut} = collected;
  if (targets.length + sessions.length + panes.length + locks.length + compose.length + starts.length === 0) {
    return nothingLeft(leftOut);
  }
  const force = request.force ?? false;
  const plan: Plan = {
    id,
    action: request.action,
    asked: request.asked,
    createdAt: now,
    expiresAt: now + PLAN_LIFE_MS,
    bootId: snapshot.bootId,
    roots: roots.map(({ref, title, because}) => ({ref, title, because})),
    targets,
    sessions,
    panes,
    locks,
    frees: planFrees(world, targets),
    vacates,
    compose,
    starts,
    agents: endedAgents(world, targets),
    leftOut,
    warnings: [...planWarnings(world, collected), ...warnings],
    irreversible: [...planIrreversible(world, collected, force), ...irreversible],
    command: `rigtop apply ${id}`,
    force,
    graceMs: request.graceMs ?? settings.termGraceMs,
    unlocks,
    ...(request.lastSeen === undefined ? {} : {lastSeen: request.lastSeen}),
    ...(own === null ? {} : {mine: {...request.mine, caller: planCaller(own.caller)}}),
  };
  return own === null ? plan : ownParts(plan, own);
};
