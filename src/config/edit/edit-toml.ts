// Adds or takes away one table of a TOML settings file and keeps every other byte of it. Pure.
import {isDeepStrictEqual} from 'node:util';
import {parse, stringify} from 'smol-toml';
import {oneLine} from '../../core/domain/command-line.ts';
import type {Edited} from './edit-json.ts';

const refuse = (because: string): Edited => ({ok: false, because});

type Table = Record<string, unknown>;

const read = (text: string): Table | string => {
  try {
    return parse(text);
  } catch (error) {
    return `it is no TOML: ${oneLine(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))}`;
  }
};

const at = (table: Table, path: readonly string[]): unknown =>
  path.reduce<unknown>((above, name) => (typeof above === 'object' && above !== null ? (above as Table)[name] : undefined), table);

const nested = (path: readonly string[], value: unknown): Table =>
  path.reduceRight<unknown>((inner, name) => ({[name]: inner}), value) as Table;

/** A whole that holds what two do; tables joined, all else taken from the second. */
const joined = (one: unknown, other: unknown): unknown => {
  const isTable = (value: unknown): value is Table =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return isTable(one) && isTable(other)
    ? Object.fromEntries(
        [...new Set([...Object.keys(one), ...Object.keys(other)])].map(key => [
          key,
          key in other ? joined(one[key], other[key]) : one[key],
        ]),
      )
    : other;
};

/** Whether two tables say the same, whatever made them. */
const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(structuredClone(one), structuredClone(other));

const checked = (text: string, meant: unknown): Edited => {
  const again = read(text);
  return typeof again === 'string' || !isSame(again, meant)
    ? refuse('it is written in a way that could not be changed without touching the rest')
    : {ok: true, text};
};

const HEADER = /^[ \t]*\[/;

/** The lines from the header of a table up to the next header, blank lines before that one left. */
const cut = (text: string, path: readonly string[]): string => {
  const lines = text.split('\n');
  const start = lines.findIndex(line => HEADER.test(line) && isHeaderOf(line, path));
  if (start < 0) {
    return text;
  }
  const next = lines.findIndex((line, index) => index > start && HEADER.test(line) && !isHeaderOf(line, path));
  const end = next < 0 ? lines.length : next;
  const before = lines.slice(0, start);
  while (before.at(-1)?.trim() === '' && next < 0) {
    before.pop();
  }
  const rest = [...before, ...lines.slice(end)].join('\n');
  return next < 0 && rest !== '' ? `${rest}\n` : rest;
};

/** Whether a line opens this table, or one inside of it. */
const isHeaderOf = (line: string, path: readonly string[]): boolean => {
  const opened = read(line);
  return typeof opened !== 'string' && at(opened, path) !== undefined;
};

/** Puts a table at the end of the text; in place of the one that is there. */
export const setTable = (text: string, path: readonly string[], table: Table): Edited => {
  const before = read(text);
  if (typeof before === 'string') {
    return refuse(before);
  }
  if (isSame(at(before, path), table)) {
    return {ok: true, text};
  }
  const cleared = removeTable(text, path);
  if (!cleared.ok) {
    return cleared;
  }
  const rest = read(cleared.text);
  const gap = cleared.text === '' ? '' : `${cleared.text.replace(/\n*$/, '')}\n\n`;
  return checked(`${gap}${stringify(nested(path, table)).replace(/\n*$/, '')}\n`, joined(rest, nested(path, table)));
};

/** Takes a table away, and those above it that hold nothing else. */
export const removeTable = (text: string, path: readonly string[]): Edited => {
  const before = read(text);
  if (typeof before === 'string') {
    return refuse(before);
  }
  if (at(before, path) === undefined) {
    return {ok: true, text};
  }
  const meant = parse(text) as Table;
  const name = path.at(-1) ?? '';
  const holder = at(meant, path.slice(0, -1)) as Table;
  delete holder[name];
  const after = cut(text, path);
  const edited = checked(after, meant);
  if (edited.ok || Object.keys(holder).length > 0) {
    return edited;
  }
  // The only table of a family that no header of its own opens: the family goes with it.
  const whole = parse(text) as Table;
  delete (at(whole, path.slice(0, -2)) as Table)[path.at(-2) ?? ''];
  return checked(after, whole);
};
