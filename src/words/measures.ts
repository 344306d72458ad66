// Numbers as people read them, coarse on purpose: a cell that changes at every look makes an idle fleet noisy. Pure.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The steps an age climbs, largest first: about one change per fifth of the age. */
const STEPS: readonly (readonly [number, string])[] = [
  [45 * MINUTE, '45m'],
  [30 * MINUTE, '30m'],
  [20 * MINUTE, '20m'],
  [15 * MINUTE, '15m'],
  [10 * MINUTE, '10m'],
  [5 * MINUTE, '5m'],
];

/** `<5m`, `20m`, `3h`, `3d02h`, `12d`: how long something has lasted. */
export const coarseAge = (ms: number): string => {
  if (ms >= 10 * DAY) {
    return `${Math.floor(ms / DAY)}d`;
  }
  if (ms >= DAY) {
    return `${Math.floor(ms / DAY)}d${String(Math.floor((ms % DAY) / HOUR)).padStart(2, '0')}h`;
  }
  if (ms >= HOUR) {
    return `${Math.floor(ms / HOUR)}h`;
  }
  return STEPS.find(([least]) => ms >= least)?.[1] ?? '<5m';
};

/** `310M`, `2.4G`: resident memory. */
export const shortBytes = (bytes: number): string => {
  const mebi = bytes / 1024 ** 2;
  if (mebi < 1) {
    return '<1M';
  }
  if (mebi < 1000) {
    return `${Math.round(mebi)}M`;
  }
  const gibi = mebi / 1024;
  return gibi < 10 ? `${gibi.toFixed(1)}G` : `${Math.round(gibi)}G`;
};

export const percent = (value: number): string => `${Math.round(value)}%`;

/** The old number while the new one is within its jitter: 2 points of processor time, 6 % of memory. */
export const steadyCpu = (previous: number | null, next: number | null): number | null =>
  previous !== null && next !== null && Math.abs(next - previous) < 2 ? previous : next;

export const steadyBytes = (previous: number | null, next: number | null): number | null =>
  previous !== null && next !== null && Math.abs(next - previous) < previous * 0.06 ? previous : next;

/** A count in words that holds still while unrelated processes come and go. */
export const steadyCount = (previous: number | null, next: number): number =>
  previous !== null && Math.abs(next - previous) <= Math.max(3, previous * 0.1) ? previous : next;

const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}${noun.endsWith('s') ? 'es' : 's'}`);

/** `1 server`, `3 servers`, `2 processes`, `4 directories`. */
export const countOf = (count: number, noun: string): string => `${count} ${count === 1 ? noun : plural(noun)}`;

/** `11:02:40` today, `Tue 11:02` within a week, `14 Nov 11:02` before: local time of a moment, for Explain and Journal. */
export const clockTime = (at: number, now: number): string => {
  const date = new Date(at);
  const time = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  if (new Date(now).toDateString() === date.toDateString()) {
    return `${time}:${String(date.getSeconds()).padStart(2, '0')}`;
  }
  const day =
    now - at < 6 * DAY && at <= now
      ? date.toLocaleDateString('en-GB', {weekday: 'short'})
      : date.toLocaleDateString('en-GB', {day: 'numeric', month: 'short'});
  return `${day} ${time}`;
};
