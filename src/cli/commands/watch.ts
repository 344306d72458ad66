// rigtop watch: the screen without hands, of this machine and of others; without a terminal the report of this one.

import {machineNameTrouble} from '../../core/domain/machine-name.ts';
import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure, wrongUsage} from '../failure.ts';
import {parseScreenFlags} from '../screen-flags.ts';

export const runWatch = async (invocation: Invocation): Promise<CommandAnswer> => {
  const watching = {...invocation, flags: {...invocation.flags, readOnly: true}};
  const screen = parseScreenFlags(invocation.options);
  if (isFailure(screen)) {
    return screen;
  }
  const hosts = [...new Set(invocation.args)];
  for (const host of hosts) {
    const trouble = machineNameTrouble(host);
    if (trouble !== null) {
      return wrongUsage(`cannot watch "${host}": ${trouble}`, 'name it as you name it to ssh');
    }
  }
  if (canShowScreen(watching)) {
    return (await import('../screen/run-screen.ts')).runScreen(watching, hosts);
  }
  return hosts.length > 0
    ? wrongUsage('other machines are watched on a terminal only', `for a report: ssh ${hosts[0]} rigtop status`)
    : (await import('./status.ts')).runStatus(watching);
};
