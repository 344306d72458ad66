// Which room may see which: the one matrix behind Biome's overrides and the table in ARCHITECTURE.md. Pure data.

export interface Room {
  readonly name: string;
  /** Files, as Biome globs. No file may be in two rooms: of two overrides the later one replaces the earlier one's rule. */
  readonly files: readonly string[];
  /** What an import of it looks like, where the name of its folder does not say it. */
  readonly specifier?: readonly string[];
  /** Rooms it may import. Itself always. */
  readonly may: readonly string[];
  /** Rooms of which it may import only these names: the façade's type, never its maker. */
  readonly onlyNames?: Readonly<Record<string, readonly string[]>>;
  /** Rooms of which it may import only these files. */
  readonly onlyFiles?: Readonly<Record<string, readonly string[]>>;
  /** Packages and built-in modules. */
  readonly modules: readonly string[];
  /** No I/O, no clock, no dice. */
  readonly pure?: true;
  /** Rooms it may load only by `import()`. */
  readonly lazily?: readonly string[];
  /** May send signals by the system call. */
  readonly hands?: true;
  readonly because: string;
}

const PURE_MODULES = ['node:path', 'node:crypto'];
const MACHINE = [
  'node:child_process',
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:os',
  'node:process',
  'node:worker_threads',
  'execa',
];
const PURE_CORE = ['domain', 'index', 'judge', 'plan'];

export const ROOMS: readonly Room[] = [
  {
    name: 'domain',
    files: ['src/core/domain/**'],
    may: [],
    modules: PURE_MODULES,
    pure: true,
    because: 'records that every room shares',
  },
  {
    name: 'words',
    files: ['src/words/**'],
    may: ['domain', 'index'],
    modules: PURE_MODULES,
    pure: true,
    because: 'what is said of things, once: whoever speaks to people takes its words from here',
  },
  {
    name: 'os',
    files: ['src/core/os/**'],
    may: ['domain', 'words'],
    modules: [
      ...PURE_MODULES,
      ...MACHINE,
      'node:diagnostics_channel',
      'node:perf_hooks',
      'node:timers/promises',
      'node:url',
      'node:util',
      'node:v8',
      'node:vm',
      'ps-list',
      'pidtree',
      'signal-exit',
    ],
    hands: true,
    because: 'the only room that touches the machine',
  },
  {
    name: 'index',
    files: ['src/core/look/index/**'],
    may: ['domain'],
    modules: PURE_MODULES,
    pure: true,
    because: 'what stands where in one look',
  },
  {
    name: 'look',
    specifier: ['**/look/**', '!**/index/**'],
    files: ['src/core/look/**', '!src/core/look/index/**'],
    may: ['domain', 'words', 'os', 'index'],
    modules: [...PURE_MODULES, 'smol-toml'],
    because: 'machine to snapshot, read-only: it has no way to signal or write',
  },
  {
    name: 'source',
    files: ['src/sources/*/**', '!src/sources/*/index.ts', '!src/sources/*/read/**', '!src/sources/**/*.act.ts'],
    specifier: ['**/sources/**', '!**/sources/sources.ts', '!**/read/**', '!**/*.act.ts'],
    may: ['domain', 'words', 'index', 'judge', 'plan'],
    onlyNames: {os: ['CommandResult']},
    modules: [...PURE_MODULES, 'smol-toml'],
    pure: true,
    because: 'what is known of one outside program; only its readers read and only its hands act',
  },
  {
    name: 'entry',
    files: ['src/sources/sources.ts', 'src/sources/*/index.ts'],
    specifier: ['**/sources/sources.ts'],
    may: ['domain', 'words', 'look', 'index', 'judge', 'plan', 'source', 'read'],
    onlyNames: {engine: ['Source']},
    modules: PURE_MODULES,
    because: 'what each outside program contributes, and the list of them',
  },
  {
    name: 'read',
    files: ['src/sources/*/read/**'],
    may: ['domain', 'words', 'os', 'look', 'index', 'source'],
    modules: PURE_MODULES,
    because: 'reads what one outside program keeps: it has no way to signal or write',
  },
  {
    name: 'hands',
    files: ['src/sources/*.act.ts', 'src/sources/**/*.act.ts'],
    specifier: ['**/*.act.ts'],
    may: ['domain', 'words', 'os', 'look', 'index', 'judge', 'plan', 'source', 'read', 'act'],
    modules: PURE_MODULES,
    because: 'what is done to one outside program, for act alone',
  },
  {
    name: 'judge',
    files: ['src/core/judge/**'],
    may: ['domain', 'words', 'index'],
    modules: PURE_MODULES,
    pure: true,
    because: 'who owns what, and every verdict',
  },
  {
    name: 'plan',
    files: ['src/core/plan/**'],
    may: ['domain', 'words', 'index', 'judge'],
    modules: PURE_MODULES,
    pure: true,
    because: 'findings to exact targets',
  },
  {
    name: 'act',
    files: ['src/core/act/**'],
    may: ['domain', 'words', 'os', 'look', 'index', 'judge', 'plan'],
    modules: PURE_MODULES,
    because: 'the only room that ends things; it repeats the checks of the pure rooms on what is there now',
  },
  {
    name: 'guard',
    files: ['src/guard/**'],
    may: ['domain', 'words', 'index', 'judge'],
    modules: [...PURE_MODULES, 'unbash'],
    pure: true,
    because: 'what a command would end: it is read, never run',
  },
  {
    name: 'engine',
    files: ['src/core/*.ts'],
    specifier: ['**/engine.ts', '**/core/source.ts'],
    may: ['domain', 'os', 'look', 'index', 'judge', 'plan'],
    modules: PURE_MODULES,
    because: 'the façade; acting is handed in, so that read-only is built without it',
  },
  {
    name: 'config',
    files: ['src/config/**'],
    may: ['domain', 'words'],
    modules: [...PURE_MODULES, 'node:fs', 'node:fs/promises', 'node:os', 'node:util', 'zod', 'smol-toml'],
    because: 'reads its own files before there is a host',
  },
  {
    name: 'store',
    files: ['src/store/**'],
    may: ['domain', 'words'],
    onlyNames: {engine: ['Engine'], os: ['inSlices']},
    modules: [...PURE_MODULES, 'zustand', 'zustand/vanilla'],
    because: 'what the screen shows; knows the façade by its type only',
  },
  {
    name: 'ui',
    files: ['src/ui/**'],
    may: ['domain', 'words', 'store'],
    onlyNames: {engine: ['Engine']},
    modules: [...PURE_MODULES, 'react', 'react/jsx-runtime', 'ink', 'ink-table', 'zustand', 'zustand/vanilla', 'string-width'],
    because: 'the only room with React',
  },
  {
    name: 'supervise',
    files: ['src/supervise/**'],
    may: ['engine', 'os', 'act', 'config', 'words', ...PURE_CORE],
    modules: PURE_MODULES,
    because: 'the same core, unattended',
  },
  {
    name: 'demo',
    files: ['src/demo/**'],
    may: ['domain', 'os', 'config'],
    modules: [...PURE_MODULES, ...MACHINE, 'node:timers/promises', 'node:url', 'node:util'],
    hands: true,
    because: 'builds a throw-away fleet and plays the programs in it; it observes nothing',
  },
  {
    name: 'documents',
    files: ['src/cli/documents/**'],
    may: ['config', 'words', ...PURE_CORE],
    modules: [...PURE_MODULES, 'node:zlib', 'zod'],
    because: 'the JSON documents and their schemas',
  },
  {
    name: 'nats',
    files: ['src/cli/nats/**'],
    may: ['cli', 'documents', 'os', 'words', 'domain'],
    modules: [...PURE_MODULES, 'node:zlib', '@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/kv'],
    because: 'the only room with the client of NATS, for the commands that were given such a server',
  },
  {
    name: 'screen',
    files: ['src/cli/screen/**'],
    may: ['cli', 'config', 'supervise', 'store', 'ui', 'os', 'look', 'entry', 'act', 'domain'],
    lazily: ['ui'],
    modules: PURE_MODULES,
    because: 'puts the screen together, for the commands that open it',
  },
  {
    name: 'cli',
    files: ['src/cli/**', '!src/cli/documents/**', '!src/cli/screen/**', '!src/cli/nats/**'],
    may: [
      'documents',
      'config',
      'engine',
      'supervise',
      'demo',
      'screen',
      'nats',
      'os',
      'look',
      'entry',
      'source',
      'read',
      'act',
      'hands',
      'guard',
      'words',
      ...PURE_CORE,
    ],
    lazily: ['screen', 'demo', 'nats'],
    modules: [...PURE_MODULES, 'node:os', 'node:util', 'node:url', 'node:module', 'node:stream', 'node:readline/promises', 'string-width'],
    because: 'puts the parts together; a command without a screen never loads React',
  },
];

/** What an import of a room looks like, whatever the depth it is written at. */
export const specifierOf = (room: Room): readonly string[] => room.specifier ?? [`**/${room.name}/**`];
