// make and just: the recipes of a build file that they would run are read and played. Pure.
import {type Known, known} from '../../core/domain/known.ts';
import type {Call, Program, Result} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {fileOf, hiddenText, NOTHING, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {type Options, parseOptions} from './options.ts';
import {type Found, inDirectory, nearest} from './package-files.ts';
import {automatic, parseRules, type Rules} from './recipes.ts';

/** What make works out itself, and the guard does not: `$(call …)`, `$(foreach …)`. */
const FUNCTION = /\$[({](?:call|foreach|if|or|and|let|eval|addprefix|addsuffix|subst|patsubst|filter|word|join|value|strip)\s/;

const playRecipes = (call: Call, {recipes, variables}: Rules, wanted: readonly string[], directory: string): Result => {
  const done = new Set<string>();
  const visit = (name: string): void => {
    const recipe =
      recipes.find(each => each.name === name) ??
      recipes.find(each => isPattern(each.name, name)) ??
      recipes.find(each => each.name === '.DEFAULT');
    if (recipe === undefined || done.has(name)) {
      return;
    }
    done.add(name);
    recipe.needs.forEach(visit);
    const scope = inDirectory(call.scope, directory);
    for (const [key, value] of variables) {
      scope.variables.set(key, {values: [known(value)], isArray: false});
    }
    for (const line of recipe.lines) {
      const text = automatic(line, recipe, name);
      if (FUNCTION.test(text) && [text, ...variables.values()].some(each => plainlyEnds(each.replaceAll(',', ' ')))) {
        undecided(call, 'what make puts together is not followed');
      }
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

const MAKE = {
  short: 'CfIoWE',
  long: ['directory', 'file', 'makefile', 'eval', 'include-dir', 'old-file', 'assume-old', 'new-file', 'assume-new', 'what-if'],
  flags: (
    'always-make check-symlink-times debug environment-overrides ignore-errors jobs keep-going load-average max-load dry-run just-print recon ' +
    'no-builtin-rules no-builtin-variables no-keep-going no-print-directory no-silent output-sync print-data-base print-directory question ' +
    'quiet silent stop touch trace version warn-undefined-variables help shuffle'
  ).split(' '),
} as const;

/** `-j` and `-l` have a value where a number follows, `-O` in its own word. */
const COUNTED = /^-[a-zA-Z]*[jl]$|^--(?:j|l|max-l)[a-z-]*$/;

const buildOptions = (name: string, words: readonly string[]): Options =>
  name === 'just'
    ? parseOptions(words, {short: 'fd', long: ['justfile', 'working-directory']})
    : parseOptions(
        words.filter((word, at) => !/^-O/.test(word) && !(/^[\d.]+$/.test(word) && COUNTED.test(words[at - 1] ?? ''))),
        MAKE,
      );

export const build: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = buildOptions(call.name, words.value);
  const [moved] = options.all('C', 'directory', 'd', 'working-directory');
  const place = moved === undefined ? call.scope.cwd : pathOf(call.scope, moved);
  const [file] = options.all('f', 'file', 'makefile', 'justfile');
  const names = file === undefined ? (BUILD_FILES.get(call.name) ?? []) : [file];
  const found = place.known ? buildFile(call, place.value, names) : place;
  playText(call, options);
  if (!found.known) {
    return hiddenText(call, found.because);
  }
  if (found.value === null) {
    return NOTHING;
  }
  const rules = parseRules(
    withIncluded(call, found.value),
    call.name === 'just' ? 'just' : 'make',
    words.value,
    new Set(call.scope.variables.keys()),
  );
  for (const text of rules.immediate) {
    call.runText(text, inDirectory(call.scope, found.value.directory), null);
  }
  if (options.has('n', 'dry-run', 'just-print', 'recon', 't', 'touch', 'q', 'question')) {
    return NOTHING;
  }
  const goals = options.rest.filter(word => !word.includes('='));
  const first = rules.variables.get('.DEFAULT_GOAL') ?? rules.recipes.find(({name}) => !name.startsWith('.'))?.name;
  return playRecipes(call, rules, goals.length > 0 || first === undefined ? goals : [first], found.value.directory);
};
