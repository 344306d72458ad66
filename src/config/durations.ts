// Durations as people write them (`500ms`, `2s`, `1m`, `36h`) to milliseconds. Pure.

/** Also the `pattern` of the published JSON Schema. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const UNIT_MS: ReadonlyMap<string, number> = new Map(Object.entries({ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000}));

/** Milliseconds, rounded; null for anything that is not a duration. */
export const parseDuration = (text: string): number | null => {
  const [, amount, unit] = DURATION.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : UNIT_MS.get(unit);
  return amount === undefined || factor === undefined ? null : Math.round(Number(amount) * factor);
};
