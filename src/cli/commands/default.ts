// rigtop without a command: the screen on a terminal, the report anywhere else.
import type {CommandAnswer, Invocation} from '../command.ts';
import {canShowScreen} from '../screen/can-show-screen.ts';

export const runDefault = async (invocation: Invocation): Promise<CommandAnswer> =>
  canShowScreen(invocation) ? (await import('./screen.ts')).runScreen(invocation) : (await import('./status.ts')).runStatus(invocation);
