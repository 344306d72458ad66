// Definition of one line of the journal, `rigtop/journal@1`. Pure; costs the load of zod.
import * as z from 'zod';
import {outcomeSchema} from './plan-schema.ts';

const line = {
  schema: z.literal('rigtop/journal@1'),
  run: z.string(),
  at: z.iso.datetime(),
};

const targets = z.array(z.object({ref: z.string(), pid: z.int().nullable(), startTime: z.number().nullable(), command: z.string()}));

const intent = z.object({
  ...line,
  type: z.literal('intent'),
  more: z.boolean(),
  plan: z.string(),
  action: z.enum(['kill', 'flush', 'restart', 'cleanup', 'clean-locks']),
  asked: z.array(z.string()),
  force: z.boolean(),
  host: z.string(),
  by: z.object({pid: z.int(), startTime: z.number(), bootId: z.string().nullable()}),
  targets,
  starts: z.array(z.string()).optional(),
});

const step = z.object({...line, type: z.literal('step'), step: z.enum(['term', 'kill', 'gone']), refs: z.array(z.string())});

const outcome = z.object({...line, type: z.literal('outcome'), outcome: outcomeSchema});

const note = z.object({...line, type: z.literal('note'), what: z.string(), ref: z.string().nullable(), text: z.string()});

const refusal = z.object({
  ...line,
  type: z.literal('refusal'),
  decision: z.enum(['deny', 'ask']),
  program: z.string().nullable(),
  cwd: z.string().nullable(),
  command: z.string(),
  targets,
  undecided: z.array(z.string()),
});

export const journalSchema = z.discriminatedUnion('type', [intent, step, outcome, note, refusal]);
