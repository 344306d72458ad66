// Definition of a plan in a file, as `rigtop apply` reads it: a file is never trusted to be what was written. Pure; costs the load of zod.
import * as z from 'zod';
import type {Plan} from '../../core/domain/plan.ts';
import {whole, wholeOrNull, words, wordsOrNull} from './read-words.ts';

const unlock = z.enum(['crew', 'attached', 'shell', 'editor']);
const flag = z.boolean();

const target = z.object({
  /** 1 is the first process of the system, and what is below no process. */
  pid: whole.min(2),
  startTime: whole,
  ref: words,
  pgid: whole,
  command: words,
  because: words,
  parent: whole,
  step: z.enum(['tree', 'group', 'escaped']),
  depth: whole,
  stopped: flag,
  uid: whole,
  ageMs: z.number(),
  holds: z.array(whole),
  root: words,
});

const sessionId = z.object({
  // A path, perhaps behind its multiplexer's name, or that name alone (see isKnownByName).
  socket: words.refine(socket => /^(?:\/|\w[\w.-]*(?::\/|$))/.test(socket)),
  id: words,
  created: whole,
});

const session = sessionId.extend({
  ref: words,
  name: words,
  server: words,
  because: words,
  serverPid: wholeOrNull,
  panes: z.array(words),
  town: wordsOrNull,
  agent: wordsOrNull,
});

const pane = z.object({
  ref: words,
  session: sessionId,
  server: words,
  serverPid: wholeOrNull,
  paneId: words,
  pid: whole,
  dead: flag,
  because: words,
});

const byCommand = z.object({
  kind: z.literal('command'),
  file: words,
  args: z.array(words),
  cwd: words,
  without: z.array(words),
  timeoutMs: z.number(),
});

const inWindow = z.object({
  kind: z.literal('window'),
  socket: words,
  session: words,
  id: z.object({socket: words, id: words, created: whole}).nullable(),
  window: words,
  cwd: words,
  command: words,
  env: z.record(z.string(), words),
});

/** Never carried out as read: what is started comes from the plan that is made anew. */
const start = z.object({
  ref: words,
  because: words,
  claimOf: words.exactOptional(),
  way: z.discriminatedUnion('kind', [byCommand, inWindow]),
  proof: z.object({
    port: wholeOrNull,
    session: z.object({socket: words, name: words}).nullable(),
    runtime: flag,
    cwd: wordsOrNull,
    withinMs: z.number(),
  }),
});

/** A plan of own things is carried out for the same caller alone; which conversation asks is told by who asks, never by a file. */
const ownOnly = z.object({
  caller: z.object({
    name: words,
    process: z.object({pid: whole, startTime: whole}),
    proof: z.enum(['lineage', 'conversation']),
    conversation: wordsOrNull,
  }),
});

/** Held to the record by the type checker: a field of a plan that is missing here, or of another type, does not compile. */
const storedPlan: z.ZodType<Omit<Plan, 'lastSeen'>> = z.object({
  id: words,
  action: z.enum(['kill', 'flush', 'restart', 'cleanup', 'clean-locks']),
  asked: z.array(words),
  createdAt: z.number(),
  expiresAt: z.number(),
  bootId: wordsOrNull,
  roots: z.array(z.object({ref: words, title: words, because: words})),
  targets: z.array(target),
  sessions: z.array(session),
  panes: z.array(pane),
  locks: z.array(z.object({ref: words, path: words, digest: words, moveTo: words})),
  frees: z.array(whole),
  vacates: z.array(words),
  compose: z.array(words),
  starts: z.array(start),
  agents: z.array(z.object({ref: words, asks: flag})).exactOptional(),
  leftOut: z.array(z.object({ref: words, because: words, rule: wordsOrNull, unlock: unlock.nullable()})),
  warnings: z.array(words),
  irreversible: z.array(words),
  command: words,
  force: flag,
  graceMs: z.number(),
  unlocks: z.array(unlock),
  mine: ownOnly.exactOptional(),
  /** Where something is started again is never taken from a file. */
  lastSeen: z.undefined().optional(),
});

/** Null when it is no plan. */
export const readStoredPlan = (value: unknown): Plan | null => storedPlan.safeParse(value).data ?? null;
