// Names of the published schemas. Data, pure.

export const SCHEMA_NAMES = ['status', 'plan', 'outcome', 'journal', 'config', 'change', 'fleet'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
