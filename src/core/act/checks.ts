// Tells whether values read from a file have the shape that they were written in, field by field. Pure.

export type Check = (value: unknown) => boolean;

export const isText: Check = value => typeof value === 'string';
export const isWhole: Check = value => Number.isSafeInteger(value);
export const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value);
export const isFlag: Check = value => typeof value === 'boolean';
export const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value);
export const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
export const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    words.includes(value as string);

/** Every field of the record must be there and pass; further fields do no harm. */
export const record =
  <T>(fields: Readonly<Record<keyof T, Check>>): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Check>(fields).every(([name, check]) => Object.hasOwn(value, name) && check((value as Record<string, unknown>)[name]));

export const isRecord: Check = value => typeof value === 'object' && value !== null;
