// Which room may see which: the one matrix behind Biome's overrides and the table in ARCHITECTURE.md. Pure data.

export interface Room {
  readonly name: string;
  /** Files, as Biome globs. No file may be in two rooms: of two overrides the later one replaces the earlier one's rule. */
  readonly files: readonly string[];
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
const PURE_CORE = ['domain', 'identify', 'classify', 'plan'];

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
    may: ['domain'],
    modules: PURE_MODULES,
    pure: true,
    because: 'what is said of things, once: whoever speaks to people takes its words from here',
  },
  {
    name: 'os',
    files: ['src/core/os/**'],
    may: ['domain'],
    modules: [
      ...PURE_MODULES,
      ...MACHINE,
      'node:perf_hooks',
      'node:timers/promises',
      'node:url',
      'node:util',
      'ps-list',
      'pidtree',
      'signal-exit',
    ],
    hands: true,
    because: 'the only room that touches the machine',
  },
  {
    name: 'collect',
    files: ['src/core/collect/**'],
    may: ['domain', 'os'],
    modules: [...PURE_MODULES, 'smol-toml'],
    because: 'machine to snapshot, read-only: it has no way to signal or write',
  },
  {name: 'identify', files: ['src/core/identify/**'], may: ['domain'], modules: PURE_MODULES, pure: true, because: 'who owns what'},
  {
    name: 'classify',
    files: ['src/core/classify/**'],
    may: ['domain', 'identify'],
    modules: PURE_MODULES,
    pure: true,
    because: 'snapshot to findings',
  },
  {
    name: 'plan',
    files: ['src/core/plan/**'],
    may: ['domain', 'identify', 'classify'],
    modules: PURE_MODULES,
    pure: true,
    because: 'findings to exact targets',
  },
  {
    name: 'act',
    files: ['src/core/act/**'],
    may: ['domain', 'os', 'collect', 'identify', 'classify', 'plan'],
    modules: PURE_MODULES,
    because: 'the only room that ends things; it repeats the checks of the pure rooms on what is there now',
  },
  {
    name: 'supervisor',
    files: ['src/core/*.ts'],
    may: ['domain', 'os', 'collect', 'identify', 'classify', 'plan'],
    modules: PURE_MODULES,
    because: 'the façade; acting is handed in, so that read-only is built without it',
  },
  {
    name: 'config',
    files: ['src/config/**'],
    may: ['domain'],
    modules: [...PURE_MODULES, 'node:fs', 'node:fs/promises', 'node:os', 'zod', 'smol-toml'],
    because: 'reads its own files before there is a host',
  },
  {
    name: 'store',
    files: ['src/store/**'],
    may: ['domain', 'words'],
    onlyNames: {supervisor: ['Supervisor']},
    modules: [...PURE_MODULES, 'zustand', 'zustand/vanilla'],
    because: 'what the screen shows; knows the façade by its type only',
  },
  {
    name: 'ui',
    files: ['src/ui/**'],
    may: ['domain', 'words', 'store'],
    onlyNames: {supervisor: ['Supervisor']},
    modules: [...PURE_MODULES, 'react', 'react/jsx-runtime', 'ink', 'ink-table', 'zustand', 'zustand/vanilla', 'string-width'],
    because: 'the only room with React',
  },
  {
    name: 'supervise',
    files: ['src/supervise/**'],
    may: ['supervisor', 'os', 'act', 'config', 'words', ...PURE_CORE],
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
    may: ['config', ...PURE_CORE],
    modules: [...PURE_MODULES, 'zod'],
    because: 'the JSON documents and their schemas',
  },
  {
    name: 'screen',
    files: ['src/cli/screen/**'],
    may: ['cli', 'config', 'supervise', 'store', 'ui', 'os', 'act', 'domain'],
    lazily: ['ui'],
    modules: PURE_MODULES,
    because: 'puts the screen together, for the commands that open it',
  },
  {
    name: 'cli',
    files: ['src/cli/**', '!src/cli/documents/**', '!src/cli/screen/**'],
    may: ['documents', 'config', 'supervisor', 'supervise', 'demo', 'screen', 'os', 'collect', 'act', 'words', ...PURE_CORE],
    lazily: ['screen', 'demo'],
    modules: [...PURE_MODULES, 'node:os', 'node:util', 'node:url', 'node:module', 'node:stream', 'node:readline/promises', 'string-width'],
    because: 'puts the parts together; a command without a screen never loads React',
  },
];

/** What an import of a room looks like, whatever the depth it is written at. */
export const specifierOf = (room: string): string => (room === 'supervisor' ? '**/supervisor.ts' : `**/${room}/**`);
