// The way of every command that plans: look, plan, and settle what came of it.
import type {Assessment} from '../../core/domain/fleet.ts';
import {isRefusal, type PlanRequest} from '../../core/domain/plan.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {type Failure, isFailure} from '../failure.ts';
import {parseActingFlags} from './acting-flags.ts';
import {openActing} from './open-acting.ts';
import {settlePlan, settleRefusal} from './run-plan.ts';

/** What is asked for, once the fleet has been seen. */
type Asked = Pick<PlanRequest, 'action' | 'asked' | 'docker'> | Failure;
export type Ask = (assessment: Assessment) => Asked | Promise<Asked>;

/** One acting command from its flags to its exit code. */
export const carryOut = async (invocation: Invocation, ask: Ask): Promise<CommandAnswer> => {
  const acting = parseActingFlags(invocation);
  if (isFailure(acting)) {
    return acting;
  }
  const fleet = await openActing(invocation, acting);
  if (isFailure(fleet)) {
    return fleet;
  }
  const {engine} = fleet;
  try {
    const asked = await ask(await engine.refreshUntilSettled());
    if (isFailure(asked)) {
      return asked;
    }
    const {force, unlocks, graceMs, mine} = acting;
    const plan = await engine.prepare({...asked, force, unlocks, ...(graceMs === undefined ? {} : {graceMs}), ...(mine ? {mine: {}} : {})});
    return isRefusal(plan) ? settleRefusal(invocation, plan) : await settlePlan({invocation, acting, fleet, origin: 'memory'}, plan);
  } finally {
    await engine.close();
  }
};
