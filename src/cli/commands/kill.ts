// rigtop kill REF…: stop sessions, agents, services and processes, whole trees and nothing else.

import type {Thing} from '../../core/domain/thing.ts';
import {carryOut} from '../acting/plan-command.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {resolveArgument} from '../resolve-argument.ts';

export const runKill = (invocation: Invocation): Promise<CommandAnswer> =>
  carryOut(invocation, assessment => {
    const things = invocation.args.map(ref => resolveArgument(ref, assessment));
    const unresolved = things.find(isFailure);
    return unresolved ?? {action: 'kill', asked: [...new Set((things as readonly Thing[]).map(({ref}) => ref))]};
  });
