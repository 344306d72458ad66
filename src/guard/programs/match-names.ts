// killall and pidof: who is matched by name, by the rules of psmisc and sysvinit. Pure.

import {type Known, known} from '../../core/domain/known.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {ListedProcess, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program} from '../call.ts';
import {answer, end, listedOf, NOTHING, openFilesOf, pathOf, processesOf, someOf, unclear, undecided, wordsOf} from '../results.ts';
import {COMM_LENGTH, listOf, uidOf} from './match-processes.ts';
import {type Options, parseOptions} from './options.ts';
import {posixPattern} from './posix-pattern.ts';
import {ends, takeSignal} from './signals.ts';

/** Words and owner where they bear on it. */
type Named = ListedProcess & Partial<Pick<TerminalProcess, 'argv' | 'uid'>>;
type Condition = (process: Named) => boolean;

/** The name that killall compares: of a cut one the whole, from the command line. */
const longName = ({comm, argv = []}: Named): string => {
  const whole = baseName(argv[0] ?? '');
  return comm.length >= COMM_LENGTH && whole.startsWith(comm) ? whole : comm;
};

const killallFilters = (options: Options, call: Call): readonly Condition[] | null => {
  // A number is no name of a user to it.
  const users = listOf(options.all('u', 'user')).map(name => (/^\d+$/.test(name) ? -1 : uidOf(name, call.caller)));
  if (users.includes(null) || options.has('o', 'older-than', 'y', 'younger-than', 'n', 'ns', 'Z', 'context')) {
    return null;
  }
  const ignoreCase = options.has('I', 'ignore-case');
  const isRegex = options.has('r', 'regexp');
  const tests = options.rest.map((name): Condition | null => {
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
  const isNamed: Condition = process => tests.length === 0 || tests.some(test => test?.(process) === true);
  return [...(users.length > 0 ? [({uid}: Named) => users.includes(uid ?? -1)] : []), isNamed];
};

/** Everybody, the words of those whose name is cut, and where users are named everybody in full. */
const namedOf = (call: Call, byUser: boolean): Known<readonly Named[]> => {
  const table = byUser ? processesOf(call) : listedOf(call);
  if (!table.known) {
    return table;
  }
  const all: readonly Named[] = [...table.value.values()];
  const cut = someOf(
    call,
    all.filter(({comm, argv}) => comm.length >= COMM_LENGTH && argv === undefined).map(({pid}) => pid),
  );
  return cut.known ? known([...all.filter(({pid}) => !cut.value.some(each => each.pid === pid)), ...cut.value]) : cut;
};

export const killall: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const {signal, words: others} = takeSignal(words.value);
  const options = parseOptions(others, {
    short: 'sunoyZ',
    long: ['signal', 'user', 'ns', 'older-than', 'younger-than', 'context'],
    flags: ['exact', 'ignore-case', 'process-group', 'interactive', 'list', 'quiet', 'regexp', 'verbose', 'version', 'wait', 'help'],
  });
  if (options.has('l', 'list', 'V', 'version', 'help') || !ends(options.all('s', 'signal')[0] ?? signal)) {
    return NOTHING;
  }
  if (options.rest.length === 0 && !options.has('u', 'user')) {
    return NOTHING;
  }
  const filters = killallFilters(options, call);
  const named = namedOf(call, options.has('u', 'user'));
  if (filters === null || !named.known) {
    return undecided(call, named.known ? 'one of its options is not followed' : named.because);
  }
  const all = named.value;
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
  const options = parseOptions(words.value, {short: 'oSd', long: ['omit-pid', 'separator']});
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
