// pm2: which of the applications that its daemon keeps an order ends, by the files in which it writes their pids. Pure.

import {fullLine} from '../../core/domain/command-line.ts';
import {childrenByParent, descendantsOf} from '../../core/domain/forest.ts';
import {type Known, known} from '../../core/domain/known.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program, Result} from '../call.ts';
import {directoryOf, end, fileOf, NOTHING, pathOf, processesOf, unclear, undecided, wordsOf} from '../results.ts';
import {parseOptions} from './options.ts';
import {ends} from './signals.ts';

interface Application {
  readonly id: string;
  /** As its file is called: what is neither a letter, a digit, a dot nor a dash is a dash there. */
  readonly name: string;
  readonly pid: number;
}

interface Kept {
  readonly daemons: readonly TerminalProcess[];
  readonly children: ReadonlyMap<number, readonly number[]>;
  readonly applications: readonly Application[];
}

const ENDING = new Set(['delete', 'del', 'stop', 'restart', 'reload', 'scale', 'start', 'sendSignal', 'startOrRestart', 'startOrReload']);
const ENDING_ALL = new Set(['kill', 'update']);
const CONFIGURATION = /\.(?:json|[cm]?js|ya?ml)$/;

const asFile = (name: string): string => name.replace(/[^a-zA-Z0-9.-]/g, '-');

/** `$PM2_HOME`, else `~/.pm2`. */
const homeOf = ({scope, caller}: Call): Known<string> => scope.variables.get('PM2_HOME')?.values[0] ?? known(`${caller.home}/.pm2`);

const applicationsIn = (call: Call, home: string, living: ReadonlySet<number>): Known<readonly Application[]> => {
  const names = directoryOf(call, `${home}/pids`);
  if (!names.known) {
    return names;
  }
  const found: Application[] = [];
  let unread: Known<never> | null = null;
  for (const file of names.value) {
    const [, name, id] = /^(.*)-(\d+)\.pid$/.exec(file) ?? [];
    const text = name === undefined ? known(null) : fileOf(call, `${home}/pids/${file}`);
    const pid = Number.parseInt((text.known && text.value) || '', 10);
    unread = text.known ? unread : text;
    found.push(...(living.has(pid) ? [{id: id ?? '', name: name ?? '', pid}] : []));
  }
  return unread ?? known(found);
};

const keptBy = (call: Call): Known<Kept> => {
  const [home, table] = [homeOf(call), processesOf(call)];
  if (!home.known) {
    return home;
  }
  if (!table.known) {
    return table;
  }
  const daemons = [...table.value.values()].filter(process => {
    const [, of] = /^PM2 v[\d.]+: God Daemon \((.*)\)/.exec(fullLine(process)) ?? [];
    return of === home.value && process.uid === call.caller.uid;
  });
  const children = childrenByParent(table.value);
  const living = new Set(daemons.flatMap(({pid}) => children.get(pid) ?? []));
  const applications = daemons.length === 0 ? known([]) : applicationsIn(call, home.value, living);
  return applications.known ? known({daemons, children, applications: applications.value}) : applications;
};

/** Those that a word names: all, an id, a name, a pattern, or what a file has in quotes. Null where that cannot be told. */
const meantBy = (call: Call, word: string, {applications}: Kept): readonly Application[] | null => {
  if (word === 'all') {
    return applications;
  }
  const [, pattern] = /^\/(.*)\/$/.exec(word) ?? [];
  if (pattern === undefined && CONFIGURATION.test(word)) {
    const path = pathOf(call.scope, word);
    const text = path.known ? fileOf(call, path.value) : path;
    return text.known ? applications.filter(({name}) => asFile(text.value ?? '').includes(`-${name}-`)) : null;
  }
  const named = applications.filter(({id, name}) => id === word || name === asFile(word));
  return named.length > 0 && pattern === undefined ? named : null;
};

const endTrees = (call: Call, pids: readonly number[], {children}: Kept): Result => {
  end(
    call,
    pids.flatMap(pid => [pid, ...descendantsOf(children, pid).map(below => below.pid)]),
  );
  return NOTHING;
};

export const pm2: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const options = parseOptions(words.value.slice(0, words.value.includes('--') ? words.value.indexOf('--') : undefined), {
    short: 'niuoelpxN',
    long: ['name', 'instances', 'env', 'output', 'error', 'log', 'pid', 'cwd', 'interpreter', 'namespace', 'only'],
  });
  const [verb = '', ...rest] = options.rest;
  const isAll = ENDING_ALL.has(verb);
  if (!isAll && !ENDING.has(verb)) {
    return unclear('what pm2 writes is not known');
  }
  const kept = keptBy(call);
  if (!kept.known) {
    return undecided(call, kept.because);
  }
  const {daemons, applications} = kept.value;
  const below = daemons.flatMap(({pid}) => kept.value.children.get(pid) ?? []);
  if (isAll || rest.includes('all')) {
    return endTrees(call, [...(isAll ? daemons.map(({pid}) => pid) : []), ...below], kept.value);
  }
  const [first = '', ...others] = rest;
  if (verb === 'sendSignal' && !ends(first)) {
    return NOTHING;
  }
  const meant = ((verb === 'sendSignal' && others) || (verb === 'scale' && [first]) || rest).map(word => meantBy(call, word, kept.value));
  // What has no pid file is a namespace, or keeps it elsewhere; what is started under another name is new.
  if (meant.includes(null) && below.length > 0 && !verb.startsWith('start')) {
    return undecided(call, 'which process pm2 keeps under that name cannot be seen');
  }
  return endTrees(
    call,
    applications.filter(application => meant.some(each => each?.includes(application) === true)).map(({pid}) => pid),
    kept.value,
  );
};
