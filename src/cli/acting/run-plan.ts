// A plan from its showing to its outcome: shown, asked about, carried out, reported.
import {createPlanStore} from '../../core/act/plan-store.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {UnlockRule} from '../../core/domain/finding.ts';
import type {Outcome} from '../../core/domain/outcome.ts';
import type {Plan, Refusal} from '../../core/domain/plan.ts';
import {shellWord} from '../../core/domain/shell-word.ts';
import {describePlan, describeRefusal, type PlanDescription} from '../../words/describe-plan.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {nothingDocument, planDocument} from '../documents/plan-document.ts';
import {EXIT, type ExitCode} from '../exit-codes.ts';
import {refused} from '../failure.ts';
import type {OpenFleet} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';
import type {ActingFlags} from './acting-flags.ts';
import {formatOutcome, formatPlan} from './format-plan.ts';

/** 1 while something survived or did not come up, 4 when something was not what it had been or may not be touched. */
export const outcomeExit = ({ok, refused: whole, targets, late, escaped, started}: Outcome): ExitCode => {
  const results = [...targets, ...late, ...escaped].map(({result}) => result);
  const isDown = started.some(({result}) => result === 'not-up' || result === 'failed');
  if (whole !== null) {
    return EXIT.refused;
  }
  if (isDown || results.includes('survived')) {
    return EXIT.findings;
  }
  if (results.some(result => result === 'changed' || result === 'refused')) {
    return EXIT.refused;
  }
  return ok ? EXIT.done : EXIT.findings;
};

const print = ({io}: Invocation, document: unknown): void => io.out(jsonText(document));

const painter = ({io, flags}: Invocation) => createPaint(allowsColor(flags.color, io));

export const planStoreOf = ({host}: Pick<OpenFleet, 'host'>) => createPlanStore(host, stateDirectory(host.env, host.home));

/** Kept, so that `rigtop apply` can carry it out; in read-only mode there is nothing to apply. */
const keep = async ({io}: Invocation, fleet: OpenFleet, plan: Plan): Promise<void> => {
  const saved = fleet.config.readOnly ? null : await planStoreOf(fleet).save(plan);
  if (saved !== null && !saved.ok) {
    io.err(`rigtop: rigtop apply ${plan.id} will not find this plan, it could not be kept: ${saved.because}\n`);
  }
};

const confirmed = async ({io}: Invocation, {typeToConfirm, typeCounts}: PlanDescription): Promise<boolean> => {
  const [expected, question] =
    typeToConfirm === null
      ? ['y', 'Carry this out? y does, anything else cancels: ']
      : [String(typeToConfirm), `Type ${typeToConfirm} to carry this out, anything else cancels (${typeCounts}: ${typeToConfirm}): `];
  return (await io.ask(question))?.trim() === expected;
};

export interface Settling {
  readonly invocation: Invocation;
  readonly acting: ActingFlags;
  readonly fleet: OpenFleet;
  /** Where the plan comes from: of one from a file, only what is found anew counts. */
  readonly origin: 'memory' | 'file';
}

/** Shows the plan and, where that is wanted and allowed, carries it out. */
export const settlePlan = async ({invocation, acting, fleet, origin}: Settling, plan: Plan): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const description = describePlan(plan, {now: acting.mode === 'act'});
  const acts = acting.mode === 'show' ? null : fleet.engine.perform;
  if (acts === null && origin === 'memory') {
    await keep(invocation, fleet, plan);
  }
  if (!flags.json) {
    io.out(formatPlan(description, painter(invocation)));
  }
  if (acts === null) {
    if (flags.json) {
      print(invocation, planDocument(plan, null));
    }
    return EXIT.done;
  }
  const claim = acting.mode === 'act' && origin === 'memory' ? plan.starts.find(({claimOf}) => claimOf !== undefined) : undefined;
  if (claim?.claimOf !== undefined) {
    const because = `${claim.claimOf} says what would be run for ${claim.ref}, and you have not named it`;
    return refused(
      'found-repository',
      because,
      `read it above, then add --repo ${shellWord(claim.claimOf) ?? 'DIR'}, or name it under [[repos]]`,
    );
  }
  if (acting.mode === 'ask' && !(await confirmed(invocation, description))) {
    return refused('cancelled', 'nothing was done', 'the answer was not a yes');
  }
  if (origin === 'file') {
    const claimed = await planStoreOf(fleet).claim(plan.id);
    if (!claimed.ok) {
      return refused('carried-out', `plan ${plan.id} is carried out by another rigtop: ${claimed.because}`, 'make the plan again');
    }
  }
  const outcome = await acts(plan, undefined, origin);
  if (flags.json) {
    print(invocation, planDocument(plan, outcome));
  } else {
    io.out(formatOutcome(outcome, painter(invocation)));
  }
  return outcomeExit(outcome);
};

const EMPTY_RULES: ReadonlySet<string | null> = new Set([null, 'not-found', 'nothing-to-do']);

const hintFor = (rule: string, unlock: UnlockRule | null): string => {
  if (rule === 'no-agent') {
    return 'run it from an agent’s own tool, or leave out --mine';
  }
  return unlock === null ? 'rigtop explain says more' : `--unlock ${unlock} lifts this`;
};

/** That nothing is there to be ended is an answer (0); that a rule forbids it is a refusal (4). */
export const settleRefusal = (invocation: Invocation, refusal: Refusal): CommandAnswer => {
  const {io, flags} = invocation;
  const {rule, because, leftOut, protection} = refusal;
  const isEmpty = EMPTY_RULES.has(rule) && leftOut.every(left => EMPTY_RULES.has(left.rule));
  const description = describeRefusal(refusal);
  if (!flags.json) {
    io.out(formatPlan(isEmpty ? {...description, headline: `Nothing to do: ${because}`} : description, painter(invocation)));
  }
  if (!isEmpty) {
    const unlock = protection?.unlock ?? null;
    return refused(rule, because, hintFor(rule, unlock));
  }
  if (flags.json) {
    print(invocation, nothingDocument(refusal));
  }
  return EXIT.done;
};
