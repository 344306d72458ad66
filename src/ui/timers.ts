// Calls of the screen that come later, unless it has ended by then.

export interface Timers {
  /** After the end nothing is begun any more: an answer that was waited for may still ask for the next turn. */
  later(ms: number, call: () => void): void;
  dispose(): void;
}

export const createTimers = (): Timers => {
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;
  return {
    later: (ms, call) => {
      if (ended) {
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        call();
      }, ms);
      timers.add(timer);
    },
    dispose: () => {
      ended = true;
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
};
