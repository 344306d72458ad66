// rigtop restart REF: stop it, prove it gone, start it again the proper way.
import {carryOut} from '../acting/plan-command.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {resolveArgument} from '../resolve-argument.ts';

export const runRestart = (invocation: Invocation): Promise<CommandAnswer> =>
  carryOut(invocation, assessment => {
    const thing = resolveArgument(invocation.args[0] ?? '', assessment);
    return isFailure(thing) ? thing : {action: 'restart', asked: [thing.ref]};
  });
