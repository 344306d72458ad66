// Names of machines on a command line, checked. Pure.
import {machineNameTrouble} from '../core/domain/machine-name.ts';
import {type Failure, wrongUsage} from './failure.ts';

/** The names, each once; or what is wrong with one. */
export const parseMachines = (args: readonly string[]): readonly string[] | Failure => {
  const names = [...new Set(args)];
  const wrong = names.find(name => machineNameTrouble(name) !== null);
  return wrong === undefined
    ? names
    : wrongUsage(`"${wrong}" is no machine: ${machineNameTrouble(wrong)}`, 'name it as in your configuration, or as you name it to ssh');
};
