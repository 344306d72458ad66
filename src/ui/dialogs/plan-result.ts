// How far a plan is, target by target, and what came of it. Pure.
import {everyTarget, type Outcome, type Progress, type TargetOutcome} from '../../core/domain/outcome.ts';
import type {PlanRun} from '../../store/state.ts';
import {describeOutcome, resultBadge, type Sentence} from '../../words/describe-outcome.ts';
import type {PlanLine} from '../../words/describe-plan.ts';
import {type Line, plain, wrap} from '../format.ts';

/** `TERM sent` and a space. */
export const STATUS_WIDTH = 10;

const STEPS: Readonly<Record<Progress['step'], string>> = {
  continued: 'continued',
  term: 'TERM sent',
  waiting: 'waiting',
  kill: 'KILL sent',
  done: 'done',
};

const outcomeOf = (outcome: Outcome | null, ref: string): TargetOutcome | undefined =>
  outcome === null ? undefined : everyTarget(outcome).find(target => target.ref === ref);

/** The column in front of a line once the plan runs: how far this target is, or what came of it. */
export const statusOf = (run: PlanRun, line: PlanLine): Line => {
  if (run.phase === 'asking' || line.ref === null || line.tone !== 'ends') {
    return [];
  }
  const result = outcomeOf(run.outcome, line.ref)?.result ?? run.progress[line.ref]?.result ?? null;
  if (result !== null) {
    const {word, tone} = resultBadge(result);
    return [plain(word.padEnd(STATUS_WIDTH), tone)];
  }
  const step = run.progress[line.ref]?.step;
  return [plain((step === undefined ? '' : STEPS[step]).padEnd(STATUS_WIDTH), 'busy')];
};

/** What came of the whole, above the targets: what did not end, ports, what had escaped, what went wrong beside. */
export const resultLines = ({outcome, failure}: PlanRun, width: number): readonly Line[] => {
  const words = ({text, tone}: Sentence): readonly Line[] => wrap(text, width).map(each => [plain(each, tone)]);
  if (failure !== null) {
    return words({text: `It failed: ${failure}`, tone: 'danger'});
  }
  if (outcome === null) {
    return [];
  }
  const {headline, lines} = describeOutcome(outcome, {brief: true});
  return [...words(headline), ...lines.flatMap(words), []];
};
