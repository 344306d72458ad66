// Work that pauses on the way, done in one go. Pure.

/** What work answers that nobody interrupts. */
export const finish = <T>(work: Generator<void, T>): T => {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
};
