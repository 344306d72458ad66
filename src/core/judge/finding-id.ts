// Short ids of findings: a hash of the thing's identity, so that they stay the same while the thing does. Pure.

const FNV_PRIME = 0x01000193;

/** FNV-1a, 32 bits, over UTF-16 code units. */
const fnv1a = (text: string, basis: number): number => {
  let hash = basis;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME) >>> 0;
  }
  return hash;
};

const BASES = [0x811c9dc5, 0x1b873593, 0xcc9e2d51, 0x85ebca6b] as const;
const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** Ids by key: `f-` and 8 hex digits, 8 more for the later of two keys that would share one. */
export const findingIds = (keys: readonly string[]): ReadonlyMap<string, string> => {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const key of keys.toSorted()) {
    if (ids.has(key)) {
      continue;
    }
    let id = 'f-';
    for (const basis of BASES) {
      id += hex(fnv1a(key, basis));
      if (!taken.has(id)) {
        break;
      }
    }
    ids.set(key, id);
    taken.add(id);
  }
  return ids;
};
