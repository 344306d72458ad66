// Long work in slices short enough for a key press to slip between.

import {setImmediate} from 'node:timers/promises';
import {monotonicNow} from './clock.ts';

const SLICE_MS = 4;

/** Lets others run. */
export const breathe = async (): Promise<void> => {
  await setImmediate();
};

/** Does work to its end, and lets others run when a slice is over. `onPause` is called after each such pause; what it throws ends the work. */
export const inSlices = async <T>(work: Generator<void, T>, onPause?: () => void): Promise<T> => {
  try {
    let sliceEnd = monotonicNow() + SLICE_MS;
    for (;;) {
      const step = work.next();
      const isOver = monotonicNow() >= sliceEnd;
      // Whoever waits for the answer begins with a slice of his own.
      if (isOver || (step.done && monotonicNow() >= sliceEnd - SLICE_MS / 2)) {
        await setImmediate();
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
