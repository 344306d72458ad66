// Fields out of JSON that anybody may have written: every access says what it expects. Pure.
import {ownValue} from './own-value.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object in a text, or null where it holds anything else. */
export const parseRecord = (text: string): JsonRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
};

export const textField = (record: JsonRecord, name: string): string | null => {
  const value = ownValue(record, name);
  return typeof value === 'string' && value !== '' ? value : null;
};

export const numberField = (record: JsonRecord, name: string): number | null => {
  const value = ownValue(record, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export const recordField = (record: JsonRecord, name: string): JsonRecord | null => {
  const value = ownValue(record, name);
  return isRecord(value) ? value : null;
};

/** RFC 3339 text as milliseconds since the epoch. Go writes a missing time as year 1: that is none. */
export const timeField = (record: JsonRecord, name: string): number | null => {
  const text = textField(record, name);
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) || ms <= 0 ? null : ms;
};

/** A process id: a whole number above 0 that a kernel can give (pid_max is at most 2^22). */
export const isPid = (value: number | null): value is number =>
  value !== null && Number.isInteger(value) && value > 0 && value <= 4_194_304;
