// Machines on a command line, checked. Pure.
import {type Failure, wrongUsage} from './failure.ts';
import {machineWordTrouble} from './remote/nats-address.ts';

/** The names and addresses of NATS servers, each once; or what is wrong with one. */
export const parseMachines = (args: readonly string[]): readonly string[] | Failure => {
  const names = [...new Set(args)];
  const wrong = names.find(name => machineWordTrouble(name) !== null);
  return wrong === undefined
    ? names
    : wrongUsage(`"${wrong}" is no machine: ${machineWordTrouble(wrong)}`, 'name it as in your configuration, or as you name it to ssh');
};
