// rigtop apply PLAN: carry out a printed plan by its id, as far as a fresh look still justifies it.
import {parseActingFlags} from '../acting/acting-flags.ts';
import {openActing} from '../acting/open-acting.ts';
import {planStoreOf, settlePlan} from '../acting/run-plan.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure, refused} from '../failure.ts';

/** The id of a plan that was shown is its confirmation: where nobody can be asked, naming it is a yes. */
export const runApply = async (invocation: Invocation): Promise<CommandAnswer> => {
  const given = parseActingFlags(invocation);
  if (isFailure(given)) {
    return given;
  }
  const acting = given.mode === 'show' && !given.onlyShow ? ({...given, mode: 'act'} as const) : given;
  const fleet = await openActing(invocation, acting);
  if (isFailure(fleet)) {
    return fleet;
  }
  try {
    const {readStoredPlan} = await import('../documents/stored-plan-schema.ts');
    const loaded = await planStoreOf(fleet).load(invocation.args[0] ?? '', readStoredPlan);
    if ('refused' in loaded) {
      return refused(loaded.refused.rule, loaded.refused.because, 'make the plan again');
    }
    // A sure "missing" needs two looks, and this rigtop has had none.
    await fleet.engine.refreshUntilSettled();
    return await settlePlan({invocation, acting, fleet, origin: 'file'}, loaded.plan);
  } finally {
    await fleet.engine.close();
  }
};
