// What changed between two documents, and a document brought up to date by it. Pure.

/**
 * `[value]` is another value. A record changes members by name, or places of a list of the same length; `null` in it is a member that
 * is gone. `[at, removed, items]` takes so many items out of a list there and puts others in.
 */
export type Patch = readonly [unknown] | readonly [number, number, readonly unknown[]] | {readonly [key: string]: Patch | null};

type Keyed = Readonly<Record<string, unknown>>;

const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null;

/** A member of its own, not one that every object inherits; JSON drops members without a value, so they are not there. */
const memberOf = (value: Keyed, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

const keysOf = (value: Keyed): readonly string[] => Object.keys(value).filter(key => value[key] !== undefined);

const diffMembers = (before: Keyed, after: Keyed): Patch | null => {
  const changes = new Map<string, Patch | null>();
  for (const key of keysOf(after)) {
    const old = memberOf(before, key);
    const change = old === undefined ? ([after[key]] as const) : diffDocuments(old, after[key]);
    if (change !== null) {
      changes.set(key, change);
    }
  }
  for (const key of keysOf(before)) {
    if (memberOf(after, key) === undefined) {
      changes.set(key, null);
    }
  }
  return changes.size === 0 ? null : Object.fromEntries(changes);
};

/** Lists are ordered: what came or went stands between two ends that are as they were. */
const spliceOf = (before: readonly unknown[], after: readonly unknown[]): Patch => {
  const shorter = Math.min(before.length, after.length);
  const isSame = (one: number, other: number): boolean => diffDocuments(before[one], after[other]) === null;
  let start = 0;
  while (start < shorter && isSame(start, start)) {
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && isSame(before.length - 1 - end, after.length - 1 - end)) {
    end += 1;
  }
  return [start, before.length - end - start, after.slice(start, after.length - end)];
};

/** Null where nothing changed. Two values that are the same object are not looked into. */
export const diffDocuments = (before: unknown, after: unknown): Patch | null => {
  if (Object.is(before, after)) {
    return null;
  }
  if (!isKeyed(before) || !isKeyed(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [after];
  }
  return Array.isArray(before) && Array.isArray(after) && before.length !== after.length
    ? spliceOf(before, after)
    : diffMembers(before, after);
};

const misfit = (): Error => new Error('a change does not fit what it changes');

const applySplice = (before: unknown, [at, removed, items]: readonly unknown[]): unknown => {
  if (!Array.isArray(before) || typeof at !== 'number' || typeof removed !== 'number' || !Array.isArray(items)) {
    throw misfit();
  }
  return before.slice(0, at).concat(items, before.slice(at + removed));
};

/** The document after the change. Throws where the patch does not fit: it was made from another document. Nothing given is altered. */
export const applyPatch = (before: unknown, patch: unknown): unknown => {
  if (Array.isArray(patch)) {
    return patch.length === 1 ? patch[0] : applySplice(before, patch);
  }
  if (!isKeyed(patch) || !isKeyed(before)) {
    throw misfit();
  }
  const members = new Map(Object.entries(before));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) {
      members.delete(key);
    } else {
      members.set(key, applyPatch(members.get(key), change));
    }
  }
  // Fewer or other places than before would be a list with holes.
  if (Array.isArray(before) && members.size !== before.length) {
    throw misfit();
  }
  return Array.isArray(before) ? before.map((_, at) => members.get(String(at))) : Object.fromEntries(members);
};
