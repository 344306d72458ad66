// Rules about code that no linter of ours knows: how long a function may be, circles of imports, types included, who sends signals, and that
// no source knows another.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseSync, Visitor} from 'oxc-parser';
import {SIGNALLERS} from './signallers.ts';

const FUNCTION_LINES = 80;
/** Fewer functions than this means that the parser saw nothing. */
const FEWEST_FUNCTIONS = 1000;

interface Node {
  readonly start: number;
  readonly end: number;
}

interface Code {
  readonly path: string;
  /** Every function: the line it begins on, and how many lines it has. */
  readonly functions: readonly {readonly line: number; readonly lines: number}[];
  /** Files of the project that it names in an import or a re-export, types included; what is loaded by `import()` is no part of a circle. */
  readonly imports: readonly string[];
  /** Lines that call a `kill`. */
  readonly signals: readonly number[];
}

const readCode = (path: string): Code => {
  const text = readFileSync(path, 'utf8');
  const {program, errors} = parseSync(path, text);
  if (errors.length > 0) {
    throw new Error(`${path}: ${errors[0]?.message}`);
  }
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const functions: Code['functions'][number][] = [];
  const imports: string[] = [];
  const signals: number[] = [];
  const measure = ({start, end}: Node): void => {
    const line = lineAt(start);
    functions.push({line, lines: lineAt(end) - line + 1});
  };
  const follow = (source: string | undefined): void => {
    if (source?.startsWith('.') === true) {
      imports.push(join(dirname(path), source));
    }
  };
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    ImportDeclaration: ({source}) => follow(source.value),
    ExportNamedDeclaration: ({source}) => follow(source?.value),
    ExportAllDeclaration: ({source}) => follow(source.value),
    CallExpression: ({callee, start}) => {
      if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'kill') {
        signals.push(lineAt(start));
      }
    },
  }).visit(program);
  return {path, functions, imports, signals};
};

const longFunctions = ({path, functions}: Code): readonly string[] =>
  functions
    .filter(({lines}) => lines > FUNCTION_LINES)
    .map(({line, lines}) => `${path}:${line}: a function of ${lines} lines, at most ${FUNCTION_LINES}`);

const strangeSignals = ({path, signals}: Code): readonly string[] =>
  SIGNALLERS.has(path)
    ? []
    : signals.map(line => `${path}:${line}: sends a signal, and is none of the files that may: scripts/signallers.ts`);

/** The folder of a source that a file lies in; null elsewhere. */
const sourceOf = (path: string): string | null => /^src\/sources\/([^/]+)\//.exec(path)?.[1] ?? null;

/** What two sources share is the engine's; who is on the list is known to the lists alone. */
const knownSources = ({path, imports}: Code): readonly string[] =>
  imports
    .filter(other =>
      sourceOf(path) === null
        ? /^src\/sources\/[^/]+\/index\.ts$/.test(other) && path !== 'src/sources/sources.ts'
        : ![null, sourceOf(path)].includes(sourceOf(other)) || /^src\/sources\/[^/]+\.ts$/.test(other),
    )
    .map(other => `${path}: knows ${other}: no source imports another, and only src/sources/sources.ts the entry of one`);

/** Sets of files of which each reaches each other one (Tarjan's strongly connected components), of more than one file. */
const circlesOf = (graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) {
        visit(next);
      }
      if (open.includes(next)) {
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(file) === order.get(file)) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) {
        circles.push(circle.sort());
      }
    }
  };
  for (const file of graph.keys()) {
    if (!order.has(file)) {
      visit(file);
    }
  }
  return circles;
};

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'bench', 'scripts'], {
  encoding: 'utf8',
});
const code = tracked
  .split('\n')
  .filter(path => /\.(tsx?|mjs)$/.test(path) && existsSync(path))
  .map(readCode);
const sources = code.filter(({path}) => path.startsWith('src/'));
const count = sources.reduce((sum, {functions}) => sum + functions.length, 0);
const longest = Math.max(...sources.map(({functions}) => Math.max(0, ...functions.map(({lines}) => lines))));
const circles = circlesOf(new Map(code.map(({path, imports}) => [path, imports])));

const faults = [
  ...sources.flatMap(longFunctions),
  ...sources.flatMap(strangeSignals),
  ...sources.flatMap(knownSources),
  ...circles.map(circle => `a circle of imports: ${circle.join(' ↔ ')}`),
  ...[...SIGNALLERS.keys()]
    .filter(path => !code.some(file => file.path === path && file.signals.length > 0))
    .map(path => `${path}: is named in scripts/signallers.ts and sends no signal`),
  ...(count < FEWEST_FUNCTIONS ? [`only ${count} functions seen`] : []),
];
for (const fault of faults) {
  console.error(fault);
}
console.log(`${count} functions: longest ${longest} lines; no circle among ${code.length} files`);
process.exitCode = faults.length === 0 ? 0 : 1;
