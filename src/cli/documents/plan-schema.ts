// Definitions of `rigtop/plan@1` and of the outcome inside it. Pure; costs the load of zod.
import * as z from 'zod';

const when = z.iso.datetime();
const result = z.enum(['gone', 'survived', 'changed', 'refused', 'already-gone']);

const targetOutcome = z.object({
  ref: z.string(),
  pid: z.int().nullable().optional(),
  result,
  signal: z.enum(['SIGTERM', 'SIGKILL']).nullable(),
  because: z.string().nullable().optional(),
  tookMs: z.number(),
});

export const outcomeSchema = z.object({
  ok: z.boolean(),
  tookMs: z.number(),
  targets: z.array(targetOutcome),
  ports: z.array(z.object({port: z.int(), free: z.boolean().nullable()})),
  late: z.array(targetOutcome),
  escaped: z.array(targetOutcome),
  started: z
    .array(
      z.object({
        ref: z.string(),
        result: z.enum(['up', 'not-up', 'failed', 'skipped']),
        because: z.string().nullable(),
        output: z.array(z.string()),
        tookMs: z.number(),
      }),
    )
    .optional(),
  problems: z.array(z.string()).optional(),
  refused: z.object({rule: z.string(), because: z.string()}).nullable().optional(),
});

export const planSchema = z.object({
  schema: z.literal('rigtop/plan@1'),
  id: z.string(),
  action: z.enum(['kill', 'flush', 'restart', 'cleanup', 'clean-locks']),
  asked: z.array(z.string()).optional(),
  createdAt: when,
  expiresAt: when,
  applied: z.boolean(),
  targets: z.array(
    z.object({
      ref: z.string(),
      pid: z.int(),
      startTime: z.number(),
      pgid: z.int(),
      command: z.string(),
      because: z.string(),
      parent: z.int(),
      step: z.string(),
      holds: z.array(z.int()).optional(),
      stopped: z.boolean().optional(),
    }),
  ),
  sessions: z.array(z.object({ref: z.string(), id: z.string(), createdAt: when.nullable(), because: z.string().optional()})),
  panes: z.array(z.object({ref: z.string(), pid: z.int(), dead: z.boolean(), because: z.string()})).optional(),
  locks: z.array(z.object({ref: z.string(), path: z.string(), moveTo: z.string()})).optional(),
  starts: z.array(z.object({ref: z.string(), because: z.string()})).optional(),
  compose: z.array(z.string()).optional(),
  vacates: z.array(z.string()).optional(),
  frees: z.array(z.int()),
  leftOut: z.array(
    z.object({ref: z.string(), because: z.string(), rule: z.string().nullable().optional(), unlock: z.string().nullable().optional()}),
  ),
  warnings: z.array(z.string()).optional(),
  irreversible: z.array(z.string()),
  command: z.string(),
  force: z.boolean().optional(),
  graceMs: z.number().optional(),
  unlocks: z.array(z.string()).optional(),
  mine: z.object({caller: z.string(), conversation: z.string().nullable()}).optional(),
  outcome: outcomeSchema.optional(),
});

export type PlanDocument = z.infer<typeof planSchema>;
export type OutcomeDocument = z.infer<typeof outcomeSchema>;
