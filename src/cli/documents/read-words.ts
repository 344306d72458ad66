// What the schemas of a document from elsewhere are made of: text that no terminal obeys, and facts that may be unknown. Pure.
import * as z from 'zod';
import {oneLine} from '../../core/domain/command-line.ts';

const ACTED_ON = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Cleaned once, where it comes in: another machine's names must not move our cursor. */
export const words = z.string().transform(text => (ACTED_ON.test(text) ? oneLine(text) : text));

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
