// The largest and smallest of any number of numbers: `Math.max(...values)` overflows the stack at some tens of thousands. Pure.

/** -Infinity of none. */
export const largest = (values: Iterable<number>): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    most = Math.max(most, value);
  }
  return most;
};

/** Infinity of none. */
export const smallest = (values: Iterable<number>): number => {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
  }
  return least;
};
