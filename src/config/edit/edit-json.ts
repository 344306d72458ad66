// Changes one place of a JSON settings file and keeps every other byte of it, comments included. Pure.
import {isDeepStrictEqual} from 'node:util';
import {ownValue} from '../../core/domain/own-value.ts';
import {type JsonMember, type JsonNode, readJsonTree, skipBlank} from './json-tree.ts';

/** The text as it would be; `text` equals what was given where nothing is to be changed. */
export type Edited = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly because: string};

const refuse = (because: string): Edited => ({ok: false, because});

type Path = readonly string[];

const memberOf = (node: JsonNode, name: string): JsonMember | undefined => node.members?.findLast(member => member.name === name);

/** How deep the nodes on a path exist, the root first. */
const along = (root: JsonNode, path: Path): readonly JsonNode[] => {
  const nodes = [root];
  for (const name of path) {
    const next = memberOf(nodes.at(-1) ?? root, name)?.node;
    if (next === undefined) {
      return nodes;
    }
    nodes.push(next);
  }
  return nodes;
};

/** The blanks that lines are indented by, as the file does it. */
const unitOf = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

const indentAt = (text: string, at: number): string => /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? '';

const render = (value: unknown, unit: string, indent: string): string => JSON.stringify(value, null, unit).replaceAll('\n', `\n${indent}`);

/** A text with `what` put in as the last thing of an object or array. */
const appended = (text: string, holder: JsonNode, what: (indent: string) => string): string => {
  const unit = unitOf(text);
  const outer = indentAt(text, holder.start);
  const last = (holder.members?.map(({node}) => node) ?? holder.items ?? []).at(-1);
  if (last === undefined) {
    const blank = text.slice(holder.start + 1, holder.end - 1);
    // A comment in an otherwise empty holder stays where it is.
    const kept = blank.trim() === '' ? '' : blank.replace(/\s+$/, '');
    return `${text.slice(0, holder.start + 1)}${kept}\n${outer}${unit}${what(outer + unit)}\n${outer}${text.slice(holder.end - 1)}`;
  }
  const first = holder.members?.[0]?.start ?? holder.items?.[0]?.start ?? last.start;
  const isInline = !text.slice(holder.start, first).includes('\n');
  const inner = isInline ? outer + unit : indentAt(text, first);
  const comma = skipBlank(text, last.end);
  const behind = text[comma] === ',' ? comma + 1 : last.end;
  return `${text.slice(0, last.end)},${isInline ? ' ' : `\n${inner}`}${what(inner)}${text.slice(behind)}`;
};

/** The text without a part of a holder, and without the comma that goes with it. */
const without = (text: string, holder: JsonNode, parts: readonly {readonly start: number; readonly end: number}[], at: number): string => {
  const part = parts[at];
  if (part === undefined) {
    return text;
  }
  const before = parts[at - 1];
  if (before !== undefined) {
    return text.slice(0, before.end) + text.slice(part.end);
  }
  const next = parts[at + 1];
  return next === undefined
    ? text.slice(0, holder.start + 1) + text.slice(holder.end - 1)
    : text.slice(0, part.start) + text.slice(next.start);
};

const nest = (path: Path, value: unknown): unknown => path.reduceRight<unknown>((inner, name) => ({[name]: inner}), value);

/** An edit is only believed when reading the new text gives what was meant. */
const checked = (text: string, meant: unknown): Edited => {
  const again = readJsonTree(text);
  return 'fault' in again || !isDeepStrictEqual(again.value, meant)
    ? refuse('it is written in a way that could not be changed without touching the rest')
    : {ok: true, text};
};

const clone = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const objectIn = (value: unknown): Record<string, unknown> => value as Record<string, unknown>;

/** Of a missing or empty file: an empty object. */
const rootOf = (text: string): {readonly text: string; readonly root: JsonNode} | {readonly fault: string} => {
  const whole = text.trim() === '' ? '{}\n' : text;
  const root = readJsonTree(whole);
  if ('fault' in root) {
    return {fault: `it is no JSON: ${root.fault}`};
  }
  return root.members === undefined ? {fault: 'it holds no object'} : {text: whole, root};
};

/** Sets the member at `path`, making the objects above it where they are missing. */
export const setMember = (given: string, path: Path, value: unknown): Edited => {
  const start = rootOf(given);
  if ('fault' in start) {
    return refuse(start.fault);
  }
  const {text, root} = start;
  const nodes = along(root, path);
  const meant = clone(root.value);
  const holder = path.slice(0, -1).reduce((above, name) => {
    above[name] = ownValue(above, name) ?? {};
    return objectIn(above[name]);
  }, objectIn(meant));
  const there = nodes[path.length];
  const name = path.at(-1) ?? '';
  if (there !== undefined && isDeepStrictEqual(there.value, value)) {
    return {ok: true, text: given};
  }
  const deepest = nodes.at(-1) ?? root;
  if (there === undefined && deepest.members === undefined) {
    return refuse(`its ${path.slice(0, nodes.length - 1).join('.')} holds no object`);
  }
  holder[name] = value;
  if (there !== undefined) {
    const indent = indentAt(text, there.start);
    return checked(`${text.slice(0, there.start)}${render(value, unitOf(text), indent)}${text.slice(there.end)}`, meant);
  }
  const [key = '', ...rest] = path.slice(nodes.length - 1);
  return checked(
    appended(text, deepest, indent => `${JSON.stringify(key)}: ${render(nest(rest, value), unitOf(text), indent)}`),
    meant,
  );
};

/** Takes the member at `path` away, and the objects above it that hold nothing else. */
export const removeMember = (given: string, path: Path): Edited => {
  const start = rootOf(given);
  if ('fault' in start) {
    return refuse(start.fault);
  }
  const nodes = along(start.root, path);
  if (nodes.length <= path.length) {
    return {ok: true, text: given};
  }
  // The outermost holder that is left with nothing goes as a whole.
  let depth = path.length;
  while (depth > 1 && nodes[depth - 1]?.members?.length === 1) {
    depth -= 1;
  }
  const holder = nodes[depth - 1] ?? start.root;
  const members = holder.members ?? [];
  const at = members.findLastIndex(({name}) => name === path[depth - 1]);
  const meant = clone(start.root.value);
  delete path.slice(0, depth - 1).reduce((above, name) => objectIn(above[name]), objectIn(meant))[path[depth - 1] ?? ''];
  const parts = members.map(({start: begin, node}) => ({start: begin, end: node.end}));
  return checked(without(start.text, holder, parts, at), meant);
};

/** Puts an item at the end of the array at `path`, making it where it is missing. Nothing is changed where an equal one is there. */
export const addItem = (given: string, path: Path, item: unknown): Edited => {
  const start = rootOf(given);
  if ('fault' in start) {
    return refuse(start.fault);
  }
  const array = along(start.root, path)[path.length];
  if (array === undefined) {
    return setMember(given, path, [item]);
  }
  if (array.items === undefined) {
    return refuse(`its ${path.join('.')} is no list`);
  }
  if (array.items.some(({value}) => isDeepStrictEqual(value, item))) {
    return {ok: true, text: given};
  }
  const meant = clone(start.root.value);
  (path.reduce<unknown>((above, name) => objectIn(above)[name], meant) as unknown[]).push(item);
  return checked(
    appended(start.text, array, indent => render(item, unitOf(start.text), indent)),
    meant,
  );
};

/** Takes the items of the array at `path` away that `isOurs` knows; the array with them where it would be empty. */
export const removeItems = (given: string, path: Path, isOurs: (item: unknown) => boolean): Edited => {
  const start = rootOf(given);
  if ('fault' in start) {
    return refuse(start.fault);
  }
  const items = along(start.root, path)[path.length]?.items ?? [];
  const at = items.findLastIndex(({value}) => isOurs(value));
  if (at < 0) {
    return {ok: true, text: given};
  }
  if (items.every(({value}) => isOurs(value))) {
    return removeMember(given, path);
  }
  const array = along(start.root, path)[path.length] ?? start.root;
  const meant = clone(start.root.value);
  (path.reduce<unknown>((above, name) => objectIn(above)[name], meant) as unknown[]).splice(at, 1);
  const edited = checked(without(start.text, array, items, at), meant);
  return edited.ok ? removeItems(edited.text, path, isOurs) : edited;
};
