// npm, pnpm, yarn, bun, make and just: the scripts that they would run are read and played. Pure.

import {parseRecord, recordField} from '../../core/domain/json-fields.ts';
import {type Known, known} from '../../core/domain/known.ts';
import type {Call, Program, Result, Scope} from '../call.ts';
import {fileOf, NOTHING, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {expandGlob} from '../shell/globs.ts';
import {fork} from '../shell/scope.ts';
import {type Options, parseOptions} from './options.ts';
import {parseRules, type Recipe} from './recipes.ts';

const parentOf = (directory: string): string => directory.slice(0, Math.max(1, directory.lastIndexOf('/')));

interface Found {
  readonly text: string;
  readonly directory: string;
}

/** The first of these files in a directory; what is not read yet is asked for all at once. */
const firstOf = (call: Call, directory: string, names: readonly string[]): Known<Found | null> => {
  let unread: Known<Found | null> = known(null);
  for (const name of names) {
    const path = name.startsWith('/') ? name : `${directory === '/' ? '' : directory}/${name}`;
    const text = fileOf(call, path);
    if (text.known && text.value !== null) {
      return unread.known ? known({text: text.value, directory}) : unread;
    }
    unread = text.known || !unread.known ? unread : text;
  }
  return unread;
};

/** The nearest of these files from a directory upwards, as far as its project reaches; of another project’s as far as there is a path. */
export const nearest = (call: Call, start: string, names: readonly string[], isUpwards: boolean): Known<Found | null> => {
  const {root} = call.caller;
  for (let directory = start; ; directory = parentOf(directory)) {
    const found = firstOf(call, directory, names);
    if (!found.known || found.value !== null) {
      return found;
    }
    if (!isUpwards || directory === root || directory === '/') {
      return known(null);
    }
  }
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

export const scriptsOf = (text: string): ReadonlyMap<string, string> => {
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

type Asked =
  | {readonly script: string; readonly args: readonly string[]}
  | {readonly program: readonly string[]}
  | {readonly text: string}
  | null;

const PACKAGES = {short: 'CwFc', long: ['prefix', 'dir', 'filter', 'workspace', 'cwd', 'loglevel', 'call', 'package']} as const;

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
  const outer = parseOptions(words, isAnywhere ? PACKAGES : {...PACKAGES, stops: true});
  const [first = '', ...rest] = outer.rest;
  if (isAnywhere || (first !== 'run' && !EXECUTES.has(first))) {
    return outer;
  }
  const inner = parseOptions(rest, {...PACKAGES, stops: true});
  return {
    has: (...names) => outer.has(...names) || inner.has(...names),
    all: (...names) => [...outer.all(...names), ...inner.all(...names)],
    rest: [first, ...inner.rest],
  };
};

const EVERYWHERE = ['filter', 'F', 'w', 'workspace', 'r', 'recursive', 'workspaces', 'ws'] as const;

/** Directories of a workspace’s packages: globs of `pnpm-workspace.yaml`, or of `workspaces` in its package.json. */
const packagesOf = (call: Call, {directory, text}: Found): Known<readonly string[]> => {
  const yaml = fileOf(call, `${directory}/pnpm-workspace.yaml`);
  if (!yaml.known) {
    return yaml;
  }
  const {workspaces} = parseRecord(text) ?? {};
  const listed = Array.isArray(workspaces) ? workspaces : (recordField(parseRecord(text) ?? {}, 'workspaces')?.packages ?? []);
  const inYaml = [...(yaml.value ?? '').matchAll(/^\s*-\s*['"]?([^'"#\n]+?)['"]?\s*$/gm)].map(([, glob]) => glob);
  const globs = [...(Array.isArray(listed) ? listed : []), ...inYaml].filter((glob): glob is string => typeof glob === 'string');
  const places: string[] = [];
  for (const glob of globs.filter(each => !each.startsWith('!'))) {
    const whole = `${directory}/${glob.replace(/^\.\//, '').replace(/\/+$/, '').replaceAll('**', '*')}`;
    for (const place of /[*?[]/.test(whole) ? (expandGlob(whole, call) ?? []) : [known(whole)]) {
      if (!place.known) {
        return place;
      }
      places.push(place.value);
    }
  }
  return known(places);
};

/** Every package of the workspace, whatever the filter picks of them: at most too many are named. */
const runEverywhere = (call: Call, found: Found, script: string, args: readonly string[]): Result => {
  const places = packagesOf(call, found);
  if (!places.known) {
    return /stop|kill|down|clean/.test(script) ? undecided(call, places.because) : unclear(places.because);
  }
  for (const directory of [found.directory, ...places.value]) {
    const text = fileOf(call, `${directory}/package.json`);
    if (text.known && text.value !== null) {
      runScript(call, {text: text.value, directory}, script, args);
    }
  }
  return unclear(`what ${call.name} writes is not known`);
};

export const packageRunner: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = optionsOf(call.name, words.value);
  const order = asked(call.name, options);
  if (order === null) {
    return unclear(`what ${call.name} writes is not known`);
  }
  if ('text' in order) {
    return call.runText(order.text, fork(call.scope), call.stdin);
  }
  if ('program' in order) {
    return call.run(order.program.map(known), call.stdin);
  }
  const [moved] = options.all('C', 'prefix', 'dir', 'cwd');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  const found = place.known ? nearest(call, place.value, ['package.json'], true) : place;
  if (!found.known || found.value === null) {
    return found.known ? NOTHING : unclear(found.because);
  }
  if (options.has(...EVERYWHERE)) {
    return runEverywhere(call, found.value, order.script, order.args);
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
  const found = place.known ? nearest(call, place.value, names, call.name === 'just') : place;
  if (options.has('n', 'dry-run') || !found.known || found.value === null) {
    return NOTHING;
  }
  const {recipes, variables} = parseRules(
    found.value.text,
    call.name === 'just' ? 'just' : 'make',
    words.value,
    new Set(call.scope.variables.keys()),
  );
  const goals = options.rest.filter(word => !word.includes('='));
  const first = recipes.find(({name}) => !name.startsWith('.'));
  return playRecipes(call, recipes, goals.length > 0 || first === undefined ? goals : [first.name], found.value.directory, variables);
};
