// How long something has lasted or took, and when it was. Pure.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: readonly (readonly [number, string])[] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
];

/** `12s`, `4m`, `3h05m`, `2d04h`: the largest unit, and the next one from hours on. For what is read once. */
export const exactAge = (ms: number): string => {
  const at = UNITS.findIndex(([size]) => ms >= size);
  const [size, unit] = UNITS[at] ?? [SECOND, 's'];
  const next = at >= 0 && at < 2 ? UNITS[at + 1] : undefined;
  const rest = next === undefined ? '' : `${String(Math.floor((ms % size) / next[0])).padStart(2, '0')}${next[1]}`;
  return `${Math.floor(Math.max(0, ms) / size)}${unit}${rest}`;
};

/** The steps that the first hour climbs, the largest first: about one change per fifth of the age. */
const STEPS = [45, 30, 20, 15, 10, 5];

/** `<5m`, `20m`, `3h`, `3d02h`, `12d`: changes seldom, because what changes at every look makes an idle fleet noisy. */
export const coarseAge = (ms: number): string => {
  if (ms >= 10 * DAY) {
    return `${Math.floor(ms / DAY)}d`;
  }
  if (ms >= DAY) {
    return exactAge(ms);
  }
  if (ms >= HOUR) {
    return `${Math.floor(ms / HOUR)}h`;
  }
  const step = STEPS.find(minutes => ms >= minutes * MINUTE);
  return step === undefined ? '<5m' : `${step}m`;
};

/**
 * `<1m`, `12m`, then as coarse as other ages: how long something has lasted, by the minutes of a clock, so that a whole list changes in
 * one look a minute and not each row in its own.
 */
export const minuteAge = (since: number, now: number): string => {
  const ms = Math.max(0, now - since);
  if (ms < MINUTE) {
    return '<1m';
  }
  const minutes = Math.floor(now / MINUTE) - Math.floor(since / MINUTE);
  return minutes < HOUR / MINUTE ? `${minutes}m` : coarseAge(Math.max(ms, HOUR));
};

/** `12 ms`, `0.3 s`, `5 s`: how long something took, or may take. */
export const duration = (ms: number): string => (ms < 100 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`);

/** Node's own names of days and months bring 8 MiB of tables into memory. */
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** `11:02:40` today, `Tue 11:02` within a week, `14 Nov 11:02` before: local time of a moment. */
export const clockTime = (at: number, now: number): string => {
  const date = new Date(at);
  const time = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  if (new Date(now).toDateString() === date.toDateString()) {
    return `${time}:${String(date.getSeconds()).padStart(2, '0')}`;
  }
  const day = now - at < 6 * DAY && at <= now ? WEEKDAYS[date.getDay()] : `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return `${day} ${time}`;
};
