// rigtop cleanup: a plan over every sure finding that has a remedy, or over those of some kinds.
import {carryOut} from '../acting/carry-out.ts';
import type {CommandAnswer, Invocation} from '../command.ts';

export const runCleanup = (invocation: Invocation): Promise<CommandAnswer> =>
  carryOut(invocation, () => ({action: 'cleanup', asked: invocation.options.list('kind')}));
