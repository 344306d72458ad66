// npm, pnpm, yarn and bun: the scripts that they would run are read and played. Pure.

import {known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import {hiddenText, NOTHING, pathOf, unclear, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {SCRIPT} from './interpreters.ts';
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

/** `-w` picks a package for npm, and is the top of the workspace for pnpm, whose `-c` has no value. Only npm takes cut options. */
const packageOptions = (name: string) =>
  name === 'npm' ? {short: 'CwFc', long: LONG, flags: NPM_FLAGS} : {short: name === 'pnpm' ? 'CF' : 'CFc', long: LONG};

/** Options of npm that begin as those with a value do. */
const NPM_FLAGS =
  'ca cache cache-max cache-min cafile package-lock package-lock-only prefer-dedupe prefer-offline prefer-online workspaces'.split(' ');

/** Words that are a line of shell as they stand: the order itself takes them for that, or is told to. */
const isText = (name: string, [first, ...words]: readonly string[], options: Options): boolean =>
  first === 'exec' && words.length === 1 && (name === 'yarn' || name === 'bun' || (name === 'pnpm' && options.has('c', 'shell-mode')));

const withoutDashes = (words: readonly string[]): readonly string[] => words.filter(word => word !== '--');

/** What the words ask for: a script by its name, a program, or a line of shell. `npm` takes its options anywhere, the others before a script’s name. */
const asked = (name: string, options: Options): Asked => {
  const {rest, all} = options;
  const [first = '', ...words] = rest;
  const text = isText(name, rest, options) ? words[0] : all('c', 'call')[0];
  if (EXECUTES.has(first)) {
    return text === undefined ? {program: words} : {text};
  }
  if (first === 'node' && name !== 'npm') {
    return {program: rest};
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
    only: (...names) => outer.only(...names) && inner.only(...names),
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
  if (!found.known) {
    return hiddenText(call, found.because);
  }
  const isScript = found.value !== null && scriptsOf(found.value.text).has(script);
  if (call.name === 'npm' || isScript || RUN_SHORT.has(script) || script.startsWith('/')) {
    return found.value === null ? NOTHING : runScript(call, found.value, script, args);
  }
  return call.name === 'bun' && SCRIPT.test(script)
    ? call.run(['node', script, ...args].map(known), call.stdin)
    : call.run([script, ...args].map(known), call.stdin);
};

/** Npm's orders by their other names, and cut as far as they stay told apart. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^(?:urn|rum|run-(?:s(?:c(?:r(?:i(?:p(?:t)?)?)?)?)?)?)$/, 'run'],
  [/^sto$/, 'stop'],
  [/^tes$/, 'test'],
  [/^rest(?:a(?:r)?)?$/, 'restart'],
  [/^exe$/, 'exec'],
];

const withVerb = (words: readonly string[]): readonly string[] => {
  const at = words.findIndex(word => !word.startsWith('-'));
  const [, verb] = VERBS.find(([pattern]) => pattern.test(words[at] ?? '')) ?? [];
  return verb === undefined ? words : words.with(at, verb);
};

export const packageRunner: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  if (call.name === 'bun' && /^(?:-e|-p|--eval|--print)\b/.test(words.value[0] ?? '')) {
    return call.run([known('node'), ...call.args], call.stdin);
  }
  const {options, reach} = orderOf(call.name, call.name === 'npm' ? withVerb(words.value) : words.value);
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

/** Options of npx without a value; it takes every other for one with a value (npx-cli.js of npm). */
const SWITCHES =
  /^(?:y|yes|no|no-.*|q|quiet|s|silent|d+|verbose|v|version|h|help|offline|prefer-online|prefer-offline|f|force|g|global|json|ws|workspaces|iwr|include-workspace-root|ignore-\w+|legacy-peer-deps|bun|shell-mode|if-present)$/;

/** npx and its like run a package’s program; `-y` and `-p NAME` are theirs. */
export const packageProgram: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  let at = 0;
  for (let word = words.value[at]; word?.startsWith('-') && word !== '--'; word = words.value[at]) {
    const [key = '', ...attached] = word.replace(/^-+/, '').split('=');
    const next = words.value[at + 1];
    if (key === 'c' || (key !== '' && 'call'.startsWith(key) && key.length > 2)) {
      return call.runText(attached.length > 0 ? attached.join('=') : (next ?? ''), fork(call.scope), call.stdin);
    }
    const takesNext = attached.length === 0 && !SWITCHES.test(key) && next?.startsWith('-') === false;
    at += takesNext ? 2 : 1;
  }
  const [name = '', ...rest] = words.value.slice(words.value[at] === '--' ? at + 1 : at);
  return call.run([name.replace(/(?<=.)@[^@/]*$/, ''), ...rest].map(known), call.stdin);
};
