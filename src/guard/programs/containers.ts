// docker, podman, nerdctl and compose: which containers an order ends, by name, id and project. Pure.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import {baseName, isInside, parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Program, Result} from '../call.ts';
import type {ContainerFact} from '../facts.ts';
import {containersOf, fileOf, lines, NOTHING, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {type Options, parseOptions} from './options.ts';
import {nearest} from './package-files.ts';
import {posixPattern} from './posix-pattern.ts';
import {ends} from './signals.ts';

const ENDING = new Set(['stop', 'kill', 'rm', 'restart', 'pause']);
const GLOBAL = {
  short: 'cHlna',
  long: ['context', 'host', 'log-level', 'config', 'url', 'connection', 'namespace', 'address'],
  stops: true,
} as const;
const COMPOSE = {
  short: 'fp',
  long: ['file', 'project-name', 'project-directory', 'profile', 'env-file', 'parallel', 'ansi', 'progress'],
  stops: true,
} as const;

const note = (call: Call, engine: string, containers: readonly ContainerFact[]): Result => {
  for (const container of containers) {
    call.verdicts.containers.set(`${engine} ${container.id}`, {...container, engine, by: call.shown});
  }
  return NOTHING;
};

/** By name; where that is nobody's, by the beginning of an id: a name of hexadecimal letters is none. */
const named = (all: readonly ContainerFact[], words: readonly string[]): readonly ContainerFact[] =>
  words
    .filter(word => word !== '')
    .flatMap(word => {
      const own = all.filter(({name}) => name === word.replace(/^\//, ''));
      return own.length > 0 ? own : all.filter(({id}) => id.startsWith(word) || word.startsWith(id));
    });

const endNamed = (call: Call, engine: string, verb: string, options: Options): Result => {
  const containers = containersOf(call, engine);
  if (!containers.known) {
    return undecided(call, containers.because);
  }
  if (verb === 'kill' && !ends(options.all('s', 'signal')[0] ?? 'KILL')) {
    return NOTHING;
  }
  if (options.has('l', 'latest', 'filter', 'cidfile', 'depend', 'running')) {
    return undecided(call, 'which containers that means is not followed');
  }
  const isAlive = verb === 'rm' && !options.has('f', 'force') ? containers.value.filter(({running}) => !running) : containers.value;
  return note(call, engine, options.has('a', 'all') ? isAlive : named(isAlive, options.rest));
};

const list = (call: Call, engine: string, options: Options): Result => {
  const containers = containersOf(call, engine);
  const [format] = options.all('format');
  if (!containers.known || !(options.has('q', 'quiet') || format !== undefined) || options.has('l', 'latest', 'n', 'last')) {
    return unclear(`what ${engine} lists is not followed`);
  }
  const filters = options.all('f', 'filter').map(filter => /^(name|label|status)=(.*)$/.exec(filter));
  const isMeant = ({name, project, running}: ContainerFact): boolean =>
    filters.every(filter => {
      const [, key, value = ''] = filter ?? [];
      if (key === 'name') {
        return posixPattern(value.replace(/^\^\//, '^'), {dialect: 'extended'})?.test(name) ?? true;
      }
      return key === 'status' ? running === (value === 'running') : value === `com.docker.compose.project=${project}`;
    });
  if (filters.some(filter => filter === null || (filter[1] === 'label' && !filter[2]?.startsWith('com.docker.compose.project=')))) {
    return unclear(`a filter of ${engine} is not followed`);
  }
  const rows = containers.value.filter(container => (options.has('a', 'all') || container.running) && isMeant(container));
  const written = (format ?? '{{.ID}}').replace(/^table /, '');
  const texts = rows.map(({id, name}) => written.replaceAll(/\{\{\s*\.ID\s*\}\}/g, id).replaceAll(/\{\{\s*\.Names?\s*\}\}/g, name));
  return /\{\{(?!\s*\.(?:ID|Names?)\s*\}\})/.test(written) ? unclear(`what ${engine} lists is not followed`) : lines(texts);
};

const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

const variableOf = (call: Call, name: string): string | null => {
  const value = call.scope.variables.get(name)?.values[0];
  return value?.known === true ? value.value : null;
};

/** Where something that was started from here or above has been started from; the nearest of these, here if there is none. */
const startedAbove = (here: string, containers: readonly ContainerFact[]): string =>
  containers
    .map(({directory}) => directory)
    .filter(directory => directory !== '' && isInside(here, directory))
    .reduce((nearer, directory) => (directory.length > nearer.length ? directory : nearer), '') || here;

/**
 * Where the project lies: as it is told, beside the first file, or where the nearest file is, from here upwards. Files are looked for as far as
 * the caller's own project reaches, compose goes on: from there the containers tell.
 */
const directoryOf = (call: Call, options: Options, containers: readonly ContainerFact[]): Known<string> => {
  const [told] = options.all('project-directory');
  const [file = variableOf(call, 'COMPOSE_FILE')?.split(':')[0]] = options.all('f', 'file');
  if (told !== undefined) {
    return pathOf(call.scope, told);
  }
  if (file !== undefined) {
    const path = file === '-' ? unknown('compose is told its project on standard input') : pathOf(call.scope, file);
    return path.known ? known(parentDirectory(path.value)) : path;
  }
  const here = call.scope.cwd;
  if (!here.known) {
    return here;
  }
  const found = nearest(call, here.value, FILES, true);
  return found.known ? known(found.value?.directory ?? startedAbove(here.value, containers)) : found;
};

/** What a line of a file beside the project says; null where there is none. */
const saidIn = (call: Call, paths: readonly string[], line: RegExp): string | null =>
  paths
    .map(path => fileOf(call, path))
    .map(text => (text.known ? (line.exec(text.value ?? '')?.[1] ?? null) : null))
    .find(said => said !== null) ?? null;

const inDirectory = (directory: string, names: readonly string[]): readonly string[] =>
  directory === '' ? [] : names.map(name => `${directory === '/' ? '' : directory}/${name}`);

/** The project that compose takes: named, from the surroundings, from its file, or the name of the directory (docs of compose, "Project name"). */
const projectOf = (call: Call, options: Options, directory: string): string => {
  const given = options.all('f', 'file').flatMap(file => {
    const path = pathOf(call.scope, file);
    return path.known ? [path.value] : [];
  });
  return (
    options.all('p', 'project-name')[0] ??
    variableOf(call, 'COMPOSE_PROJECT_NAME') ??
    saidIn(call, inDirectory(directory, ['.env']), /^\s*(?:export\s+)?COMPOSE_PROJECT_NAME=["']?([\w.-]+)/m) ??
    saidIn(call, given.length > 0 ? given : inDirectory(directory, FILES), /^name:\s*["']?([\w.-]+)/m) ??
    baseName(directory)
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '')
      .replace(/^[_-]+/, '')
  );
};

/** Verbs that make containers anew where what they are to be has changed: of a project of one name that lies elsewhere, their mounts have. */
const MAKES = new Set(['up', 'create', 'watch']);

const compose = (call: Call, engine: string, args: readonly string[]): Result => {
  const options = parseOptions(args, COMPOSE);
  const [verb = '', ...rest] = options.rest;
  if (verb === 'exec' && /\bkill|\bpkill/.test(rest.join(' '))) {
    return undecided(call, 'it ends something inside a container');
  }
  const isMade =
    (MAKES.has(verb) || (verb === 'run' && rest.includes('--remove-orphans')) || rest.includes('--down-project')) &&
    !rest.includes('--no-recreate');
  const isAnew = isMade && rest.some(word => /^--(?:force-recreate|remove-orphans|down-project|scale(?:=.*)?)$/.test(word));
  if (!ENDING.has(verb) && verb !== 'down' && verb !== 'scale' && !isMade) {
    return unclear('what compose writes is not known');
  }
  const isNamed = options.has('p', 'project-name');
  const containers = containersOf(call, engine);
  if (!containers.known) {
    return undecided(call, containers.because);
  }
  const directory = isNamed ? known('') : directoryOf(call, options, containers.value);
  if (!directory.known) {
    return undecided(call, directory.because);
  }
  const project = projectOf(call, options, directory.value);
  // A file may name its project itself, and podman-compose 1.0 reads no variable: what was started from there is meant by any name.
  const inside = containers.value.filter(
    each => each.project !== '' && (each.project === project || each.directory === (directory.value || null)),
  );
  if (isMade && !isAnew) {
    return note(
      call,
      engine,
      inside.filter(each => each.directory !== directory.value),
    );
  }
  const words = parseOptions(rest, {short: verb === 'kill' ? 'ts' : 't', long: ['timeout', 'rmi', 'signal']}).rest;
  const services = new Set(words.map(word => (verb === 'scale' ? word.replace(/=.*$/, '') : word)));
  const isWhole = verb === 'down' || isAnew || services.size === 0;
  return note(call, engine, isWhole ? inside : inside.filter(({service}) => services.has(service)));
};

/** What others run in it as well: services of a swarm, builders, the machine that all containers run in. */
const SHARED =
  /^(?:service (?:rm|scale|update|rollback)|node update|buildx (?:rm|stop)|desktop (?:stop|restart|quit)|container (?:cleanup|checkpoint)|checkpoint create|quadlet rm)$/;

const PRUNES = new Set(['prune']);

const order = (call: Call, engine: string, words: readonly string[]): Result => {
  const [first = '', second = '', ...rest] = words;
  if (first === 'compose') {
    return compose(call, engine, words.slice(1));
  }
  const [verb, args] = first === 'container' ? [second, rest] : [first, words.slice(1)];
  const options = parseOptions(args, {short: 'stfn', long: ['signal', 'time', 'timeout', 'filter', 'format', 'last', 'cidfile', 'name']});
  if (verb === 'ps' || verb === 'ls' || verb === 'list') {
    return list(call, engine, parseOptions(args, {short: 'fn', long: ['filter', 'format', 'last']}));
  }
  if (ENDING.has(verb)) {
    return endNamed(call, engine, verb, verb === 'rm' ? parseOptions(args, {short: 't', long: ['filter', 'cidfile', 'time']}) : options);
  }
  if (
    PRUNES.has(second) ||
    SHARED.test(`${first} ${second}`) ||
    (first === 'pod' && /^(?:rm|stop|kill|restart|pause)$/.test(second)) ||
    (first === 'stack' && second === 'rm') ||
    (first === 'swarm' && second === 'leave')
  ) {
    return undecided(call, `what ${engine} ${first} ${second} takes away belongs to whoever made it`);
  }
  if ((first === 'rmi' || (first === 'image' && second === 'rm')) && options.has('f', 'force')) {
    return undecided(call, `with an image by force ${engine} takes away the containers that are made of it`);
  }
  if (first === 'system' && second === 'reset') {
    return endNamed(call, engine, 'rm', {...options, has: name => name === 'f' || name === 'a'});
  }
  if ((verb === 'run' || verb === 'create') && options.has('replace')) {
    return endNamed(call, engine, 'rm', {...options, has: name => name === 'f', rest: options.all('name')});
  }
  if ((first === 'kube' || first === 'play') && (second === 'down' || args.some(word => /^--(?:replace|down)$/.test(word)))) {
    return undecided(call, `what ${engine} ${first} takes away belongs to whoever made it`);
  }
  if (verb === 'exec') {
    return /\bkill|\bpkill/.test(words.join(' '))
      ? undecided(call, 'it ends something inside a container')
      : unclear('what a container writes is not known');
  }
  return verb === 'machine' && /^(?:stop|rm)$/.test(second)
    ? undecided(call, 'all containers run in that machine')
    : unclear(`what ${engine} writes is not known`);
};

export const containers: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    const text = call.args.map(arg => (arg.known ? arg.value : '')).join(' ');
    return /\b(?:stop|kill|rm|restart|pause|down|prune)\b/.test(text) ? undecided(call, words.because) : unclear(words.because);
  }
  return order(call, call.name, parseOptions(words.value, GLOBAL).rest);
};

export const standaloneCompose: Program = call => {
  const words = wordsOf(call.args);
  const engine = call.name === 'podman-compose' ? 'podman' : 'docker';
  return words.known ? compose(call, engine, words.value) : undecided(call, words.because);
};
