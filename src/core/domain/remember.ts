// Remembers what a pure function said about an object for as long as the object lives: records that do not change stay the same object
// from look to look, so most of a look is answered from the look before. Pure for callers.

/** `derive` must depend on nothing but its argument. */
export const remembered = <K extends object, V>(derive: (key: K) => V): ((key: K) => V) => {
  const known = new WeakMap<K, {readonly value: V}>();
  return key => {
    const before = known.get(key);
    if (before !== undefined) {
      return before.value;
    }
    const value = derive(key);
    known.set(key, {value});
    return value;
  };
};

/** The same of several objects: what was said of the first one, for as long as the others are the same too. */
export const rememberedTogether = <K extends object, R extends readonly object[], V>(
  derive: (key: K, ...rest: R) => V,
): ((key: K, ...rest: R) => V) => {
  const known = new WeakMap<K, {readonly rest: R; readonly value: V}>();
  return (key, ...rest) => {
    const before = known.get(key);
    if (before?.rest.every((each, index) => each === rest[index])) {
      return before.value;
    }
    const value = derive(key, ...rest);
    known.set(key, {rest, value});
    return value;
  };
};
