// Plans and outcomes as text: the words of the dialog, one line each. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {Outcome, StartOutcome, TargetOutcome, TargetResult} from '../../core/domain/outcome.ts';
import type {Tone} from '../../words/badges.ts';
import type {PlanDescription, PlanLine} from '../../words/describe-plan.ts';
import {countOf} from '../../words/measures.ts';
import type {Paint} from '../paint.ts';

const TONES: Readonly<Record<PlanLine['tone'], Tone>> = {ends: 'danger', stays: 'quiet', note: 'plain', warning: 'warning'};

/** Ends in a newline. */
export const formatPlan = ({headline, sections}: PlanDescription, paint: Paint): string =>
  [
    paint('strong', oneLine(headline)),
    ...sections.flatMap(({title, lines}) => [title, ...lines.map(({tone, text}) => `  ${paint(TONES[tone], oneLine(text))}`)]),
    '',
  ].join('\n');

const RESULT_TONES: Readonly<Record<TargetResult, Tone>> = {
  gone: 'good',
  'already-gone': 'good',
  survived: 'danger',
  changed: 'warning',
  refused: 'warning',
};

const targetLine = ({ref, result, signal, because, tookMs}: TargetOutcome, paint: Paint): string => {
  const how = [signal, because, tookMs > 0 ? `${Math.round(tookMs)} ms` : null].filter(part => part !== null);
  return `  ${paint(RESULT_TONES[result], result.padEnd(12))}  ${oneLine(ref)}${how.length === 0 ? '' : `  ${oneLine(how.join(', '))}`}`;
};

const portLine = ({port, free}: Outcome['ports'][number], paint: Paint): string => {
  const [tone, word] =
    free === null ? (['unknown', 'unknown'] as const) : free ? (['good', 'free'] as const) : (['danger', 'still held'] as const);
  return `  ${paint(tone, word.padEnd(12))}  port ${port}`;
};

const START_TONES: Readonly<Record<StartOutcome['result'], Tone>> = {up: 'good', 'not-up': 'danger', failed: 'danger', skipped: 'warning'};

const startLines = ({ref, result, because, output}: StartOutcome, paint: Paint): readonly string[] => [
  `  ${paint(START_TONES[result], result.padEnd(12))}  ${oneLine(ref)}${because === null ? '' : `  ${oneLine(because)}`}`,
  ...output.map(line => `    ${paint('quiet', oneLine(line))}`),
];

const headlineOf = ({ok, refused, targets, tookMs}: Outcome): string => {
  if (refused !== null) {
    return `Refused (${refused.rule}): ${refused.because}`;
  }
  const survivors = targets.filter(({result}) => result === 'survived').length;
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  return ok ? `Done in ${took}.` : `Not done after ${took}: ${survivors === 0 ? 'see below' : `${countOf(survivors, 'target')} survived`}.`;
};

/** Ends in a newline. */
export const formatOutcome = (outcome: Outcome, paint: Paint): string => {
  const {targets, late, escaped, started, ports, problems} = outcome;
  const titled = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines]);
  return [
    paint('strong', oneLine(headlineOf(outcome))),
    ...targets.map(target => targetLine(target, paint)),
    ...titled(
      'Forked meanwhile',
      late.map(target => targetLine(target, paint)),
    ),
    ...titled(
      'Had left the tree',
      escaped.map(target => targetLine(target, paint)),
    ),
    ...ports.map(port => portLine(port, paint)),
    ...titled(
      'Started again',
      started.flatMap(one => startLines(one, paint)),
    ),
    ...titled(
      'Problems',
      problems.map(problem => `  ${paint('warning', oneLine(problem))}`),
    ),
    '',
  ].join('\n');
};
