// Findings and references → a plan with exact targets, or a refusal that says by which rule. Pure.

import type {Assessment} from '../domain/fleet.ts';
import type {Plan, PlanAction, PlanRequest, Refusal} from '../domain/plan.ts';
import type {Settings} from '../domain/settings.ts';
import {protectionsOf} from '../judge/protect/protect.ts';
import {assemblePlan, type PlanContext, type Planner} from './assemble.ts';
import {planCleanLocks} from './clean-locks.ts';
import {ownershipIn, ownProtections} from './own-only.ts';
import {planFlush} from './plan-flush.ts';
import {planRestart} from './plan-restart.ts';
import {planCleanup, planKill} from './planners.ts';

/** One planner per action; an action without one is refused. */
const PLANNERS: Readonly<Partial<Record<PlanAction, Planner>>> = {
  kill: planKill,
  cleanup: planCleanup,
  flush: planFlush,
  restart: planRestart,
  'clean-locks': planCleanLocks,
};

/**
 * What carrying out `request` would do, exactly, in the world of `assessment`. A plan may leave things out (`leftOut`); a refusal
 * means that nothing is left. Rules of protection: 1, 3 and 5 of docs/safety.md.
 */
export const makePlan = (request: PlanRequest, assessment: Assessment, settings: Settings, context: PlanContext): Plan | Refusal => {
  const planner = PLANNERS[request.action];
  if (planner === undefined) {
    return {refused: true, rule: 'not-supported', because: `rigtop cannot ${request.action} yet`, protection: null, leftOut: []};
  }
  const protections = protectionsOf(assessment, settings);
  if (request.mine === undefined) {
    return assemblePlan(planner, request, assessment, settings, context, protections);
  }
  const own = ownershipIn(request.mine, assessment, settings);
  return 'refused' in own
    ? own
    : assemblePlan(planner, request, assessment, settings, context, ownProtections(protections, own, assessment), own);
};
