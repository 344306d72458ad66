// npm, pnpm, yarn and bun: the scripts that they would run are read and played. Pure.

import {known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import {NOTHING, pathOf, unclear, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {type Options, parseOptions} from './options.ts';
import {nearest, runScript, scriptsOf} from './package-files.ts';
import {type Reach, reachOf, runEverywhere, yarnReach} from './workspaces.ts';

const RUN_SHORT = new Set(['test', 'start', 'stop', 'restart', 't', 'tst']);
const OWN_WORDS = new Set([
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'rm',
  'uninstall',
  'update',
  'up',
  'publish',
  'pack',
  'link',
  'why',
  'list',
  'ls',
  'outdated',
  'audit',
  'config',
  'init',
  'create',
  'login',
  'cache',
  'info',
  'view',
  'version',
  'help',
  'set',
  'store',
  'patch',
  'import',
  'prune',
  'dedupe',
  'rebuild',
  'root',
  'bin',
  'doctor',
]);
const EXECUTES = new Set(['exec', 'x', 'dlx', 'execute']);

type Asked =
  | {readonly script: string; readonly args: readonly string[]}
  | {readonly program: readonly string[]}
  | {readonly text: string}
  | null;

const LONG = [
  'prefix',
  'dir',
  'filter',
  'filter-prod',
  'workspace',
  'workspace-concurrency',
  'resume-from',
  'reporter',
  'script-shell',
  'cwd',
  'loglevel',
  'call',
  'package',
];

/** `-w` picks a package for npm, and is the top of the workspace for pnpm. */
const packageOptions = (name: string) => ({short: name === 'npm' ? 'CwFc' : 'CFc', long: LONG});

const withoutDashes = (words: readonly string[]): readonly string[] => words.filter(word => word !== '--');

/** What the words ask for: a script by its name, a program, or a line of shell. `npm` takes its options anywhere, the others before a script’s name. */
const asked = (name: string, {rest, all}: Options): Asked => {
  const [first = '', ...words] = rest;
  const text = all('c', 'call')[0];
  if (EXECUTES.has(first)) {
    return text === undefined ? {program: words} : {text};
  }
  if (first === 'run' || first === 'run-script' || first === 'rum') {
    const [script, ...args] = withoutDashes(words);
    return script === undefined ? null : {script, args};
  }
  if (RUN_SHORT.has(first)) {
    return {script: first === 't' || first === 'tst' ? 'test' : first, args: withoutDashes(words)};
  }
  return name === 'npm' || OWN_WORDS.has(first) || first === '' ? null : {script: first, args: words};
};

/** Options before a script’s name, also between `run` and it. */
const optionsOf = (name: string, words: readonly string[]): Options => {
  const verb = words.find(word => !word.startsWith('-')) ?? '';
  const isAnywhere = name === 'npm' && !EXECUTES.has(verb);
  const rules = packageOptions(name);
  const outer = parseOptions(words, isAnywhere ? rules : {...rules, stops: true});
  const [first = '', ...rest] = outer.rest;
  if (isAnywhere || (first !== 'run' && !EXECUTES.has(first))) {
    return outer;
  }
  const inner = parseOptions(rest, {...rules, stops: true});
  return {
    has: (...names) => outer.has(...names) || inner.has(...names),
    all: (...names) => [...outer.all(...names), ...inner.all(...names)],
    rest: [first, ...inner.rest],
  };
};

interface Order {
  readonly options: Options;
  readonly reach: Reach | null;
}

/** `pnpm m` and its long names are `pnpm -r`. */
const RECURSIVE = new Set(['m', 'multi', 'recursive']);

/** The options, and what the words before the order say of the packages that it is for. */
const orderOf = (name: string, words: readonly string[]): Order => {
  const options = optionsOf(name, words);
  const [first = '', ...rest] = options.rest;
  if (name === 'pnpm' && RECURSIVE.has(first)) {
    const behind = optionsOf(name, ['-r', ...rest]);
    return {options: {...behind, all: (...names) => [...options.all(...names), ...behind.all(...names)]}, reach: reachOf(name, behind)};
  }
  const inYarn = name === 'yarn' ? yarnReach(options.rest) : null;
  return inYarn === null
    ? {options, reach: reachOf(name, options)}
    : {options: {...options, rest: optionsOf(name, inYarn.words).rest}, reach: inYarn.reach};
};

const runOne = (call: Call, start: string, script: string, args: readonly string[]): Result => {
  const found = nearest(call, start, ['package.json'], true);
  if (!found.known || found.value === null) {
    return found.known ? NOTHING : unclear(found.because);
  }
  const isScript = scriptsOf(found.value.text).has(script);
  return isScript || RUN_SHORT.has(script) || script.startsWith('/')
    ? runScript(call, found.value, script, args)
    : call.run([script, ...args].map(known), call.stdin);
};

export const packageRunner: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const {options, reach} = orderOf(call.name, words.value);
  const order = asked(call.name, options);
  if (order === null) {
    return unclear(`what ${call.name} writes is not known`);
  }
  if ('text' in order) {
    return call.runText(order.text, fork(call.scope), call.stdin);
  }
  if ('program' in order) {
    // Yarn takes the dashes that keep options from itself.
    return call.run((call.name === 'yarn' ? withoutDashes(order.program) : order.program).map(known), call.stdin);
  }
  const [moved] = options.all('C', 'prefix', 'dir', 'cwd');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  if (!place.known) {
    return unclear(place.because);
  }
  return reach === null
    ? runOne(call, place.value, order.script, order.args)
    : runEverywhere(call, place.value, reach, order.script, order.args);
};

/** npx and its like run a package’s program; `-y` and `-p NAME` are theirs. */
export const packageProgram: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {short: 'pc', long: ['package', 'call'], stops: true});
  const [text] = options.all('c', 'call');
  if (text !== undefined) {
    return call.runText(text, fork(call.scope), call.stdin);
  }
  const [name = '', ...rest] = options.rest;
  return call.run([name.replace(/(?<=.)@[^@/]*$/, ''), ...rest].map(known), call.stdin);
};
