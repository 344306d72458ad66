// Decisions and outcomes of the unattended loop in words, for its notes. Pure.
import type {Outcome, TargetOutcome} from '../core/domain/outcome.ts';
import type {PlanRequest} from '../core/domain/plan.ts';
import type {Decision} from './policy.ts';

/** What is done, not only noted. */
export type Deed = Exclude<Decision, {kind: 'held-back'}>;

export const requestOf = (deed: Deed): PlanRequest =>
  deed.kind === 'restart'
    ? {action: 'restart', asked: [deed.ref], ...(deed.seat === undefined ? {} : {lastSeen: {[deed.ref]: deed.seat}})}
    : {action: 'kill', asked: [`finding:${deed.finding}`], force: deed.force};

export const describeDeed = (deed: Deed): string =>
  `${deed.kind === 'restart' ? 'restart' : deed.force ? 'kill' : 'clean up'} ${deed.ref}: ${deed.because}`;

const all = ({targets, late, escaped}: Outcome): readonly TargetOutcome[] => [...targets, ...late, ...escaped];

/** Whether something was told to end and did not. */
export const hasSurvivors = (outcome: Outcome): boolean => all(outcome).some(({result}) => result === 'survived');

/** Processes that were sent SIGKILL and are still there. */
export const killSurvivors = (outcome: Outcome): readonly number[] =>
  all(outcome).flatMap(({result, signal, pid}) => (result === 'survived' && signal === 'SIGKILL' && pid !== null ? [pid] : []));

/** Whether it ended in nothing: nothing was signalled, ended or started. What was gone already is an end, too. */
export const isUntouched = (outcome: Outcome): boolean =>
  outcome.refused !== null ||
  (!outcome.ok &&
    all(outcome).every(({result, signal}) => signal === null && result !== 'gone' && result !== 'survived') &&
    outcome.started.every(({result}) => result === 'skipped'));

export const describeOutcome = (outcome: Outcome): string => {
  const {ok, started, refused, problems} = outcome;
  if (refused !== null) {
    return `refused: ${refused.because}`;
  }
  const targets = all(outcome);
  if (ok) {
    return `done: ${targets.length} ended, ${started.length} started`;
  }
  const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);
  const faults = [
    ...targets
      .filter(({result}) => result !== 'gone' && result !== 'already-gone')
      .map(target => `${target.ref} ${target.result}${because(target.because)}`),
    ...started.filter(({result}) => result !== 'up').map(start => `${start.ref} is not up${because(start.because)}`),
    ...problems,
  ];
  return `not done: ${faults.join('; ') || 'its end could not be proven'}`;
};
