// What the readers of stores share: records, paths into them, moments in any of the forms in use. Pure.
import {ownValue} from '../../core/domain/own-value.ts';

export type Row = Readonly<Record<string, unknown>>;

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at `a.b.c`; undefined where a step is missing. An empty path is the value itself. */
export const valueAt = (value: unknown, path: string): unknown =>
  path === '' ? value : path.split('.').reduce<unknown>((at, step) => (isRow(at) ? ownValue(at, step) : undefined), value);

/** Text or a number as text; null for anything else, and for nothing. */
export const textOf = (value: unknown): string | null => {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : null;
};

/** Before 2001-09-09 in milliseconds: a smaller number counts seconds. */
const LEAST_MS = 1e12;
const LEAST_SECONDS = 1e9;

/** Milliseconds since the epoch of an ISO text, seconds or milliseconds; null for anything else. */
export const momentOf = (value: unknown): number | null => {
  if (typeof value === 'number') {
    if (value >= LEAST_MS) {
      return value;
    }
    return value >= LEAST_SECONDS ? value * 1000 : null;
  }
  const parsed = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
};
