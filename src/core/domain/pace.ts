// How often a program that stays open looks. Pure.

/** Looks without news before the interval grows. */
const CALM_LOOKS = 10;
/** How much longer the interval may become. */
const MOST_CALM = 3;

/** Milliseconds until the next look, after so many looks in a row that told nothing new. */
export const intervalAfter = (calm: number, intervalMs: number): number =>
  intervalMs * Math.min(MOST_CALM, 1 + Math.floor(calm / CALM_LOOKS));
