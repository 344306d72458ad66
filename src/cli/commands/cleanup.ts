// rigtop cleanup: a plan over every sure finding that has a remedy, or over those of some kinds.
import {carryOut} from '../acting/plan-command.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {parseKinds} from '../kinds.ts';

export const runCleanup = async (invocation: Invocation): Promise<CommandAnswer> => {
  const kinds = parseKinds(invocation.options.list('kind'), '--kind');
  return isFailure(kinds) ? kinds : carryOut(invocation, () => ({action: 'cleanup', asked: kinds}));
};
