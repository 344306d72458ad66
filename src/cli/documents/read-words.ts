// What the schemas of a document from elsewhere are made of: words as they were sent, and facts that may be unknown. Pure.
import * as z from 'zod';

/** As that machine has it: names are compared with each other, and references must be the ones that it makes itself (visible.ts). */
export const words = z.string();

export const wordsOrNull = words.nullable();

/** A process, window or port number; -1 where there is none. */
export const whole = z.int();

export const wholeOrNull = whole.nullable();

/** Everything is judged against everything: no machine that people work on comes near this. */
const MOST_ENTRIES = 50_000;

export const list = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_ENTRIES);

/** A list that people write by hand. */
export const shortList = <T extends z.ZodType>(item: T) => z.array(item).max(1_000);

/** A port, as declared; 0 where a tool's own file says so. */
export const port = z.int().min(0).max(65_535);

export const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

export const known = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('known', [z.object({known: z.literal(true), value}), z.object({known: z.literal(false), because: words})]);
