// The JSON Schema of each document and of the configuration file, from the definitions that validate them. Pure.
import * as z from 'zod';
import {configSchema} from '../../config/config-schema.ts';
import {changeSchema} from './change-schema.ts';
import {fleetSchema} from './fleet-schema.ts';
import {journalSchema} from './journal-schema.ts';
import {outcomeSchema, planSchema} from './plan-schema.ts';
import type {SchemaName} from './schema-names.ts';
import {statusSchema} from './status-schema.ts';

const SCHEMAS: Readonly<Record<SchemaName, z.ZodType>> = {
  status: statusSchema,
  plan: planSchema,
  outcome: outcomeSchema,
  journal: journalSchema,
  config: configSchema,
  change: changeSchema,
  fleet: fleetSchema,
};

/** JSON Schema 2020-12. Documents may gain fields in any version, so their schemas leave objects open; a configuration has no unknown keys. */
export const publishSchema = (name: SchemaName) => ({
  ...z.toJSONSchema(SCHEMAS[name], {io: 'input'}),
  title: name === 'config' ? 'rigtop configuration file' : `rigtop ${name}`,
});
