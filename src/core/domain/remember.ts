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
