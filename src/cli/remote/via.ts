// Machines behind a program that runs something there: kubectl, podman, docker, coder, wsl.exe, nsenter. argv, never a shell.

import type {MachineVia} from '../../config/load.ts';
import type {Spot} from '../../core/domain/machine.ts';
import {baseName} from '../../core/domain/paths.ts';
import {type LinesEnd, startLines} from '../../core/os/line-program.ts';
import {describeRigtopEnd, lastWords} from './rigtop-end.ts';
import {followWords, type Trouble, type Way} from './way.ts';

/** The words with the name of a machine in them. */
const filledIn = (words: readonly string[], name: string): readonly string[] => words.map(word => word.replaceAll('{name}', name));

/**
 * What follows is argv for some of these programs (kubectl, docker), and joined to a line for a shell by others (coder, wsl.exe): a word
 * is handed on only where both are the same.
 */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

const viaSpot = ([file = '', ...before]: readonly string[], words: readonly string[]): Spot | {readonly because: string} =>
  words.every(word => PLAIN.test(word))
    ? {file, args: [...before, 'rigtop', ...words]}
    : {because: `its name holds what a shell behind ${baseName(file)} might act on: do it there`};

const describeViaEnd = (via: readonly string[], end: LinesEnd, begun: boolean): Trouble => {
  const by = baseName(via[0] ?? '');
  const words = lastWords(end.stderr);
  if (end.trouble === 'missing') {
    return {because: `${by} is not on PATH here`, hint: 'install it, or name it with its directory in `via`', again: false};
  }
  const trouble = describeRigtopEnd(end, begun, {by, there: more => `${via.join(' ')} rigtop ${more}`, path: ''});
  // What is between ends with a status of its own: a pod that is being replaced comes back.
  const isBetween = end.trouble === null && end.exitCode !== null && ![0, 126, 127].includes(end.exitCode) && !/rigtop:/.test(end.stderr);
  return isBetween && trouble.hint !== 'update it there'
    ? {because: begun ? 'the connection was lost' : words || `${by} ended with status ${end.exitCode}`, hint: trouble.hint, again: true}
    : trouble;
};

export interface ViaParts {
  readonly name: string;
  readonly via: MachineVia;
  readonly intervalMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const viaWay = ({name, via, intervalMs, env}: ViaParts): Way => {
  const [file = '', ...before] = filledIn(via.via, name);
  return {
    name,
    through: file,
    connect: options => startLines(file, [...before, ...followWords(intervalMs)], {env, ...options}),
    describeEnd: (end, begun) => describeViaEnd([file, ...before], end, begun),
    spot: words => viaSpot(filledIn(via.terminal, name), words),
  };
};
