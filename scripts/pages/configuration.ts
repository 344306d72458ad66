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
paths = ["~/code/keep"]

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

rigtop needs none. It reads \`$XDG_CONFIG_HOME/rigtop/config.toml\` (by default below \`~/.config\`); \`--config FILE\` reads that one
instead. Both are your own word. What is wrong in a file is reported with file, line and key, on at most twenty lines. A broken file
still shows the fleet, but nothing can be acted on, because what it meant to protect is not known. \`rigtop schema config\` prints the
JSON Schema, \`rigtop doctor\` what is in force.

## The file of a project

Every \`.rigtop.toml\` from the working directory upwards is read too. Anybody may have written it: it came with a clone, an archive, a
shared directory. So by itself it can only make rigtop do less:

| in it | counts |
|---|---|
| \`[protect]\`, \`read_only = true\`, \`[theme]\` | at once. Protection adds up; what you protect, and read-only, no project takes away |
| everything else | once you have approved that very file with \`rigtop trust DIR\`. A file that has changed waits again |
| a file of another user, or one that every user may write | never: it is ignored with a note, also where it says read-only |

What waits is said in one line by \`rigtop status\`, \`rigtop doctor\` and on the screen, and looking goes on without it. Approved, it
adds: its rigs, registers, runtimes, towns, repositories, kept references and keys come behind yours. A name that you have, or that is
built in, stays yours, and the other one is left out with a note; so are a rig for a directory that has one, and \`notify\` and
\`cleanup\` where you have your own. Single values (\`interval\`, \`[thresholds]\`, \`[theme]\`) are those of the nearest file. A file that is
named with \`--config\` is nearer than any project’s.

No file, yours included, can give the keys that answer a plan to something else: see [keys](keys.md).

## Limits

A file holds at most 256 kB, tables 16 deep, 256 rigs and repositories, 64 services in a rig and 10,000 in all slots of all rigs, 1024
globs in a list of \`[protect]\`; 24 days are the longest duration. Only regular files are opened; a link in a project may not lead out of
its directory.

## Form

Globs have \`*\` for any run of characters and \`?\` for one, and nothing else; case counts. In \`[protect]\` a \`*\` reaches over slashes; in
\`keep\` it stands for one part of a reference: \`agent:search/*\` is no \`agent:search/crew/max\`.

Durations are written \`500ms\`, \`2s\`, \`1m\`, \`1h\`, \`1d\`. Everything is optional unless it says so.

\`\`\`toml
${EXAMPLE}\`\`\`

${sectionsOf('', '', '', schema).map(sectionText).join('\n\n')}
`;
