// Which machines there are: those that a person named, those of the configuration, and those that a program of theirs prints.
import type {MachineConfig, MachineVia} from '../../config/load.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {machineNameTrouble} from '../../core/domain/machine-name.ts';
import type {Host} from '../../core/os/host.ts';
import {firstOf} from '../../words/counts.ts';
import {lastWords} from './rigtop-end.ts';

/** `via` null: over ssh. */
export interface NamedMachine {
  readonly name: string;
  readonly via: MachineVia | null;
}

/** What a program that names machines came to. */
export interface NameList {
  readonly names: readonly string[];
  /** Why there are none, or what of it was left out, in words; null when all of it counts. */
  readonly trouble: string | null;
}

const MOST_NAMES = 1000;
const MOST_BYTES = 256 * 1024;
const RUN_MS = 20_000;

/** Names, one a line; empty lines are none. */
export const parseNames = (text: string): NameList => {
  const lines = [...new Set(text.split('\n').map(line => line.trim()))].filter(line => line !== '');
  const good = lines.filter(line => machineNameTrouble(line) === null);
  const bad = lines.filter(line => machineNameTrouble(line) !== null).map(line => oneLine(line).slice(0, 40));
  const parts = [
    ...(bad.length === 0
      ? []
      : [
          `no names of machines: ${firstOf(
            bad.map(line => `"${line}"`),
            2,
          )}`,
        ]),
    ...(good.length > MOST_NAMES ? [`only the first ${MOST_NAMES} of ${good.length} count`] : []),
  ];
  return {names: good.slice(0, MOST_NAMES), trouble: parts.length === 0 ? null : parts.join('; ')};
};

/** Runs a program that names machines, with the user's own environment. */
export const runNames = async (host: Pick<Host, 'run'>, [file = '', ...args]: readonly string[]): Promise<NameList> => {
  const {stdout, stderr, exitCode, trouble} = await host.run(file, args, {timeoutMs: RUN_MS, environment: 'whole', maxBytes: MOST_BYTES});
  if (trouble !== null || exitCode !== 0) {
    const words = lastWords(stderr);
    const because = trouble === null ? `ended with status ${exitCode}` : trouble;
    return {names: [], trouble: `${oneLine(file)}: ${because}${words === '' ? '' : `: ${words}`}`};
  }
  return parseNames(stdout);
};

/** Each name once; the first that has it says how it is reached. */
const unique = (machines: readonly NamedMachine[]): readonly NamedMachine[] => {
  const byName = new Map<string, NamedMachine>();
  for (const machine of machines) {
    if (!byName.has(machine.name)) {
      byName.set(machine.name, machine);
    }
  }
  return [...byName.values()];
};

/**
 * The machines that are meant: all of the configuration, or those that a person named. A name that neither the configuration nor a list
 * knows is ssh's.
 */
export const chooseMachines = (
  configured: readonly MachineConfig[],
  lists: ReadonlyMap<MachineConfig, readonly string[]>,
  asked: readonly string[],
): readonly NamedMachine[] => {
  const known = unique(
    configured.flatMap(machine =>
      'name' in machine ? [{name: machine.name, via: machine.via}] : (lists.get(machine) ?? []).map(name => ({name, via: machine.via})),
    ),
  );
  return asked.length === 0 ? known : unique(asked.map(name => known.find(each => each.name === name) ?? {name, via: null}));
};
