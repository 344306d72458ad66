// The arguments of a tool, each held against what the tool describes: a client may send anything. Pure.
import type {JsonRecord} from '../../core/domain/json-fields.ts';
import {ownValue} from '../../core/domain/own-value.ts';

/** An argument that is not as the tool describes it. */
export class WrongArgument extends Error {}

/** Refuses arguments that the tool does not describe: a misspelt one must not be taken for none. */
export const onlyKnown = (args: JsonRecord, ...names: readonly string[]): void => {
  const other = Object.keys(args).find(name => !names.includes(name));
  if (other !== undefined) {
    throw new WrongArgument(`there is no argument ${JSON.stringify(other)}${names.length === 0 ? '' : `: there is ${names.join(', ')}`}`);
  }
};

/** A text; null where it is not given. */
export const textIn = (args: JsonRecord, name: string): string | null => {
  const value = ownValue(args, name);
  if (value !== undefined && (typeof value !== 'string' || value === '' || value.length > 4096)) {
    throw new WrongArgument(`${name} is a text`);
  }
  return value ?? null;
};

/** The number of a port; null where it is not given. */
export const portIn = (args: JsonRecord): number | null => {
  const value = ownValue(args, 'port');
  if (value !== undefined && !(typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535)) {
    throw new WrongArgument('port is a number from 1 to 65535');
  }
  return typeof value === 'number' ? value : null;
};

/** A list of references; null where it is not given. */
export const refsIn = (args: JsonRecord): readonly string[] | null => {
  const value = ownValue(args, 'refs');
  if (value === undefined) {
    return null;
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > 100 || !value.every(each => typeof each === 'string' && each !== '')) {
    throw new WrongArgument('refs is a list of 1 to 100 references');
  }
  return value as readonly string[];
};
