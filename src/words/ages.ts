// How long something has lasted, exact enough for a report that is read once. Pure.

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** `12s`, `4m`, `3h05m`, `2d04h`: the largest unit, and the next one from hours on. */
export const formatAge = (ms: number): string => {
  const at = UNITS.findIndex(([size]) => ms >= size);
  const [size, unit] = UNITS[at] ?? [1_000, 's'];
  const next = at >= 0 && at < 2 ? UNITS[at + 1] : undefined;
  const rest = next === undefined ? '' : `${String(Math.floor((ms % size) / next[0])).padStart(2, '0')}${next[1]}`;
  return `${Math.floor(Math.max(0, ms) / size)}${unit}${rest}`;
};
