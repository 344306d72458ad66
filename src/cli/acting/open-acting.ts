// What an acting command may open: a fleet with hands, a fleet for looking at plans, or nothing with the reason.
import {formatProblem} from '../../config/problem.ts';
import type {Invocation} from '../command.ts';
import {brokenConfig, type Failure, refused} from '../failure.ts';
import {type OpenFleet, openFleet, readConfig} from '../open-fleet.ts';
import type {ActingFlags} from './acting-flags.ts';
import {performWithHands} from './perform-with-hands.ts';

/** What every command says that would act. */
const readOnlyRefusal = (): Failure =>
  refused(
    'read-only',
    'this is read-only: nothing is acted on',
    'leave out --read-only and read_only = true, or add --dry-run to see the plan',
  );

/** `--read-only` refuses before anything is read or built; a plan that is only shown needs no hands. */
export const openActing = async (invocation: Invocation, acting: ActingFlags): Promise<OpenFleet | Failure> => {
  const {flags, io} = invocation;
  if (flags.readOnly && !acting.onlyShow) {
    return readOnlyRefusal();
  }
  const config = await readConfig(invocation);
  const [problem, ...others] = config.problems;
  if (problem !== undefined) {
    for (const other of others) {
      io.err(`rigtop: ${formatProblem(other)}\n`);
    }
    return brokenConfig(formatProblem(problem), 'correct it; until then nothing is acted on');
  }
  if (config.readOnly && !acting.onlyShow) {
    return readOnlyRefusal();
  }
  return openFleet(invocation, config, acting.mode === 'show' ? null : performWithHands);
};
