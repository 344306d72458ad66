// Definition of `rigtop/change@1`, a line of `rigtop status --follow --json`. Pure; costs the load of zod.
import * as z from 'zod';
import {findingSchema, hintSchema} from './status-schema.ts';

const head = {schema: z.literal('rigtop/change@1'), at: z.iso.datetime(), host: z.string()};

export const changeSchema = z.discriminatedUnion('what', [
  z.object({
    ...head,
    what: z.literal('agent'),
    ref: z.string(),
    rig: z.string(),
    runtime: z.string().nullable(),
    /** The hint’s state where there is one, else the agent’s own. */
    state: z.string(),
    /** Null where it was not there before. */
    was: z.string().nullable(),
    because: z.string(),
    hint: hintSchema,
  }),
  z.object({...head, what: z.literal('gone'), ref: z.string(), rig: z.string(), was: z.string()}),
  z.object({...head, what: z.enum(['found', 'cleared']), finding: findingSchema}),
]);

export type ChangeDocument = z.infer<typeof changeSchema>;
