// rigtop without a command: the screen on a terminal, the report anywhere else.

import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {parseScreenFlags} from '../screen-flags.ts';

export const runDefault = async (invocation: Invocation): Promise<CommandAnswer> => {
  // Without a terminal they mean nothing, and a wrong one is wrong all the same.
  const screen = parseScreenFlags(invocation.options);
  if (isFailure(screen)) {
    return screen;
  }
  return canShowScreen(invocation)
    ? (await import('../screen/run-screen.ts')).runScreen(invocation)
    : (await import('./status.ts')).runStatus(invocation);
};
