// Work that pauses on the way, and the same done in one go. Pure.

/** What work answers that nobody interrupts. */
export const finish = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
};

/** One thing made of each, with a pause after it. */
export const mapping = function* <T, U>(things: readonly T[], make: (thing: T) => U): Generator<void, readonly U[]> {
  const made: U[] = [];
  for (const thing of things) {
    made.push(make(thing));
    yield;
  }
  return made;
};
