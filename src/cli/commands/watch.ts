// rigtop watch: the screen without hands; without a terminal the report.
import type {CommandAnswer, Invocation} from '../command.ts';
import {canShowScreen} from '../screen/can-show-screen.ts';

export const runWatch = async (invocation: Invocation): Promise<CommandAnswer> => {
  const watching = {...invocation, flags: {...invocation.flags, readOnly: true}};
  return canShowScreen(watching) ? (await import('./screen.ts')).runScreen(watching) : (await import('./status.ts')).runStatus(watching);
};
