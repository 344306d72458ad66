// Several configuration files into one: the later wins key by key. Pure.
import type {ConfigFile} from './schema.ts';

type Table = Record<string, unknown>;

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);

const mergeTables = (under: Table, over: Table): Table => {
  const merged: Table = {...under};
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTable(below) && isTable(value) ? mergeTables(below, value) : value;
  }
  return merged;
};

const joined = (a: readonly string[] | undefined, b: readonly string[] | undefined): string[] => [...new Set([...(a ?? []), ...(b ?? [])])];

/**
 * `over` wins key by key; lists replace. Only `[protect]` adds up: the file of a project can protect more, and can never
 * take away what the user protects.
 */
export const mergeConfig = (under: ConfigFile, over: ConfigFile): ConfigFile => {
  const merged = mergeTables(under, over) as ConfigFile;
  if (under.protect === undefined || over.protect === undefined) {
    return merged;
  }
  const protect = {
    sessions: joined(under.protect.sessions, over.protect.sessions),
    commands: joined(under.protect.commands, over.protect.commands),
    paths: joined(under.protect.paths, over.protect.paths),
  };
  return {...merged, protect};
};
