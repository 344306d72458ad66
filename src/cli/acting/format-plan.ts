// Plans and outcomes as text: the words of the dialog, one line each. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {Outcome} from '../../core/domain/outcome.ts';
import type {Tone} from '../../words/badges.ts';
import {describeOutcome} from '../../words/describe-outcome.ts';
import type {PlanDescription, PlanLine} from '../../words/describe-plan.ts';
import type {Paint} from '../paint.ts';

const TONES: Readonly<Record<PlanLine['tone'], Tone>> = {ends: 'danger', stays: 'quiet', note: 'plain', warning: 'warning'};

/** Ends in a newline. */
export const formatPlan = ({headline, sections}: PlanDescription, paint: Paint): string =>
  [
    paint('strong', oneLine(headline)),
    ...sections.flatMap(({title, lines}) => [title, ...lines.map(({tone, text}) => `  ${paint(TONES[tone], oneLine(text))}`)]),
    '',
  ].join('\n');

/** Ends in a newline. */
export const formatOutcome = (outcome: Outcome, paint: Paint): string => {
  const {headline, lines} = describeOutcome(outcome);
  return [paint('strong', headline.text), ...lines.map(({tone, text}) => `  ${paint(tone, text)}`), ''].join('\n');
};
