// Long work in slices short enough for a key press to slip between.

import {monotonicNow} from './clock.ts';

const SLICE_MS = 4;

/** Who goes on, one in each turn of the event loop: in one turn the slices of several works would be a long one together. */
const waiting: (() => void)[] = [];

const goOn = (): void => {
  const first = waiting.shift();
  if (waiting.length > 0) {
    setImmediate(goOn);
  }
  first?.();
};

/** Lets others run. What follows has a turn by itself, as far as this program’s own long work goes. */
export const breathe = (): Promise<void> =>
  new Promise(resolve => {
    waiting.push(resolve);
    if (waiting.length === 1) {
      setImmediate(goOn);
    }
  });

/** Does work to its end, and lets others run when a slice is over. `onPause` is called after each such pause; what it throws ends the work. */
export const inSlices = async <T>(work: Generator<void, T>, onPause?: () => void): Promise<T> => {
  try {
    let sliceEnd = monotonicNow() + SLICE_MS;
    for (;;) {
      const step = work.next();
      const isOver = monotonicNow() >= sliceEnd;
      // Whoever waits for the answer begins with a slice of his own.
      if (isOver || (step.done && monotonicNow() >= sliceEnd - SLICE_MS / 2)) {
        await breathe();
        sliceEnd = monotonicNow() + SLICE_MS;
      }
      if (step.done) {
        return step.value;
      }
      if (isOver) {
        onPause?.();
      }
    }
  } finally {
    // Lets go of what unfinished work has open.
    work.return(undefined as never);
  }
};
