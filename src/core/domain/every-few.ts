// A list made of a list, with pauses. Pure.

/** What `flatMap` makes of these things, with a pause after each `few` of them. */
export const everyFew = function* <T, V>(
  few: number,
  things: Iterable<T>,
  make: (thing: T) => readonly V[],
): Generator<void, readonly V[]> {
  const made: V[] = [];
  let count = 0;
  for (const thing of things) {
    made.push(...make(thing));
    count += 1;
    if (count % few === 0) {
      yield;
    }
  }
  return made;
};
