// docs/configuration.md from the schema that validates the file. Pure.

/** What is read of a JSON Schema (draft 2020-12). */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
}

export const EXAMPLE = `interval = "2s"

[thresholds]
orphan_min_age = "2m"

[protect]
sessions = ["scratch-*"]
commands = ["*postgres*"]
paths = ["~/work/keep"]

[[rigs]]
name = "search"
path = "~/w/search"
session = "search-{slot}"
slots = 4
slot_stride = 10

  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "pnpm dev --port {port}"

[runtimes.mybot]
process_names = ["mybot"]
args = ["--autonomous"]

[supervise]
keep = ["agent:search/*", "slot:search/*/web"]

[keys]
stop = ["x", "F9"]

[theme]
name = "light"
`;

const isDuration = (schema: Schema): boolean => schema.pattern?.includes('(ms|s|m|h|d)') ?? false;

const typeName = (schema: Schema): string => {
  if (schema.enum !== undefined) {
    return schema.enum.map(value => `"${value}"`).join(', ');
  }
  if (schema.type === 'array') {
    return `list of ${schema.items === undefined ? 'values' : typeName(schema.items)}`;
  }
  if (schema.type === 'integer') {
    return 'whole number';
  }
  return isDuration(schema) ? 'duration' : (schema.type ?? 'value');
};

interface Section {
  readonly heading: string;
  readonly description: string;
  readonly rows: readonly (readonly [key: string, type: string, description: string])[];
}

const isTable = (schema: Schema): boolean => schema.properties !== undefined || typeof schema.additionalProperties === 'object';

/** A table, a list of tables, or a table of tables: heading and what is in one of them. */
const inner = (path: string, schema: Schema): {readonly heading: string; readonly table: Schema} | null => {
  if (schema.items !== undefined && isTable(schema.items)) {
    return {heading: `[[${path}]]`, table: schema.items};
  }
  if (schema.properties !== undefined) {
    return {heading: `[${path}]`, table: schema};
  }
  if (typeof schema.additionalProperties === 'object') {
    const of = schema.additionalProperties;
    return of.properties === undefined
      ? {heading: `[${path}]`, table: {properties: {'*any*': of}}}
      : {heading: `[${path}.NAME]`, table: of};
  }
  return null;
};

const sectionsOf = (path: string, heading: string, description: string, table: Schema): readonly Section[] => {
  const entries = Object.entries(table.properties ?? {}).map(([key, schema]) => {
    const below = path === '' ? key : `${path}.${key}`;
    return {key, schema, below, nested: inner(below, schema)};
  });
  const rows = entries
    .filter(({nested}) => nested === null)
    .map(({key, schema}) => {
      const needed = table.required?.includes(key) ? ' Needed.' : '';
      return [key, typeName(schema), `${schema.description ?? ''}.${needed}`] as const;
    });
  return [
    {heading, description, rows},
    ...entries.flatMap(({below, nested, schema}) =>
      nested === null ? [] : sectionsOf(below, nested.heading, schema.description ?? '', nested.table),
    ),
  ];
};

const escaped = (text: string): string => text.replaceAll('|', '\\|');

const sectionText = ({heading, description, rows}: Section): string =>
  [
    `## ${heading === '' ? 'Top level' : `\`${heading}\``}`,
    ...(description === '' ? [] : ['', `${description}.`]),
    ...(rows.length === 0 ? [] : ['', '| key | type | meaning |', '|---|---|---|']),
    ...rows.map(([key, type, meaning]) => `| ${key.startsWith('*') ? key : `\`${key}\``} | ${escaped(type)} | ${escaped(meaning)} |`),
  ].join('\n');

export const configurationPage = (schema: Schema): string => `# Configuration

rigtop needs none. It reads \`$XDG_CONFIG_HOME/rigtop/config.toml\` (by default below \`~/.config\`), then every \`.rigtop.toml\` from
the working directory upwards; the nearer file wins, key by key. \`--config FILE\` reads that one instead. What is wrong in a
file is reported with file, line and key. A broken file still shows the fleet, but nothing can be acted on, because what it
meant to protect is not known. \`rigtop schema config\` prints the JSON Schema, \`rigtop doctor\` what is in force.

Durations are written \`500ms\`, \`2s\`, \`1m\`, \`1h\`, \`1d\`. Everything is optional unless it says so.

\`\`\`toml
${EXAMPLE}\`\`\`

${sectionsOf('', '', '', schema).map(sectionText).join('\n\n')}
`;
