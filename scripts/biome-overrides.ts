// The matrix of rooms as Biome overrides, one per room and none overlapping. Pure.
import {ROOMS, type Room, specifierOf} from './layers.ts';

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
  readonly importNamePattern?: string;
  readonly invertImportNamePattern?: true;
}

const PURE_GLOBALS = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'performance', 'console'];

const roomPatterns = (room: Room): readonly Pattern[] =>
  ROOMS.filter(other => other !== room && !room.may.includes(other.name)).map(other => {
    const names = room.onlyNames?.[other.name];
    const files = room.onlyFiles?.[other.name];
    const specifier = specifierOf(other);
    if (names !== undefined) {
      const message = `${room.name} may import only ${names.join(', ')} from ${other.name}: ${room.because}.`;
      return {group: specifier, message, importNamePattern: `(${names.join('|')})`, invertImportNamePattern: true as const};
    }
    if (files !== undefined) {
      const message = `${room.name} may import only ${files.join(', ')} from ${other.name}: ${room.because}.`;
      return {group: [...specifier, ...files.map(file => `!**/${other.name}/${file}`)], message};
    }
    return {group: specifier, message: `${room.name} may not import ${other.name}: ${room.because}.`};
  });

/** Hashing is a function of its input; the rest of the module draws lots. */
const PURE_PATHS = {'node:crypto': {allowImportNames: ['createHash'], message: 'A pure room may hash, not draw lots.'}};

/** Everything that is not relative, save what the room may use. */
const modulePattern = (room: Room): Pattern => ({
  group: ['**', '!./**', '!../**', ...room.modules.map(name => `!${name}`)],
  message: `${room.name} may not import this module: ${room.because}.`,
});

const globals = (names: readonly string[], reason: string) => ({
  level: 'error',
  options: {deniedGlobals: Object.fromEntries(names.map(name => [name, reason]))},
});

const override = (room: Room) => ({
  includes: room.files,
  linter: {
    rules: {
      style: {
        noRestrictedImports: {
          level: 'error',
          options: {patterns: [...roomPatterns(room), modulePattern(room)], ...(room.pure && {paths: PURE_PATHS})},
        },
        ...(room.pure && {noRestrictedGlobals: globals(PURE_GLOBALS, `${room.name} is pure: ${room.because}.`)}),
      },
    },
  },
  plugins: [
    './scripts/lint/no-word-tables.grit',
    './scripts/lint/no-spread-extremes.grit',
    ...(room.pure ? ['./scripts/lint/pure.grit', './scripts/lint/own-values.grit'] : []),
    ...(room.hands ? [] : ['./scripts/lint/no-hands.grit']),
    ...(room.lazily ? [`./scripts/lint/lazy-${room.name}.grit`] : []),
  ],
});

/** Places outside the rooms: programs of the project itself. */
const OUTSIDE = [
  {includes: ['test/**'], plugins: ['./scripts/lint/no-module-mocks.grit']},
  {includes: ['scripts/**', 'bench/**'], linter: {rules: {suspicious: {noConsole: 'off'}}}},
  {includes: ['*.config.ts'], linter: {rules: {style: {noDefaultExport: 'off'}}}},
  {includes: ['scripts/launch.js'], linter: {enabled: false}},
];

export const biomeOverrides = (): readonly unknown[] => [...ROOMS.map(override), ...OUTSIDE];

/** Biome's own rule flags `import()` as well, so what may be loaded lazily only is a pattern of its own. */
export const lazyPlugin = (room: Room): string => `language js
\`import $what from $path\` as $import where {
  $import <: not r"import type[\\s\\S]*",
  $path <: r"['\\"].*/(?:${room.lazily?.join('|')})/.*['\\"]",
  register_diagnostic(span=$path, message="Load this by import() only: ${room.because}.", severity="error")
}
`;
