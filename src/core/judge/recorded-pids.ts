// Pids in records of any shape, remembered by the record: unchanged records are the same objects from look to look. Pure.

const NAMES: ReadonlySet<string> = new Set(['pid', 'worker']);
const NONE: readonly number[] = [];
const remembered = new WeakMap<object, readonly number[]>();

const collect = (value: object): readonly number[] => {
  const found: number[] = [];
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'number' && NAMES.has(name)) {
      found.push(each);
    } else if (typeof each === 'object' && each !== null) {
      found.push(...pids(each));
    }
  }
  return found.length === 0 ? NONE : found;
};

/** Every number under a name that stands for a process, however deep. */
export const pids = (value: object): readonly number[] => {
  const known = remembered.get(value);
  if (known !== undefined) {
    return known;
  }
  const found = collect(value);
  remembered.set(value, found);
  return found;
};
