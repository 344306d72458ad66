// killall and pidof: who is matched by name, by the rules of psmisc and sysvinit. Pure.
import {baseName} from '../../core/domain/paths.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program} from '../call.ts';
import {answer, end, NOTHING, openFilesOf, pathOf, processesOf, unclear, undecided, wordsOf} from '../results.ts';
import {COMM_LENGTH, type Filter, listOf, uidOf} from './match-processes.ts';
import {type Options, parseOptions} from './options.ts';
import {posixPattern} from './posix-pattern.ts';
import {ends, takeSignal} from './signals.ts';

/** The name that killall compares: of a cut one the whole, from the command line. */
const longName = ({comm, argv}: TerminalProcess): string => {
  const whole = baseName(argv[0] ?? '');
  return comm.length >= COMM_LENGTH && whole.startsWith(comm) ? whole : comm;
};

const killallFilters = (options: Options, call: Call): readonly Filter[] | null => {
  // A number is no name of a user to it.
  const users = listOf(options.all('u', 'user')).map(name => (/^\d+$/.test(name) ? -1 : uidOf(name, call.caller)));
  if (users.includes(null) || options.has('o', 'older-than', 'y', 'younger-than', 'n', 'ns', 'Z', 'context')) {
    return null;
  }
  const ignoreCase = options.has('I', 'ignore-case');
  const isRegex = options.has('r', 'regexp');
  const tests = options.rest.map((name): Filter | null => {
    if (name.includes('/') && !isRegex) {
      const path = pathOf(call.scope, name);
      const runs = path.known ? openFilesOf(call, path.value) : path;
      return runs.known ? ({pid}) => runs.value.includes(pid) : null;
    }
    const regex = posixPattern(name, {dialect: isRegex ? 'extended' : 'fixed', ignoreCase, span: isRegex ? 'any' : 'whole'});
    if (regex === null) {
      return null;
    }
    return process => regex.test(longName(process));
  });
  if (tests.includes(null)) {
    return null;
  }
  const isNamed: Filter = process => tests.length === 0 || tests.some(test => test?.(process) === true);
  return [...(users.length > 0 ? [({uid}: TerminalProcess) => users.includes(uid)] : []), isNamed];
};

export const killall: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const {signal, words: others} = takeSignal(words.value);
  const options = parseOptions(others, {short: 'sunoyZ', long: ['signal', 'user', 'ns', 'older-than', 'younger-than', 'context']});
  if (options.has('l', 'list', 'V', 'version', 'help') || !ends(options.all('s', 'signal')[0] ?? signal)) {
    return NOTHING;
  }
  if (options.rest.length === 0 && !options.has('u', 'user')) {
    return NOTHING;
  }
  const filters = killallFilters(options, call);
  const table = processesOf(call);
  if (filters === null || !table.known) {
    return undecided(call, table.known ? 'one of its options is not followed' : table.because);
  }
  const all = [...table.value.values()];
  const matched = all.filter(process => filters.every(filter => filter(process)));
  const groups = new Set(options.has('g', 'process-group') ? matched.map(({pgid}) => pgid) : []);
  end(
    call,
    [...matched, ...all.filter(({pgid}) => groups.has(pgid))].map(({pid}) => pid),
  );
  return answer('', matched.length === 0 ? 1 : null);
};

export const pidof: Program = call => {
  const words = wordsOf(call.args);
  const table = processesOf(call);
  if (!words.known || !table.known) {
    return unclear('whom pidof finds is not known');
  }
  const options = parseOptions(words.value, {short: 'oS', long: ['omit-pid', 'separator']});
  const names = new Set(options.rest);
  const omitted = new Set(listOf(options.all('o', 'omit-pid')));
  const isNamed = ({argv, comm}: TerminalProcess): boolean =>
    [argv[0], baseName(argv[0] ?? ''), comm, ...(options.has('x') ? [baseName(argv[1] ?? '')] : [])].some(
      name => name !== undefined && names.has(name),
    );
  const pids = [...table.value.values()].filter(process => isNamed(process) && !omitted.has(String(process.pid))).map(({pid}) => pid);
  const ordered = pids.toSorted((a, b) => b - a).slice(0, options.has('s', 'single-shot') ? 1 : undefined);
  return answer(ordered.length === 0 ? '' : `${ordered.join(' ')}\n`, ordered.length === 0 ? 1 : 0);
};
