// npm, pnpm, yarn, bun, make and just: the scripts that they would run are read and played. Pure.

import {type Known, known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import {fileOf, hiddenText, NOTHING, pathOf, unclear, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {type Options, parseOptions} from './options.ts';
import {type Found, inDirectory, nearest, runScript, scriptsOf} from './package-files.ts';
import {parseRules, type Recipe} from './recipes.ts';
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

const playRecipes = (
  call: Call,
  recipes: readonly Recipe[],
  wanted: readonly string[],
  directory: string,
  variables: ReadonlyMap<string, string>,
): Result => {
  const done = new Set<string>();
  const visit = (name: string): void => {
    const recipe = recipes.find(each => each.name === name) ?? recipes.find(each => isPattern(each.name, name));
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

/** `-f -` is what is fed in. */
const buildFile = (call: Call, directory: string, names: readonly string[]): Known<Found | null> => {
  if (names[0] !== '-') {
    return nearest(call, directory, names, call.name === 'just');
  }
  const {stdin} = call;
  return stdin?.known === true ? known({text: stdin.value, directory}) : known(null);
};

/** `%.o` stands for any name that ends so. */
const isPattern = (pattern: string, name: string): boolean => {
  const [before = '', after] = pattern.split('%');
  return after !== undefined && name.startsWith(before) && name.endsWith(after);
};

/** `include FILE`, one level deep, where it stands. */
const withIncluded = (call: Call, {text, directory}: Found): string =>
  call.name === 'just'
    ? text
    : text.replace(/^[-s]?include\s+(.*)$/gm, (_, names: string) =>
        names
          .split(/\s+/)
          .map(name => {
            const path = name.startsWith('/') ? name : `${directory}/${name}`;
            const read = name === '' || /[$*]/.test(name) ? known(null) : fileOf(call, path);
            return read.known ? (read.value ?? '') : '';
          })
          .join('\n'),
      );

/** What make is told to run for itself: the shell of its lines, and rules on its command line. */
const playText = (call: Call, {rest, all}: Options): void => {
  const given = rest.map(word => /^(\.SHELLFLAGS|SHELL)=([\s\S]*)$/.exec(word));
  const shells = given.flatMap(found => (found === null ? [] : [found[1] === 'SHELL' ? `${found[2]} -c :` : `sh ${found[2]} :`]));
  const rules = all('eval', 'E').map(text => text.replace(/\$\(shell\s+/g, '$(').replace(/^[^\s:=]+\s*::?=?/, ''));
  for (const text of [...shells, ...rules]) {
    call.runText(text, fork(call.scope), null);
  }
};

export const build: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: call.name === 'just' ? 'fd' : 'CfIjloE',
    long: ['directory', 'file', 'makefile', 'justfile', 'working-directory', 'eval'],
  });
  const [moved] = options.all('C', 'directory', 'd', 'working-directory');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  const [file] = options.all('f', 'file', 'makefile', 'justfile');
  const names = file === undefined ? (BUILD_FILES.get(call.name) ?? []) : [file];
  const found = place.known ? buildFile(call, place.value, names) : place;
  playText(call, options);
  if (!found.known) {
    return hiddenText(call, found.because);
  }
  if (options.has('n', 'dry-run') || found.value === null) {
    return NOTHING;
  }
  const {recipes, variables, immediate} = parseRules(
    withIncluded(call, found.value),
    call.name === 'just' ? 'just' : 'make',
    words.value,
    new Set(call.scope.variables.keys()),
  );
  for (const text of immediate) {
    call.runText(text, inDirectory(call.scope, found.value.directory), null);
  }
  const goals = options.rest.filter(word => !word.includes('='));
  const first = recipes.find(({name}) => !name.startsWith('.'));
  return playRecipes(call, recipes, goals.length > 0 || first === undefined ? goals : [first.name], found.value.directory, variables);
};
