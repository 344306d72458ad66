// npm, pnpm, yarn, bun, make and just: the scripts that they would run are read and played. Pure.

import {parseRecord, recordField} from '../../core/domain/json-fields.ts';
import {type Known, known} from '../../core/domain/known.ts';
import {isInside} from '../../core/domain/paths.ts';
import type {Call, Program, Result, Scope} from '../call.ts';
import {fileOf, NOTHING, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {parseOptions} from './options.ts';
import {parseRules, type Recipe} from './recipes.ts';

const parentOf = (directory: string): string => directory.slice(0, Math.max(1, directory.lastIndexOf('/')));

interface Found {
  readonly text: string;
  readonly directory: string;
}

/** The nearest of these files from a directory upwards, as far as the project reaches. */
const nearest = (call: Call, start: string, names: readonly string[]): Known<Found | null> => {
  for (let directory = start; isInside(directory, call.caller.root); directory = parentOf(directory)) {
    for (const name of names) {
      const text = fileOf(call, `${directory === '/' ? '' : directory}/${name}`);
      if (!text.known) {
        return text;
      }
      if (text.value !== null) {
        return known({text: text.value, directory});
      }
    }
    if (directory === '/') {
      break;
    }
  }
  return known(null);
};

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

const scriptsOf = (text: string): ReadonlyMap<string, string> => {
  const scripts = recordField(parseRecord(text) ?? {}, 'scripts');
  return new Map(Object.entries(scripts ?? {}).flatMap(([name, script]) => (typeof script === 'string' ? [[name, script] as const] : [])));
};

const inDirectory = (scope: Scope, directory: string): Scope => ({...fork(scope), cwd: known(directory), depth: scope.depth + 1});

const runScript = (call: Call, found: Found, name: string, args: readonly string[]): Result => {
  const scripts = scriptsOf(found.text);
  let result: Result = NOTHING;
  for (const each of [`pre${name}`, name, `post${name}`]) {
    const text = scripts.get(each);
    if (text !== undefined) {
      result = call.runText(each === name ? [text, ...args].join(' ') : text, inDirectory(call.scope, found.directory), null);
    }
  }
  return result;
};

/** What the words ask for: a script by its name, or a program. */
const asked = (
  name: string,
  words: readonly string[],
): {readonly script: string; readonly args: readonly string[]} | {readonly program: readonly string[]} | null => {
  const [first = '', second, ...rest] = words;
  if (first === 'run' || first === 'run-script' || first === 'rum') {
    return second === undefined ? null : {script: second, args: rest.filter(word => word !== '--')};
  }
  if (EXECUTES.has(first)) {
    return {program: words.slice(1).filter((word, at) => !(at === 0 && word === '--'))};
  }
  if (RUN_SHORT.has(first)) {
    return {script: first === 't' || first === 'tst' ? 'test' : first, args: words.slice(1).filter(word => word !== '--')};
  }
  if (name === 'npm' || OWN_WORDS.has(first) || first === '') {
    return null;
  }
  return {script: first, args: words.slice(1)};
};

const PACKAGES = {short: 'CwFc', long: ['prefix', 'dir', 'filter', 'workspace', 'cwd', 'loglevel'], stops: true} as const;

export const packageRunner: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, PACKAGES);
  const order = asked(call.name, options.rest);
  if (order === null) {
    return unclear(`what ${call.name} writes is not known`);
  }
  if ('program' in order) {
    return call.run(order.program.map(known), call.stdin);
  }
  const [moved] = options.all('C', 'prefix', 'dir', 'cwd');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  const found = place.known ? nearest(call, place.value, ['package.json']) : place;
  if (!found.known || found.value === null) {
    return found.known ? NOTHING : unclear(found.because);
  }
  if (options.has('filter', 'F', 'w', 'workspace', 'r', 'recursive', 'workspaces')) {
    return /stop|kill|down|clean/.test(order.script) ? undecided(call, 'in which packages it runs is not followed') : NOTHING;
  }
  const isScript = scriptsOf(found.value.text).has(order.script);
  return isScript || RUN_SHORT.has(order.script)
    ? runScript(call, found.value, order.script, order.args)
    : call.run([order.script, ...order.args].map(known), call.stdin);
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

const playRecipes = (
  call: Call,
  recipes: readonly Recipe[],
  wanted: readonly string[],
  directory: string,
  variables: ReadonlyMap<string, string>,
): Result => {
  const done = new Set<string>();
  const visit = (name: string): void => {
    const recipe = recipes.find(each => each.name === name);
    if (recipe === undefined || done.has(name)) {
      return;
    }
    done.add(name);
    recipe.needs.forEach(visit);
    const scope = inDirectory(call.scope, directory);
    for (const [key, value] of variables) {
      scope.variables.set(key, {values: [known(value)], isArray: false});
    }
    for (const text of recipe.lines) {
      call.runText(text, fork(scope), null);
    }
  };
  wanted.forEach(visit);
  return unclear('what a build writes is not known');
};

const BUILD_FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ['make', ['GNUmakefile', 'makefile', 'Makefile']],
  ['gmake', ['GNUmakefile', 'makefile', 'Makefile']],
  ['just', ['justfile', 'Justfile', '.justfile']],
]);

export const build: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: call.name === 'just' ? 'fd' : 'CfIjlo',
    long: ['directory', 'file', 'makefile', 'justfile', 'working-directory'],
  });
  const [moved] = options.all('C', 'directory', 'd', 'working-directory');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  const [file] = options.all('f', 'file', 'makefile', 'justfile');
  const names = file === undefined ? (BUILD_FILES.get(call.name) ?? []) : [file];
  const found = place.known ? nearest(call, place.value, names) : place;
  if (options.has('n', 'dry-run') || !found.known || found.value === null) {
    return NOTHING;
  }
  const {recipes, variables} = parseRules(found.value.text, call.name === 'just' ? 'just' : 'make', words.value);
  const goals = options.rest.filter(word => !word.includes('='));
  const first = recipes.find(({name}) => !name.startsWith('.'));
  return playRecipes(call, recipes, goals.length > 0 || first === undefined ? goals : [first.name], found.value.directory, variables);
};
