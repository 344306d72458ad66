// Agent programs in the process table, recognised from the table of signatures. A mention of a name is not the program. Pure.
import {baseName} from '../../../core/domain/paths.ts';
import type {Evidence} from '../../domain/agent.ts';
import {oneLine} from '../../domain/command-line.ts';
import {hasEnded, type Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';
import type {RuntimeSignature} from '../../domain/settings.ts';
import {namesOf, type Script, scriptOf} from '../../look/index/program-of.ts';
import {isSurelyVerb, MOST_WORDS} from './verbs.ts';

export interface Recognition {
  /** Table key: `claude`, `codex` … */
  readonly runtime: string;
  readonly evidence: Evidence;
  /** Set for a package runner (`npx`, `pnpm exec`): it will start the agent, as a process of its own, and is none itself. */
  readonly awaited?: true;
}

interface Row {
  readonly signature: RuntimeSignature;
  /** Scripts given as the end of a path (`claude-code/cli.js`). */
  readonly endings: readonly string[];
}

/** Signatures by the names that may show one. */
export interface RuntimeTable {
  readonly byName: ReadonlyMap<string, readonly RuntimeSignature[]>;
  readonly byScript: ReadonlyMap<string, readonly RuntimeSignature[]>;
  readonly rows: readonly Row[];
  readonly names: ReadonlySet<string>;
  /** What earlier looks recognised, by argument list. */
  readonly seen: WeakMap<
    readonly string[],
    {readonly comm: string; readonly agent: string | undefined; readonly atTerminal: boolean; readonly found: Recognition | null}
  >;
}

const indexBy = (signatures: readonly RuntimeSignature[], keysOf: (signature: RuntimeSignature) => readonly string[]) => {
  const index = new Map<string, RuntimeSignature[]>();
  for (const signature of signatures) {
    for (const key of keysOf(signature)) {
      index.set(key, [...(index.get(key) ?? []), signature]);
    }
  }
  return index;
};

export const indexRuntimes = remembered(
  (signatures: readonly RuntimeSignature[]): RuntimeTable => ({
    byName: indexBy(signatures, signature => signature.processNames),
    byScript: indexBy(signatures, signature => signature.scripts.filter(script => !script.includes('/'))),
    rows: signatures
      .map(signature => ({signature, endings: signature.scripts.filter(script => script.includes('/'))}))
      .filter(row => row.endings.length > 0),
    names: new Set(signatures.map(signature => signature.name)),
    seen: new WeakMap(),
  }),
);

/**
 * What an agent program does when it is not being an agent: it serves tools to another one, or answers a question and exits.
 * These words count only where a verb stands: right behind the program's name, or behind options with their values.
 */
const SIDE_WORDS = new Set([
  'mcp',
  'mcp-server',
  'mcp-serve',
  'app-server',
  'daemon',
  'bg-pty-host',
  'bg-spare',
  'lsp',
  'login',
  'logout',
  'auth',
  'config',
  'doctor',
  'update',
  'upgrade',
  'install',
  'completion',
  'completions',
  'setup-token',
  'migrate-installer',
  'models',
  'plugin',
]);
const SIDE_FLAGS = new Set([
  '--version',
  '--help',
  '-h',
  '--chrome-native-host',
  '--claude-in-chrome-mcp',
  '--mcp-server',
  '--ripgrep',
  '--cline-hub-daemon',
  '--bg-pty-host',
  '--bg-spare',
]);

/** Whether these words, behind the name of an agent program, make it something else than an agent. */
const isSideRun = (rest: readonly string[]): boolean =>
  rest.slice(0, MOST_WORDS).some((word, at) => SIDE_WORDS.has(word) && isSurelyVerb(rest, at)) || rest.some(word => SIDE_FLAGS.has(word));

/** What else than a name speaks for a program. */
interface Hints {
  /** GT_AGENT of its environment. */
  readonly agent: string | undefined;
  readonly atTerminal: boolean;
}

/** Whether an agent program's table entry is confirmed: some names are shared with programs that are no agents. */
const isConfirmed = (signature: RuntimeSignature, rest: readonly string[], {agent, atTerminal}: Hints): boolean =>
  signature.args.length === 0 ||
  agent === signature.name ||
  (signature.plain === true && atTerminal && rest.length === 0) ||
  rest.some(word => signature.args.some(arg => word === arg || (arg.startsWith('--') && word.startsWith(`${arg}=`))));

/** macOS bundles its helper programs; the desktop application of the same name is no agent. */
const isBundle = (argv: readonly string[]): boolean => argv[0]?.includes('.app/Contents/') ?? false;

const VERSION = /^v?\d+\.\d+\.\d+(?:[-+.][\w.]+)?$/;

/** `…/claude/versions/2.1.30`: a program that is named by its version, in a directory that names the program. */
const versionedRuntime = (process: Pick<Process, 'comm' | 'argv'>, table: RuntimeTable, agent: string | undefined): Recognition | null => {
  const [program = '', ...rest] = process.argv;
  const titled = [process.comm, baseName(program)].find(name => VERSION.test(name));
  if (titled === undefined || isSideRun(rest)) {
    return null;
  }
  const directories = program.split('/');
  const named = directories.map(directory => directory.replace(/^\./, '')).find(directory => table.names.has(directory));
  if (named !== undefined) {
    return {runtime: named, evidence: {fact: `runs ${oneLine(program)}`, source: 'argv[0]'}};
  }
  return agent !== undefined && table.names.has(agent)
    ? {runtime: agent, evidence: {fact: `is called ${titled}, a version, with GT_AGENT=${agent}`, source: 'process name and environment'}}
    : null;
};

const endsWithPath = (path: string, end: string): boolean => path === end || path.endsWith(`/${end}`);

/** A program that is told by the place it was installed in. */
const byPath = (path: string, rest: readonly string[], table: RuntimeTable): Recognition | null => {
  const row = path.includes('/') ? table.rows.find(({endings}) => endings.some(end => endsWithPath(path, end))) : undefined;
  return row === undefined || isSideRun(rest)
    ? null
    : {runtime: row.signature.name, evidence: {fact: `runs ${oneLine(path)}`, source: 'command line'}};
};

/** Where installers put programs: a script that merely lies somewhere is a person's own, whatever it is called. */
const INSTALLED = /(?:^|\/)(?:s?bin|libexec|node_modules|site-packages|dist-packages|versions|\.bun|Cellar)\//;
const SCRIPT_FILE = /\.(?:[cm]?js|[cm]?ts|py|rb|pl|sh)$/;

/**
 * Whether a script’s base name may show an agent: a name without extension is a command’s, as are packages of runners and modules; a file
 * called `gemini.py` is one only in an installed place, or by the word of its own environment.
 */
const mayBeProgram = ({path}: Script, signature: RuntimeSignature, {agent}: Hints): boolean =>
  !SCRIPT_FILE.test(path) || INSTALLED.test(path) || agent === signature.name;

const byScript = (script: Script, table: RuntimeTable, hints: Hints): Recognition | null => {
  if (isSideRun(script.rest)) {
    return null;
  }
  const ending = table.rows.find(row => row.endings.some(end => endsWithPath(script.path, end)));
  const signature =
    ending?.signature ??
    (table.byScript.get(script.name) ?? []).find(
      candidate => isConfirmed(candidate, script.rest, hints) && mayBeProgram(script, candidate, hints),
    );
  return signature === undefined
    ? null
    : {
        runtime: signature.name,
        evidence: {fact: `runs the script ${oneLine(script.path)}`, source: 'command line'},
        ...(script.awaited === true ? {awaited: true} : {}),
      };
};

/**
 * Recognise one command line. `hints.agent` is GT_AGENT of its environment, which confirms a shared name; so does a terminal where
 * nothing stands behind it. comm is 15 bytes at most (proc_pid_comm(5)), so a longer name is found by argv[0].
 */
export const recogniseProgram = (
  process: Pick<Process, 'comm' | 'argv'>,
  table: RuntimeTable,
  hints: Hints = {agent: undefined, atTerminal: false},
): Recognition | null => {
  if (isBundle(process.argv)) {
    return null;
  }
  const script = scriptOf(process.argv);
  // A script started by its `#!` line bears its name as comm, and has its arguments behind its own path.
  const rest = script?.rest ?? process.argv.slice(1);
  for (const name of namesOf(process)) {
    const signature = (table.byName.get(name) ?? []).find(candidate => isConfirmed(candidate, rest, hints));
    if (signature !== undefined) {
      return isSideRun(rest) ? null : {runtime: signature.name, evidence: {fact: `is called ${name}`, source: 'process name'}};
    }
  }
  return (
    (script === null ? byPath(process.argv[0] ?? '', rest, table) : byScript(script, table, hints)) ??
    versionedRuntime(process, table, hints.agent)
  );
};

/** Recognise an agent program among processes. The defunct have no argv and are nobody. */
export const recogniseRuntime = (process: Process, table: RuntimeTable): Recognition | null => {
  if (hasEnded(process)) {
    return null;
  }
  const {comm, argv} = process;
  const agent = process.env.known ? process.env.value.GT_AGENT : undefined;
  const atTerminal = process.tty !== null;
  const before = table.seen.get(argv);
  if (before !== undefined && before.comm === comm && before.agent === agent && before.atTerminal === atTerminal) {
    return before.found;
  }
  const found = recogniseProgram(process, table, {agent, atTerminal});
  table.seen.set(argv, {comm, agent, atTerminal, found});
  return found;
};

/**
 * The agent program that a process is an own part of without being an agent itself: its daemon, its updater, its tool server. Null for
 * agents, and for all other programs.
 */
export const sidePartOf = (process: Pick<Process, 'comm' | 'argv'>, table: RuntimeTable): string | null => {
  const script = scriptOf(process.argv);
  const rest = script?.rest ?? process.argv.slice(1);
  if (!isSideRun(rest)) {
    return null;
  }
  const bare = {comm: process.comm, argv: process.argv.slice(0, process.argv.length - rest.length)};
  return recogniseProgram(bare, table)?.runtime ?? null;
};
