// Workspaces of npm, pnpm, yarn and bun: the packages that an order is for, and a script in each of them. Pure.
import {parseRecord, recordField, textField} from '../../core/domain/json-fields.ts';
import {type Known, known} from '../../core/domain/known.ts';
import {isInside, parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Result} from '../call.ts';
import {fileOf, pathOf, unclear, undecided} from '../results.ts';
import {expandGlob} from '../shell/globs.ts';
import {type Options, parseOptions} from './options.ts';
import {type Found, nearest, runScript} from './package-files.ts';

/** Which packages of a workspace are meant. */
export interface Reach {
  /** `only`: nothing but the top of the workspace. */
  readonly top: 'only' | 'with' | 'without';
  /** Names, patterns and paths; none: all. */
  readonly picks: readonly string[];
}

const reachOfNpm = (options: Options): Reach | null => {
  // `-ws` and `-iwr` are words of their own to npm.
  const short = options.all('w');
  const picks = [...short.filter(pick => pick !== 's' && pick !== 'r'), ...options.all('workspace')];
  const isAll = short.includes('s') || options.has('ws', 'workspaces');
  const top = short.includes('r') || options.has('iwr', 'include-workspace-root') ? 'with' : 'without';
  return isAll || picks.length > 0 ? {top, picks: isAll ? [] : picks} : null;
};

const reachOfPnpm = (options: Options): Reach | null => {
  const picks = options.all('filter', 'F', 'filter-prod');
  const isTop = options.has('w', 'workspace-root');
  if (options.has('r', 'recursive') || picks.length > 0) {
    return {top: isTop || picks.length > 0 || options.has('include-workspace-root') ? 'with' : 'without', picks};
  }
  return isTop ? {top: 'only', picks: []} : null;
};

/** What options say of it; null: nothing. */
export const reachOf = (manager: string, options: Options): Reach | null => {
  switch (manager) {
    case 'npm':
      return reachOfNpm(options);
    case 'yarn':
      return options.has('T', 'top-level') ? {top: 'only', picks: []} : null;
    default:
      return reachOfPnpm(options);
  }
};

/** `yarn workspaces run`, `yarn workspaces foreach`, `yarn workspace NAME`: for whom, and the order itself. */
export const yarnReach = ([first = '', second = '', ...rest]: readonly string[]): {
  readonly reach: Reach;
  readonly words: readonly string[];
} | null => {
  if (first === 'workspace') {
    return {reach: {top: 'with', picks: [second]}, words: rest};
  }
  if (first !== 'workspaces') {
    return null;
  }
  if (second !== 'foreach') {
    return {reach: {top: 'without', picks: []}, words: [second, ...rest]};
  }
  const options = parseOptions(rest, {short: 'j', long: ['jobs', 'from', 'include', 'exclude'], stops: true});
  return {reach: {top: 'with', picks: options.all('include')}, words: options.rest};
};

const globsOf = (call: Call, {directory, text}: Found): Known<readonly string[]> => {
  const yaml = fileOf(call, `${directory}/pnpm-workspace.yaml`);
  if (!yaml.known) {
    return yaml;
  }
  const {workspaces} = parseRecord(text) ?? {};
  const listed = Array.isArray(workspaces) ? workspaces : (recordField(parseRecord(text) ?? {}, 'workspaces')?.packages ?? []);
  const inYaml = [...(yaml.value ?? '').matchAll(/^\s*-\s*['"]?([^'"#\n]+?)['"]?\s*$/gm)].map(([, glob]) => glob);
  const globs = [...(Array.isArray(listed) ? listed : []), ...inYaml].filter((glob): glob is string => typeof glob === 'string');
  return known(globs.filter(glob => !glob.startsWith('!')));
};

/** `**` is followed two directories down. */
const spelledOut = (glob: string): readonly string[] =>
  glob.includes('**') ? [glob.replaceAll('**', '*'), glob.replaceAll('**', '*/*')] : [glob];

/** Directories of the packages: globs of `pnpm-workspace.yaml`, or of `workspaces` in the package.json at the top. */
const packagesOf = (call: Call, top: Found): Known<readonly string[]> => {
  const globs = globsOf(call, top);
  if (!globs.known) {
    return globs;
  }
  const places = new Set<string>();
  for (const glob of globs.value.flatMap(spelledOut)) {
    const whole = `${top.directory}/${glob.replace(/^\.\//, '').replace(/\/+$/, '')}`;
    for (const place of /[*?[]/.test(whole) ? (expandGlob(whole, call) ?? []) : [known(whole)]) {
      if (!place.known) {
        return place;
      }
      places.add(place.value);
    }
  }
  return known([...places].filter(place => !place.includes('/node_modules')));
};

const isTopOf = (call: Call, {directory, text}: Found): Known<boolean> => {
  if (parseRecord(text)?.workspaces !== undefined) {
    return known(true);
  }
  const yaml = call.name === 'pnpm' ? fileOf(call, `${directory}/pnpm-workspace.yaml`) : known(null);
  return yaml.known ? known(yaml.value !== null) : yaml;
};

/** The package.json at the top of the workspace that a directory is in; null: there is no workspace. */
const topOf = (call: Call, start: string): Known<Found | null> => {
  for (let from = start; ; ) {
    const found = nearest(call, from, ['package.json'], true);
    if (!found.known || found.value === null) {
      return found;
    }
    const isTop = isTopOf(call, found.value);
    if (!isTop.known) {
      return isTop;
    }
    const {directory} = found.value;
    if (isTop.value) {
      return found;
    }
    if (directory === '/' || directory === call.caller.root) {
      return known(null);
    }
    from = parentDirectory(directory);
  }
};

/** A pick that is more than a name, a path or `*` in one of these; null: which packages it means is not followed. */
const pickPattern = (pick: string): RegExp | null =>
  /^[\w@./*-]+$/.test(pick) && !pick.includes('...')
    ? new RegExp(`^${pick.replaceAll('.', '\\.').replaceAll('**', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '.*')}$`)
    : null;

const isPicked = (call: Call, {directory, text}: Found, pick: string): boolean => {
  const name = textField(parseRecord(text) ?? {}, 'name') ?? '';
  const pattern = pickPattern(pick);
  const path = pathOf(call.scope, pick.replace(/\/+$/, ''));
  const placed = path.known ? pickPattern(path.value) : null;
  // A name without its scope is enough for pnpm.
  return (
    pattern === null ||
    pattern.test(name) ||
    pattern.test(name.replace(/^@[^/]*\//, '')) ||
    placed?.test(directory) === true ||
    (path.known && isInside(directory, path.value))
  );
};

const meant = (call: Call, top: Found, all: readonly Found[], reach: Reach): readonly Found[] => {
  if (reach.top === 'only') {
    return [top];
  }
  const picked = [top, ...all].filter(each => reach.picks.some(pick => isPicked(call, each, pick)));
  return picked.length > 0 ? picked : [...(reach.top === 'with' || reach.picks.length > 0 ? [top] : []), ...all];
};

/** The packages an order is for; without a workspace the one that is nearest. */
const packagesFor = (call: Call, start: string, reach: Reach): Known<readonly Found[]> => {
  const top = topOf(call, start);
  if (!top.known) {
    return top;
  }
  if (top.value === null) {
    const found = nearest(call, start, ['package.json'], true);
    return found.known ? known(found.value === null ? [] : [found.value]) : found;
  }
  const places = reach.top === 'only' ? known([]) : packagesOf(call, top.value);
  if (!places.known) {
    return places;
  }
  const all: Found[] = [];
  for (const directory of places.value) {
    const text = fileOf(call, `${directory}/package.json`);
    if (text.known && text.value !== null) {
      all.push({text: text.value, directory});
    }
  }
  return known(meant(call, top.value, all, reach));
};

/** The script in each of the packages. `start`: where the order is given. */
export const runEverywhere = (call: Call, start: string, reach: Reach, script: string, args: readonly string[]): Result => {
  const packages = packagesFor(call, start, reach);
  if (!packages.known) {
    return /stop|kill|down|clean/.test(script) ? undecided(call, packages.because) : unclear(packages.because);
  }
  for (const each of packages.value) {
    runScript(call, each, script, args);
  }
  return unclear(`what ${call.name} writes is not known`);
};
