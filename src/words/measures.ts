// Processor time and memory as people read them, held still while they jitter. Pure.

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
