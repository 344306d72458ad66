// How far a plan is, target by target, and what came of it. Pure.
import type {Outcome, Progress, TargetOutcome} from '../../core/domain/outcome.ts';
import type {PlanRun} from '../../store/state.ts';
import type {PlanLine} from '../../words/describe-plan.ts';
import {type Line, plain, wrap} from '../format.ts';
import type {Role} from '../theme.ts';

/** `TERM sent` and a space. */
export const STATUS_WIDTH = 10;

const STEPS: Readonly<Record<Progress['step'], string>> = {
  continued: 'continued',
  term: 'TERM sent',
  waiting: 'waiting',
  kill: 'KILL sent',
  done: 'done',
};

const RESULT_ROLES: Readonly<Record<TargetOutcome['result'], Role>> = {
  gone: 'good',
  'already-gone': 'good',
  changed: 'warning',
  refused: 'danger',
  survived: 'danger',
};

const RESULT_WORDS: Readonly<Record<TargetOutcome['result'], string>> = {
  gone: 'gone',
  'already-gone': 'was gone',
  changed: 'changed',
  refused: 'refused',
  survived: 'SURVIVED',
};

const outcomeOf = (outcome: Outcome | null, ref: string): TargetOutcome | undefined =>
  outcome === null ? undefined : [...outcome.targets, ...outcome.late, ...outcome.escaped].find(target => target.ref === ref);

/** The column in front of a line once the plan runs: how far this target is, or what came of it. */
export const statusOf = (run: PlanRun, line: PlanLine): Line => {
  if (run.phase === 'asking' || line.ref === null || line.tone !== 'ends') {
    return [];
  }
  const result = outcomeOf(run.outcome, line.ref)?.result ?? run.progress[line.ref]?.result ?? null;
  if (result !== null) {
    return [plain(RESULT_WORDS[result].padEnd(STATUS_WIDTH), RESULT_ROLES[result])];
  }
  const step = run.progress[line.ref]?.step;
  return [plain((step === undefined ? '' : STEPS[step]).padEnd(STATUS_WIDTH), 'busy')];
};

const sumWords = ({ok, tookMs, started}: Outcome): string =>
  ok
    ? `Done in ${(tookMs / 1000).toFixed(1)} s: everything is gone${started.length === 0 ? '' : ' and up again'}.`
    : `Not everything is ${started.length === 0 ? 'gone' : 'gone and up again'}.`;

/** What came of the whole, above the targets: ports, reasons, what had escaped, what went wrong beside. */
export const resultLines = ({outcome, failure}: PlanRun, width: number): readonly Line[] => {
  const words = (text: string, role: Role): readonly Line[] => wrap(text, width).map(each => [plain(each, role)]);
  if (failure !== null) {
    return words(`It failed: ${failure}`, 'danger');
  }
  if (outcome === null) {
    return [];
  }
  if (outcome.refused !== null) {
    return words(`Refused (${outcome.refused.rule}): ${outcome.refused.because}. Nothing was touched.`, 'danger');
  }
  const extra = [...outcome.late, ...outcome.escaped];
  const reasons = [...outcome.targets, ...extra].filter(target => target.because !== null && target.result !== 'gone');
  return [
    ...words(sumWords(outcome), outcome.ok ? 'good' : 'danger'),
    ...outcome.ports.flatMap(({port, free}) =>
      words(`port ${port} is ${free === true ? 'free' : free === false ? 'STILL HELD' : 'unknown'}`, free === true ? 'good' : 'danger'),
    ),
    ...reasons.flatMap(target =>
      words(`${target.ref} ${RESULT_WORDS[target.result]}: ${target.because ?? ''}`, RESULT_ROLES[target.result]),
    ),
    ...extra.flatMap(target =>
      words(`${target.ref} had escaped or came late: ${RESULT_WORDS[target.result]}`, RESULT_ROLES[target.result]),
    ),
    ...outcome.started.flatMap(({ref, result, because, output}) => [
      ...words(`${ref} ${result}${because === null ? '' : `: ${because}`}`, result === 'up' ? 'good' : 'danger'),
      ...(result === 'up' ? [] : output.flatMap(line => words(`  ${line}`, 'quiet'))),
    ]),
    ...outcome.problems.flatMap(problem => words(problem, 'warning')),
    [],
  ];
};
