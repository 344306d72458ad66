// Text of one configuration file → what is valid in it, and a problem with line and key for all the rest. Pure.
import {parse, TomlError} from 'smol-toml';
import * as z from 'zod';
import {oneLine} from '../core/domain/command-line.ts';
import {closestWord} from '../core/domain/spelling.ts';
import {type ConfigFile, configSchema} from './config-schema.ts';
import {DEEPEST_TABLES, MOST_PROBLEMS} from './limits.ts';
import {createLocator, formatKeyPath, type KeyPath, type Locator} from './locate-key.ts';
import {type ConfigProblem, limitProblems} from './problem.ts';

export interface ParsedConfig {
  readonly values: ConfigFile;
  /** At most `MOST_PROBLEMS`; the last one counts those that are left out. */
  readonly problems: readonly ConfigProblem[];
  /** For problems that only show once files are merged. */
  readonly locate: Locator;
}

interface Fault {
  readonly path: KeyPath;
  /** Only what is told is put into words. */
  message(): string;
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

let published: Schema | null = null;

const knownKeys = (path: KeyPath): readonly string[] => {
  published ??= z.toJSONSchema(configSchema, {io: 'input'}) as Schema;
  const at = path.reduce<Schema | undefined>((schema, part) => {
    if (typeof part === 'number') {
      return schema?.items;
    }
    const {properties = {}, additionalProperties: open} = schema ?? {};
    if (Object.hasOwn(properties, part)) {
      return properties[part];
    }
    return typeof open === 'object' ? open : undefined;
  }, published);
  return Object.keys(at?.properties ?? {});
};

const unknownKey = (path: KeyPath, key: string): Fault => ({
  path: [...path, key],
  message: () => {
    const known = knownKeys(path);
    const close = closestWord(key, known);
    return `unknown key; ${close === null ? `known here: ${known.join(', ')}` : `did you mean "${close}"?`}`;
  },
});

type Issue = z.ZodError['issues'][number];

const describeIssue = (issue: Issue, value: unknown): string => {
  if (value === undefined) {
    return 'is missing';
  }
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.message.startsWith('expected') ? issue.message : `expected ${EXPECTED.get(issue.expected) ?? issue.expected}`}, got ${typeName(value)}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}, got ${typeName(value)}`;
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `must have at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'letters'}`
        : `must be at most ${issue.maximum}, is ${typeName(value)}`;
    case 'too_small':
      return issue.message.startsWith('must') ? issue.message : `must be at least ${issue.minimum}, is ${typeName(value)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is not a usable name';
    default:
      return `${issue.message}, got ${typeName(value)}`;
  }
};

const faultsOf = (error: z.ZodError, values: unknown): readonly Fault[] =>
  error.issues.flatMap((issue): readonly Fault[] => {
    const path = issue.path as KeyPath;
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => unknownKey(path, key))
      : [{path, message: () => describeIssue(issue, valueAt(values, path))}];
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

const LONGEST_MESSAGE = 200;

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

/** Path to the first table that lies too deep, or null. Walks without recursion: what is looked for is depth. */
const tooDeep = (values: Tree): KeyPath | null => {
  const open: {readonly value: unknown; readonly path: KeyPath}[] = [{value: values, path: []}];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {value, path} = next;
    if (isTree(value)) {
      if (path.length > DEEPEST_TABLES) {
        return path;
      }
      for (const [key, inner] of Object.entries(value)) {
        if (isTree(inner)) {
          open.push({value: inner, path: [...path, Array.isArray(value) ? Number(key) : key]});
        }
      }
    }
  }
  return null;
};

const NOWHERE: Locator = () => null;

/** `file` is only named in problems. Never throws for what the text contains. */
export const parseConfig = (file: string, text: string): ParsedConfig => {
  let values: Tree;
  try {
    values = parse(text) as Tree;
  } catch (error) {
    const syntax = error instanceof TomlError;
    const [first = 'not valid TOML'] = syntax
      ? error.message.replace(/^Invalid TOML document: /, '').split('\n')
      : ['cannot be read as TOML'];
    const message = oneLine(first).slice(0, LONGEST_MESSAGE);
    return {values: {}, problems: [{file, line: syntax ? error.line : null, key: null, message}], locate: NOWHERE};
  }
  const locate = createLocator(text);
  const deep = tooDeep(values);
  if (deep !== null) {
    const message = `tables lie more than ${DEEPEST_TABLES} deep`;
    return {values: {}, problems: [{file, line: locate(deep), key: formatKeyPath(deep), message}], locate};
  }
  const checked = configSchema.safeParse(values);
  if (checked.success) {
    return {values: checked.data, problems: [], locate};
  }
  const faults = faultsOf(checked.error, values);
  const problems = faults
    .slice(0, MOST_PROBLEMS)
    .map(({path, message}): ConfigProblem => ({file, line: locate(path), key: formatKeyPath(path), message: message()}));
  return {values: validPart(values), problems: limitProblems(problems, faults.length), locate};
};
