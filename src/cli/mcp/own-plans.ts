// Stops what is a caller's own for a model: a plan with its id first, which ends nothing; then that plan, once its person allows it.
import type {LoadedConfig} from '../../config/load.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {JsonRecord} from '../../core/domain/json-fields.ts';
import {isRefusal, type Plan} from '../../core/domain/plan.ts';
import type {Engine} from '../../core/engine.ts';
import {describeOutcome} from '../../words/describe-outcome.ts';
import {describePlan, describeRefusal, type PlanDescription} from '../../words/describe-plan.ts';
import {formatFailure, isFailure} from '../failure.ts';
import {resolveArgument} from '../resolve-argument.ts';
import type {ToolAnswer} from './protocol.ts';
import {failed, told} from './tool-answers.ts';
import {onlyKnown, refsIn, textIn, WrongArgument} from './tool-arguments.ts';

/** Plans that were shown and not carried out: more than a model keeps in mind. */
const MOST_PLANS = 20;

export interface ToolParts {
  readonly engine: Engine;
  readonly config: Pick<LoadedConfig, 'settings' | 'guard'>;
}

const planText = ({headline, sections}: PlanDescription): string =>
  [headline, ...sections.flatMap(({title, lines}) => [title, ...lines.map(({text}) => `  ${oneLine(text)}`)])].join('\n');

const WITHOUT_ALLOWANCE =
  'refused: whether agents may stop things by this tool is for their person to say: allow_stop = true under [guard] of ~/.config/rigtop/config.toml. A plan can be made without';

export interface OwnPlans {
  /** `conversation`: what the client names as the one that calls. */
  stop(args: JsonRecord, conversation: string | undefined): Promise<ToolAnswer>;
}

export const createOwnPlans = ({engine, config}: ToolParts): OwnPlans => {
  const plans = new Map<string, Plan>();

  const planOwn = async (refs: readonly string[], conversation: string | undefined, assessment: Assessment): Promise<ToolAnswer> => {
    const things = refs.map(ref => resolveArgument(ref, assessment));
    const unresolved = things.find(isFailure);
    if (unresolved !== undefined) {
      return failed(formatFailure(unresolved));
    }
    const mine = conversation === undefined ? {} : {conversation};
    const asked = things.flatMap(thing => (isFailure(thing) ? [] : [thing.ref]));
    const plan = await engine.prepare({action: 'kill', asked: [...new Set(asked)], mine});
    if (isRefusal(plan)) {
      return {text: planText(describeRefusal(plan)), failed: true};
    }
    plans.set(plan.id, plan);
    for (const old of [...plans.keys()].slice(0, -MOST_PLANS)) {
      plans.delete(old);
    }
    const next = config.guard.allowStop ? `nothing has ended; stop_mine with plan "${plan.id}" carries it out` : WITHOUT_ALLOWANCE;
    return told(`${planText(describePlan(plan, {now: true}))}\n${next}`);
  };

  const carryOut = async (id: string, conversation: string | undefined): Promise<ToolAnswer> => {
    if (!config.guard.allowStop) {
      return failed(WITHOUT_ALLOWANCE);
    }
    if (engine.perform === null) {
      return failed('refused: rigtop is read-only here');
    }
    const plan = plans.get(id);
    // One server may serve several conversations: a plan is carried out for the one that made it.
    if (plan === undefined || plan.mine?.conversation !== conversation) {
      return failed(`there is no plan ${id} that was not carried out: make one with refs`);
    }
    plans.delete(id);
    const outcome = await engine.perform(plan);
    const {headline, lines} = describeOutcome(outcome);
    return {text: [headline.text, ...lines.map(({text}) => `  ${oneLine(text)}`)].join('\n'), failed: !outcome.ok};
  };

  const stopOwn: OwnPlans['stop'] = async (args, conversation) => {
    onlyKnown(args, 'refs', 'plan');
    const [refs, id] = [refsIn(args), textIn(args, 'plan')];
    if ((refs === null) === (id === null)) {
      throw new WrongArgument('either refs, to make a plan, or plan, to carry one out');
    }
    return id === null ? planOwn(refs ?? [], conversation, await engine.refreshUntilSettled()) : carryOut(id, conversation);
  };

  return {stop: stopOwn};
};
