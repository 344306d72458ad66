// rigtop watch: the screen without hands, of this machine and of others; without a terminal the report of this one.

import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure} from '../failure.ts';
import {parseScreenFlags} from '../screen-flags.ts';
import {runFleet} from './show-fleet.ts';

export const runWatch = async (invocation: Invocation): Promise<CommandAnswer> => {
  const watching = {...invocation, flags: {...invocation.flags, readOnly: true}};
  const screen = parseScreenFlags(invocation.options);
  if (isFailure(screen)) {
    return screen;
  }
  return canShowScreen(watching) || invocation.args.length > 0 ? runFleet(watching) : (await import('./status.ts')).runStatus(watching);
};
