// pkill and pgrep: who is matched, by the rules of procps. Pure.

import {fullLine} from '../../core/domain/command-line.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {ListedProcess, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program} from '../call.ts';
import type {Caller} from '../facts.ts';
import {
  answer,
  end,
  fileOf,
  lines,
  linesOf,
  listedOf,
  NOTHING,
  OWN_SHELL,
  pathOf,
  processesOf,
  someOf,
  unclear,
  undecided,
  wordsOf,
} from '../results.ts';
import {type Options, parseOptions} from './options.ts';
import {posixPattern} from './posix-pattern.ts';
import {ends, takeSignal} from './signals.ts';

/** proc_pid_comm(5): longer names are cut. */
export const COMM_LENGTH = 15;

const PGREP_LONG =
  'signal delimiter pidfile pgroup group older parent session terminal euid uid queue ns nslist cgroup env runstates'.split(' ');
/** Of procps 4; `echo` and `queue` are pkill’s, `delimiter`, `inverse`, `lightweight` and the lists are pgrep’s. */
const PGREP_FLAGS = (
  'echo count full ignore-case newest oldest exact logpidfile ignore-ancestors require-handler mrelease inverse lightweight list-name ' +
  'list-full quiet shell-quote help version'
).split(' ');
const NOT_FOLLOWED = ['G', 'group', 'O', 'older', 'ns', 'nslist', 'cgroup', 'env', 'r', 'runstates', 'L', 'logpidfile'];

export type Filter = (process: TerminalProcess) => boolean;

export const listOf = (values: readonly string[]): readonly string[] =>
  values.flatMap(value => value.split(/[,\s]+/)).filter(value => value !== '');

export const uidOf = (name: string, caller: Caller): number | null => {
  if (/^\d+$/.test(name)) {
    return Number(name);
  }
  if (name === caller.user) {
    return caller.uid;
  }
  return name === 'root' ? 0 : null;
};

const numbers = (values: readonly string[], own: string): ReadonlySet<number> =>
  new Set(listOf(values).map(value => (value === '0' ? Number(own) : Number(value))));

interface Conditions {
  /** What the stat line tells. */
  readonly listed: readonly ((process: ListedProcess) => boolean)[];
  readonly owner: Filter | null;
}

/** The conditions beside the pattern; null where one is not followed. */
const conditionsOf = (options: Options, call: Call): Conditions | null => {
  const listed: ((process: ListedProcess) => boolean)[] = [];
  const users = listOf(options.all('u', 'euid', 'U', 'uid')).map(name => uidOf(name, call.caller));
  if (users.includes(null) || options.has(...NOT_FOLLOWED)) {
    return null;
  }
  const by = (names: readonly string[], own: string, field: (process: ListedProcess) => number): void => {
    const wanted = numbers(options.all(...names), own);
    if (wanted.size > 0) {
      listed.push(process => wanted.has(field(process)));
    }
  };
  by(['P', 'parent'], '0', ({ppid}) => ppid);
  by(['g', 'pgroup'], OWN_SHELL, ({pgid}) => pgid);
  by(['s', 'session'], OWN_SHELL, ({sid}) => sid);
  const terminals = listOf(options.all('t', 'terminal'));
  if (terminals.length > 0) {
    listed.push(({tty}) => tty !== null && terminals.includes(tty));
  }
  return {listed, owner: users.length > 0 ? ({uid}) => users.includes(uid) : null};
};

const newest = (matched: readonly TerminalProcess[], sign: 1 | -1): readonly TerminalProcess[] =>
  matched.toSorted((a, b) => sign * (b.startTime - a.startTime || b.pid - a.pid)).slice(0, 1);

/** Of `-n` and `-o` one is meant, but a loop meets one after the other, and so does the next call of the same command. */
const chosen = (matched: readonly TerminalProcess[], options: Options, call: Call): readonly TerminalProcess[] => {
  const rest = matched.filter(({pid}) => !call.verdicts.endings.has(pid));
  if (call.scope.repeats || !options.has('n', 'newest', 'o', 'oldest')) {
    return matched;
  }
  return newest(rest, options.has('n', 'newest') ? 1 : -1);
};

const patternOf = (options: Options): RegExp | null => {
  const [pattern] = options.rest;
  const kind = {
    dialect: 'extended',
    ignoreCase: options.has('i', 'ignore-case'),
    span: options.has('x', 'exact') ? 'whole' : 'any',
  } as const;
  return pattern === undefined ? /(?:)/ : posixPattern(pattern, kind);
};

/** A line end among the words is a blank to pgrep. */
const asOneLine = (line: string): string => line.replaceAll('\n', ' ');

/** Whom a pattern means, of those whom the stat lines leave where these are what it is held against: nobody is asked for more. */
const byPattern = (call: Call, options: Options, regex: RegExp, {listed}: Conditions): Known<readonly number[]> => {
  if (options.has('f', 'full')) {
    const all = linesOf(call);
    return all.known ? known([...all.value].flatMap(([pid, line]) => (regex.test(asOneLine(line)) ? [pid] : []))) : all;
  }
  const all = listedOf(call);
  const isMeant = (process: ListedProcess): boolean =>
    regex.test(process.comm.slice(0, COMM_LENGTH)) && listed.every(filter => filter(process));
  return all.known ? known([...all.value.values()].filter(isMeant).map(({pid}) => pid)) : all;
};

/** Everybody whom pattern and options leave; for `-v` everybody else. */
const picked = (call: Call, options: Options, conditions: Conditions, isListed: (pid: number) => boolean) => {
  const regex = patternOf(options);
  if (regex === null) {
    return unknown(`the pattern ${options.rest[0]} is not understood`);
  }
  const matched = byPattern(call, options, regex, conditions);
  const some = matched.known ? someOf(call, matched.value.filter(isListed)) : matched;
  if (!some.known) {
    return some;
  }
  const {listed, owner} = conditions;
  const meant = some.value.filter(process => listed.every(filter => filter(process)) && owner?.(process) !== false);
  if (!options.has('inverse') && !(call.name === 'pgrep' && options.has('v'))) {
    return known(meant);
  }
  const [all, left] = [processesOf(call), new Set(meant.map(({pid}) => pid))];
  return all.known ? known([...all.value.values()].filter(({pid}) => !left.has(pid))) : all;
};

type Matching = {readonly matched: readonly TerminalProcess[]} | {readonly trouble: string} | null;

/** Whom pgrep and pkill mean; null where they would complain and do nothing. */
const match = (call: Call, options: Options): Matching => {
  const conditions = conditionsOf(options, call);
  if (conditions === null) {
    return {trouble: 'one of its options is not followed'};
  }
  const [pattern, ...more] = options.rest;
  const pidFiles = options.all('F', 'pidfile');
  if (more.length > 0 || (pattern === undefined && conditions.listed.length === 0 && conditions.owner === null && pidFiles.length === 0)) {
    return null;
  }
  const listed = pidsIn(call, pidFiles);
  if (typeof listed === 'string') {
    return {trouble: listed};
  }
  const found = picked(call, options, conditions, pid => listed === null || listed.has(pid));
  return found.known ? {matched: chosen(found.value, options, call)} : {trouble: found.because};
};

/** Pids in files; null where no file is named, a reason where one cannot be read. */
const pidsIn = (call: Call, paths: readonly string[]): ReadonlySet<number> | null | string => {
  const pids = new Set<number>();
  for (const path of paths) {
    const place = pathOf(call.scope, path);
    const text = place.known ? fileOf(call, place.value) : place;
    if (!text.known) {
      return text.because;
    }
    pids.add(Number.parseInt(text.value ?? '', 10));
  }
  return paths.length === 0 ? null : pids;
};

const pgrepOptions = (words: readonly string[]): Options =>
  parseOptions(words, {short: 'dFgGOPstuUqr', long: PGREP_LONG, flags: PGREP_FLAGS});

export const pgrep: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = pgrepOptions(words.value);
  const found = match(call, options);
  if (found === null) {
    return answer('', 2);
  }
  if ('trouble' in found) {
    return unclear(found.trouble);
  }
  const {matched} = found;
  const status = matched.length === 0 ? 1 : 0;
  if (options.has('c', 'count')) {
    return lines([matched.length], status);
  }
  const [delimiter = '\n'] = options.all('d', 'delimiter');
  const rows = matched.map(process => {
    if (options.has('a', 'list-full')) {
      return `${process.pid} ${asOneLine(fullLine(process))}`;
    }
    return options.has('l', 'list-name') ? `${process.pid} ${process.comm}` : String(process.pid);
  });
  return answer(rows.length === 0 ? '' : `${rows.join(delimiter)}\n`, status);
};

export const pkill: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    const said = call.args.flatMap(arg => (arg.known ? [arg.value] : []));
    return ends(takeSignal(said).signal) ? undecided(call, words.because) : NOTHING;
  }
  const {signal, words: others} = takeSignal(words.value);
  const options = pgrepOptions(others);
  if (!ends(options.all('signal')[0] ?? signal)) {
    return NOTHING;
  }
  // Only pgrep has it by its letter.
  const found = options.has('v') ? null : match(call, options);
  if (found === null) {
    return answer('', 2);
  }
  if ('trouble' in found) {
    return undecided(call, found.trouble);
  }
  end(
    call,
    found.matched.map(({pid}) => pid),
  );
  // A match that must not be signalled is a failure, so the status is not certain.
  return answer('', found.matched.length === 0 ? 1 : null);
};
