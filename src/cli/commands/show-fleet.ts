// rigtop fleet: the screen over this machine and others, with hands on the spot, on a terminal.
import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure, wrongUsage} from '../failure.ts';
import {parseMachines} from '../machine-arguments.ts';
import {parseScreenFlags} from '../screen-flags.ts';

export const runFleet = async (invocation: Invocation): Promise<CommandAnswer> => {
  const screen = parseScreenFlags(invocation.options);
  if (isFailure(screen)) {
    return screen;
  }
  const names = parseMachines(invocation.args);
  if (isFailure(names)) {
    return names;
  }
  return canShowScreen(invocation)
    ? (await import('../screen/run-screen.ts')).runScreen(invocation, names)
    : wrongUsage('several machines are shown on a terminal only', 'for a report: rigtop status --machines');
};
