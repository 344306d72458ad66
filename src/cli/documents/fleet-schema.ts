// Definition of `rigtop/fleet@1`: several machines in one document. Pure; costs the load of zod.
import * as z from 'zod';
import {statusSchema} from './status-schema.ts';

const machine = z.object({
  name: z.string().describe('As its owner calls it; the host’s name for the machine that looked'),
  here: z.boolean().describe('The machine that looked'),
  state: z.enum(['ok', 'unknown']),
  because: z.string().nullable().describe('Why it is unknown'),
  hint: z.string().nullable().describe('What would help'),
  ageMs: z.number().nullable().describe('Age of its look when the document was made'),
  rigtop: z.string().nullable().describe('Version of rigtop there'),
  status: statusSchema.nullable().describe('Null where nothing was seen; of an unknown machine, as it was before that'),
});

export const fleetSchema = z.object({
  schema: z.literal('rigtop/fleet@1'),
  host: z.string(),
  takenAt: z.iso.datetime(),
  counts: z
    .object({
      machines: z.int(),
      unknown: z.int().describe('Machines of which it is unknown how they stand now'),
      agents: z.int(),
      findings: z.int(),
      needYou: z.int(),
      asks: z.int(),
      done: z.int(),
      busy: z.int(),
      stuck: z.int(),
      idle: z.int(),
    })
    .describe('Over all machines of which something was seen'),
  troubles: z.array(z.string()).describe('Lists of machines that could not be had'),
  machines: z.array(machine),
});

export type FleetDocument = z.infer<typeof fleetSchema>;
