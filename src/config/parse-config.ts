// Text of one configuration file → what is valid in it, and a problem with line and key for all the rest. Pure.
import {parse, TomlError} from 'smol-toml';
import * as z from 'zod';
import {oneLine} from '../core/domain/command-line.ts';
import {formatKeyPath, type KeyPath, locateKey} from './locate-key.ts';
import type {ConfigProblem} from './problem.ts';
import {type ConfigFile, configSchema} from './schema.ts';
import {closestWord} from './spelling.ts';

export interface ParsedConfig {
  readonly values: ConfigFile;
  readonly problems: readonly ConfigProblem[];
}

interface Fault {
  readonly path: KeyPath;
  readonly message: string;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

type Tree = Record<string | number, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !(value instanceof Date);

const valueAt = (values: unknown, path: KeyPath): unknown =>
  path.reduce<unknown>((value, part) => (isTree(value) ? value[part] : undefined), values);

const typeName = (value: unknown): string => {
  if (value instanceof Date) {
    return 'a date';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  switch (typeof value) {
    case 'string':
      return oneLine(JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value));
    case 'object':
      return 'a table';
    default:
      return String(value);
  }
};

const EXPECTED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    array: 'a list',
    object: 'a table',
    record: 'a table',
    int: 'a whole number',
    number: 'a number',
    string: 'a string',
    boolean: 'true or false',
  }),
);

const knownKeys = (path: KeyPath): readonly string[] => {
  const root = z.toJSONSchema(configSchema, {io: 'input'}) as Schema;
  const at = path.reduce<Schema | undefined>((schema, part) => {
    const open = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    return typeof part === 'number' ? schema?.items : (schema?.properties?.[part] ?? open);
  }, root);
  return Object.keys(at?.properties ?? {});
};

const unknownKey = (path: KeyPath, key: string): Fault => {
  const known = knownKeys(path);
  const close = closestWord(key, known);
  return {path: [...path, key], message: `unknown key; ${close === null ? `known here: ${known.join(', ')}` : `did you mean "${close}"?`}`};
};

const faultsOf = (error: z.ZodError, values: unknown): readonly Fault[] =>
  error.issues.flatMap((issue): readonly Fault[] => {
    const path = issue.path as KeyPath;
    const value = valueAt(values, path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => unknownKey(path, key));
    }
    if (value === undefined) {
      return [{path, message: 'is missing'}];
    }
    switch (issue.code) {
      case 'invalid_type':
        return [
          {
            path,
            message: `${issue.message.startsWith('expected') ? issue.message : `expected ${EXPECTED.get(issue.expected) ?? issue.expected}`}, got ${typeName(value)}`,
          },
        ];
      case 'invalid_value':
        return [{path, message: `expected one of ${issue.values.map(String).join(', ')}, got ${typeName(value)}`}];
      case 'too_big':
        return [{path, message: `must be at most ${issue.maximum}, is ${typeName(value)}`}];
      case 'too_small':
        return [
          {path, message: issue.message.startsWith('must') ? issue.message : `must be at least ${issue.minimum}, is ${typeName(value)}`},
        ];
      case 'invalid_key':
        return [{path, message: issue.issues[0]?.message ?? 'is not a usable name'}];
      default:
        return [{path, message: `${issue.message}, got ${typeName(value)}`}];
    }
  });

/** The same values without what stands at the faulty paths; what lacks a required key goes as a whole. */
const without = (values: Tree, faults: readonly Fault[]): Tree => {
  const copy = structuredClone(values);
  for (const {path} of faults) {
    let doomed = path;
    while (doomed.length > 1 && valueAt(copy, doomed) === undefined) {
      doomed = doomed.slice(0, -1);
    }
    const parent = valueAt(copy, doomed.slice(0, -1));
    const last = doomed.at(-1);
    if (isTree(parent) && last !== undefined) {
      delete parent[last];
    }
  }
  return dropHoles(copy) as Tree;
};

const dropHoles = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.filter(() => true).map(dropHoles);
  }
  return isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dropHoles(one)])) : value;
};

const ROUNDS = 8;

/** Whatever part of the values is valid: the fleet is shown with it although actions are refused. */
const validPart = (values: Tree): ConfigFile => {
  let rest = values;
  for (let round = 0; round < ROUNDS; round++) {
    const checked = configSchema.safeParse(rest);
    if (checked.success) {
      return checked.data;
    }
    rest = without(rest, faultsOf(checked.error, rest));
  }
  return {};
};

/** `file` is only named in problems. */
export const parseConfig = (file: string, text: string): ParsedConfig => {
  let values: Tree;
  try {
    values = parse(text) as Tree;
  } catch (error) {
    if (!(error instanceof TomlError)) {
      throw error;
    }
    const [first = 'not valid TOML'] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    return {values: {}, problems: [{file, line: error.line, key: null, message: oneLine(first)}]};
  }
  const checked = configSchema.safeParse(values);
  if (checked.success) {
    return {values: checked.data, problems: []};
  }
  const problems = faultsOf(checked.error, values).map(
    ({path, message}): ConfigProblem => ({file, line: locateKey(text, path), key: formatKeyPath(path), message}),
  );
  return {values: validPart(values), problems};
};
