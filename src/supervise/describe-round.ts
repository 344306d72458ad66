// Decisions of the unattended loop in words, and what their outcomes mean for the next ones. Pure.
import {everyTarget, type Outcome} from '../core/domain/outcome.ts';
import type {PlanRequest} from '../core/domain/plan.ts';
import type {Decision} from './policy.ts';

/** What is done, not only noted. */
export type LoopAction = Exclude<Decision, {kind: 'held-back'}>;

export const requestOf = (loopAction: LoopAction): PlanRequest =>
  loopAction.kind === 'restart'
    ? {
        action: 'restart',
        asked: [loopAction.ref],
        ...(loopAction.seat === undefined ? {} : {lastSeen: {[loopAction.ref]: loopAction.seat}}),
      }
    : {action: 'kill', asked: [`finding:${loopAction.finding}`], force: loopAction.force};

const verbOf = (loopAction: LoopAction): string => {
  if (loopAction.kind === 'restart') {
    return 'restart';
  }
  return loopAction.force ? 'kill' : 'clean up';
};

export const describeLoopAction = (loopAction: LoopAction): string => `${verbOf(loopAction)} ${loopAction.ref}: ${loopAction.because}`;

/** Whether something was told to end and did not. */
export const hasSurvivors = (outcome: Outcome): boolean => everyTarget(outcome).some(({result}) => result === 'survived');

/** Processes that were sent SIGKILL and are still there. */
export const killSurvivors = (outcome: Outcome): readonly number[] =>
  everyTarget(outcome).flatMap(({result, signal, pid}) => (result === 'survived' && signal === 'SIGKILL' && pid !== null ? [pid] : []));

/** Whether it ended in nothing: nothing was signalled, ended or started. What was gone already is an end, too. */
export const isUntouched = (outcome: Outcome): boolean =>
  outcome.refused !== null ||
  (!outcome.ok &&
    everyTarget(outcome).every(({result, signal}) => signal === null && result !== 'gone' && result !== 'survived') &&
    outcome.started.every(({result}) => result === 'skipped'));
