// Clocks: one for people that may jump, one for gaps that does not.

/** Milliseconds since some moment, by CLOCK_MONOTONIC. `performance.now()` would be the same, but takes 1 ms to load. */
export const monotonicNow = (): number => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
};

/** Milliseconds since the epoch. Moves when somebody sets the clock. */
export const epochNow = (): number => Date.now();

/**
 * Boot time from two clocks, kept as it was until they disagree by more than a second: reading two clocks one after the other
 * jitters, and a boot time that jitters would make every row that shows a start time look new.
 */
export const createBootClock = (): ((uptimeMs: number) => number) => {
  let booted: number | null = null;
  return uptimeMs => {
    const now = Math.round(epochNow() - uptimeMs);
    if (booted === null || Math.abs(now - booted) > 1000) {
      booted = now;
    }
    return booted;
  };
};
