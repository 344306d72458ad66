// Whether ps(1) `lstart` text, written in an unknown time zone, can be the start of a process. Pure.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LSTART = /^\w{3} +(\w{3}) +(\d{1,2}) +(\d{2}):(\d{2}):(\d{2}) +(\d{4})$/;

/** `lstart` has whole seconds, and the start time computed from boot time wanders by about one. */
const TOLERANCE_MS = 2500;
/** Every time zone in use is a multiple of a quarter hour away from UTC, at most 14 hours. */
const ZONE_STEP_MS = 15 * 60_000;
const ZONE_MOST_MS = 14 * 3_600_000;

/** Milliseconds since the epoch of `Wed Jan 21 13:37:31 2026` read as UTC; null when it is not in that form. */
export const parseLstart = (text: string): number | null => {
  const [, month = '', day, hour, minute, second, year] = LSTART.exec(text.trim()) ?? [];
  const index = MONTHS.indexOf(month);
  return index === -1 ? null : Date.UTC(Number(year), index, Number(day), Number(hour), Number(minute), Number(second));
};

/**
 * Whether the token can be this process. `lstart` depends on the writer's TZ (one pid, two strings), so any difference that is
 * a time zone's counts as equal; a token in another form never does.
 */
export const matchesStartToken = (token: string, startedAtMs: number): boolean => {
  const written = parseLstart(token);
  if (written === null) {
    return false;
  }
  const difference = Math.abs(written - startedAtMs);
  const fromStep = difference % ZONE_STEP_MS;
  return difference <= ZONE_MOST_MS + TOLERANCE_MS && Math.min(fromStep, ZONE_STEP_MS - fromStep) <= TOLERANCE_MS;
};
