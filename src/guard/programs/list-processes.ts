// ps: its table, as far as commands pick processes from it (ps(1)). Pure.
import {fullLine} from '../../core/domain/command-line.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {ListedProcess, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program} from '../call.ts';
import type {Caller} from '../facts.ts';
import {lines, listedOf, OWN_SHELL, processesOf, someOf, unclear, wordsOf} from '../results.ts';
import {UNTOLD} from './filter-input.ts';
import {listOf, uidOf} from './match-processes.ts';

interface Asked {
  readonly style: Style;
  readonly columns: readonly string[];
  readonly by: ReadonlyMap<string, readonly string[]>;
}

const LONG: ReadonlyMap<string, string> = new Map([
  ['--pid', 'p'],
  ['--ppid', 'P'],
  ['--user', 'u'],
  ['--User', 'u'],
  ['--tty', 't'],
  ['--sid', 's'],
  ['--format', 'o'],
]);

const columnsBy = (rows: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(rows).map(([letters, columns]) => [letters, columns.split(' ')]));

/** Columns by the letters of a format, sorted: of UNIX's style (`-f`), and of BSD's (`u`). */
const UNIX = columnsBy({
  '': 'pid tty time comm',
  F: 'user pid ppid c sz rss psr stime tty time args',
  f: 'user pid ppid c stime tty time args',
  fj: 'user pid ppid pgid sid c stime tty time args',
  fl: 'f s user pid ppid c pri ni addr sz wchan stime tty time args',
  j: 'pid pgid sid tty time comm',
  jl: 'f s uid pid ppid pgid sid c pri ni addr sz wchan tty time comm',
  l: 'f s uid pid ppid c pri ni addr sz wchan tty time comm',
  ly: 's uid pid ppid c pri ni rss sz wchan tty time comm',
});
const BSD = columnsBy({
  '': 'pid tty stat time args',
  j: 'ppid pid pgid sid tty tpgid stat uid time args',
  l: 'f uid pid ppid pri ni vsz rss wchan stat tty time args',
  u: 'user pid %cpu %mem vsz rss tty stat start time args',
  v: 'pid tty stat time majflt trs drs rss %mem args',
});

interface Style {
  /** Letters that pick processes: of UNIX's style everybody, of BSD's those of others, and those without a terminal. */
  readonly picks: Set<string>;
  readonly unix: Set<string>;
  readonly bsd: Set<string>;
  isBsd: boolean;
  header: boolean;
  /** Neither by their numbers nor the other way round. */
  isSorted: boolean;
  isReversed: boolean;
}

/** One letter of a cluster that takes no value; false where it is not followed. */
const setLetter = (letter: string, isBsd: boolean, style: Style): boolean => {
  if (isBsd ? /[xaT]/.test(letter) : /[eA]/.test(letter)) {
    style.picks.add(letter);
  } else if (isBsd ? /[julv]/.test(letter) : /[fFjly]/.test(letter)) {
    (isBsd ? style.bsd : style.unix).add(letter);
  } else if (isBsd && letter === 'h') {
    style.header = false;
  } else if (!(isBsd ? /[wHLcf]/ : /[wHTLc]/).test(letter)) {
    return false;
  }
  style.isBsd ||= isBsd;
  return true;
};

const columnsOf = ({unix, bsd, isBsd}: Style): readonly string[] | undefined =>
  unix.size > 0 || !isBsd ? UNIX.get([...unix].toSorted().join('')) : BSD.get([...bsd].toSorted().join(''));

/** `--sort KEYS`, `k KEYS`: in another order than by their numbers nobody can tell who comes first. */
const sortBy = (keys: string, style: Style): void => {
  style.isReversed = keys === '-pid';
  style.isSorted = !/^[+-]?pid$/.test(keys);
};

/** Options in BSD’s and in UNIX’s style; null where one is not followed. */
const parse = (words: readonly string[]): Asked | null => {
  const by = new Map<string, string[]>();
  const columns: string[] = [];
  const style: Style = {
    picks: new Set(),
    unix: new Set(),
    bsd: new Set(),
    isBsd: false,
    header: true,
    isSorted: false,
    isReversed: false,
  };
  let at = -1;
  const next = (): string | undefined => {
    at += 1;
    return words[at];
  };
  const add = (name: string, value: string): void => {
    if (name === 'o') {
      columns.push(...listOf([value]));
    } else {
      by.set(name, [...(by.get(name) ?? []), ...listOf([value])]);
    }
  };
  for (let word = next(); word !== undefined; word = next()) {
    const [long = '', value] = word.split('=');
    const name = LONG.get(long);
    if (name !== undefined) {
      add(name, value ?? next() ?? '');
    } else if (/^--(?:no-headers?|no-heading)$/.test(word)) {
      style.header = false;
    } else if (long === '--sort') {
      sortBy(value ?? next() ?? '', style);
    } else if (/^--(?:cols|width)$/.test(word)) {
      next();
    } else if (/^\d[\d,]*$/.test(word)) {
      add('p', word);
    } else if (!/^--(?:forest|cols|width)/.test(word)) {
      // `-aux` means a user of the name `x`; where there is none, it is taken for BSD's.
      const isBsd = !word.startsWith('-') || /^-[a-z]*x/.test(word);
      for (const [index, letter] of [...word.replace(/^-/, '')].entries()) {
        if (letter === 'o' || (!isBsd && 'pPuUCtsg'.includes(letter))) {
          const attached = word.slice(index + (word.startsWith('-') ? 2 : 1));
          add(letter === 'U' ? 'u' : letter, attached === '' ? (next() ?? '') : attached);
          break;
        }
        if (!setLetter(letter, isBsd, style)) {
          return null;
        }
      }
    }
  }
  const own = columns.length > 0 ? columns : columnsOf(style);
  return own === undefined || style.isSorted ? null : {style, columns: own, by};
};

/** Without words and owner where neither is printed. */
type Shown = ListedProcess & Partial<Pick<TerminalProcess, 'argv' | 'uid'>>;

/** Where nobody is named: of the same user, and of the same terminal, of which a shell for tools has none. BSD's letters lift that. */
const isOfCaller = ({uid, tty}: Shown, {picks, isBsd}: Style, call: Call): boolean => {
  if (picks.has('T')) {
    return tty === null;
  }
  const isOwn = uid === (call.scope.isRoot ? 0 : call.caller.uid);
  return (picks.has('a') || isOwn) && (picks.has('x') || (tty === null) !== isBsd);
};

const isPicked = (process: Shown, {style, by}: Asked, call: Call): boolean => {
  const {picks} = style;
  if (picks.has('e') || picks.has('A') || (picks.has('a') && picks.has('x'))) {
    return true;
  }
  if (by.size === 0 || picks.size > 0) {
    return isOfCaller(process, style, call) || (by.size > 0 && isNamed(process, by, call));
  }
  return isNamed(process, by, call);
};

const isNamed = (process: Shown, by: Asked['by'], call: Call): boolean => {
  const has = (name: string, test: (value: string) => boolean): boolean => (by.get(name) ?? []).some(test);
  return (
    has('p', value => Number(value) === process.pid) ||
    has('P', value => Number(value) === process.ppid) ||
    has('u', value => uidOf(value, call.caller) === process.uid) ||
    has('C', value => process.comm === value.slice(0, 15)) ||
    has('t', value => process.tty === value.replace(/^\/dev\//, '')) ||
    has('s', value => Number(value) === process.sid) ||
    has('g', value => Number(value) === process.sid)
  );
};

/** Line ends and their like are shown as that. */
const CONTROL = /\p{Cc}/gu;

const cell = (process: Shown, column: string, call: Call): string => {
  switch (column) {
    case 'pid':
    case 'tgid':
      return String(process.pid);
    case 'ppid':
      return String(process.ppid);
    case 'pgid':
    case 'pgrp':
      return String(process.pgid);
    case 'sid':
    case 'sess':
    case 'session':
      return String(process.sid);
    case 'user':
    case 'euser':
    case 'uname':
      return process.uid === call.caller.uid ? call.caller.user : String(process.uid);
    case 'uid':
    case 'euid':
      return String(process.uid);
    case 'tty':
    case 'tt':
    case 'tname':
      return process.tty ?? '?';
    case 'stat':
    case 'state':
    case 's':
      return process.state;
    case 'comm':
    case 'ucmd':
    case 'ucomm':
      return process.comm;
    case 'args':
    case 'cmd':
    case 'command':
      return fullLine({comm: process.comm, argv: process.argv ?? []}).replace(CONTROL, '?');
    case 'rss':
      return String(Math.round(process.rss / 1024));
    case 'lstart':
      // Five words: the day of the week, month, day, time, year.
      return Array.from({length: 5}, () => UNTOLD).join(' ');
    default:
      return UNTOLD;
  }
};

/** `ps -o pgid= $$`: the shell that will run it, of which nothing is known but that it leads a group of its own, below the agent. */
const ofOwnShell = ({by}: Asked, columns: readonly string[], {runtimePid}: Caller): Known<string> | null => {
  const isParent = (column: string): boolean => column === 'ppid';
  if (!(by.get('p') ?? []).includes(OWN_SHELL)) {
    return null;
  }
  return runtimePid === null && columns.some(isParent)
    ? unknown('who runs the tools is not known')
    : known(columns.map(column => (isParent(column) ? runtimePid : OWN_SHELL)).join(' '));
};

const MORE_THAN_LISTED = new Set(['user', 'euser', 'uname', 'uid', 'euid', 'args', 'cmd', 'command']);

/** Everybody, or those alone whose numbers are given, with no more than is printed of them. */
const tableFor = (call: Call, {style, by}: Asked, columns: readonly string[]): Known<readonly Shown[]> => {
  const byPid = by.get('p');
  if (style.picks.size === 0 && by.size === 1 && byPid !== undefined) {
    return someOf(call, byPid.map(Number).filter(Number.isInteger));
  }
  const isByOwner = by.has('u') || (by.size === 0 && !style.picks.has('e') && !style.picks.has('A'));
  const table = isByOwner || columns.some(column => MORE_THAN_LISTED.has(column)) ? processesOf(call) : listedOf(call);
  return table.known ? known([...table.value.values()]) : table;
};

export const ps: Program = call => {
  const words = wordsOf(call.args);
  const asked = words.known ? parse(words.value) : null;
  if (asked === null) {
    return unclear('what ps prints is not followed');
  }
  const columns = asked.columns.map(column => column.replace(/[=:].*$/, ''));
  const own = ofOwnShell(asked, columns, call.caller);
  if (own !== null) {
    return own.known ? lines([own.value]) : unclear(own.because);
  }
  const table = tableFor(call, asked, columns);
  if (!table.known) {
    return unclear('what ps prints is not followed');
  }
  const isBare = asked.columns.every(column => column.endsWith('='));
  const picked = table.value.filter(process => isPicked(process, asked, call));
  const rows = (asked.style.isReversed ? picked.toReversed() : picked).map(process =>
    columns.map(column => cell(process, column, call)).join(' '),
  );
  return lines(isBare || !asked.style.header ? rows : [columns.join(' ').toUpperCase(), ...rows], rows.length === 0 ? 1 : 0);
};
