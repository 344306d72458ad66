// ps: its table, as far as commands pick processes from it (ps(1)). Pure.
import {fullLine} from '../../core/domain/command-line.ts';
import {type Known, known} from '../../core/domain/known.ts';
import type {ListedProcess, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program} from '../call.ts';
import {lines, listedOf, OWN_SHELL, processesOf, someOf, unclear, wordsOf} from '../results.ts';
import {listOf, uidOf} from './match-processes.ts';

interface Asked {
  readonly every: boolean;
  readonly columns: readonly string[];
  readonly header: boolean;
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

const UX = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'tty', 'stat', 'start', 'time', 'args'];
const FULL = ['user', 'pid', 'ppid', 'c', 'stime', 'tty', 'time', 'args'];
const BSD = ['pid', 'tty', 'stat', 'time', 'args'];
const PLAIN = ['pid', 'tty', 'time', 'comm'];

interface Style {
  every: boolean;
  columns: readonly string[];
  header: boolean;
}

/** One letter of a cluster that takes no value; false where it is not followed. */
const setLetter = (letter: string, isBsd: boolean, style: Style): boolean => {
  if (isBsd ? letter === 'x' || letter === 'a' : letter === 'e' || letter === 'A') {
    style.every = true;
    style.columns = isBsd && style.columns === PLAIN ? BSD : style.columns;
  } else if (letter === 'u' && isBsd) {
    style.columns = UX;
  } else if (letter === 'f' && !isBsd) {
    style.columns = FULL;
  } else if (letter === 'h' && isBsd) {
    style.header = false;
  } else {
    return /[wjlHMTyLcevf]/.test(letter);
  }
  return true;
};

/** Options in BSD’s and in UNIX’s style; null where one is not followed. */
const parse = (words: readonly string[]): Asked | null => {
  const by = new Map<string, string[]>();
  const columns: string[] = [];
  const style: Style = {every: false, columns: PLAIN, header: true};
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
    } else if (/^--(?:cols|width|sort)$/.test(word)) {
      next();
    } else if (/^\d[\d,]*$/.test(word)) {
      add('p', word);
    } else if (!/^--(?:forest|cols|width|sort)/.test(word)) {
      const isBsd = !word.startsWith('-');
      for (const [index, letter] of [...word.replace(/^-/, '')].entries()) {
        if (letter === 'o' || (!isBsd && 'pPuUCtsg'.includes(letter))) {
          const attached = word.slice(index + (isBsd ? 1 : 2));
          add(letter === 'U' ? 'u' : letter, attached === '' ? (next() ?? '') : attached);
          break;
        }
        if (!setLetter(letter, isBsd, style)) {
          return null;
        }
      }
    }
  }
  return {...style, columns: columns.length > 0 ? columns : style.columns, by};
};

/** Without words and owner where neither is printed. */
type Shown = ListedProcess & Partial<Pick<TerminalProcess, 'argv' | 'uid'>>;

const isPicked = (process: Shown, {every, by}: Asked, call: Call): boolean => {
  if (every || by.size === 0) {
    return every;
  }
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
      return fullLine({comm: process.comm, argv: process.argv ?? []});
    case 'rss':
      return String(Math.round(process.rss / 1024));
    default:
      return '-';
  }
};

/** `ps -o pgid= $$`: the shell that will run it, of which nothing is known but that it leads a group of its own. */
const ofOwnShell = ({by, columns}: Asked): Known<string> | null =>
  (by.get('p') ?? []).includes(OWN_SHELL) ? known(columns.map(() => OWN_SHELL).join(' ')) : null;

const MORE_THAN_LISTED = new Set(['user', 'euser', 'uname', 'uid', 'euid', 'args', 'cmd', 'command']);

/** Everybody, or those alone whose numbers are given, with no more than is printed of them. */
const tableFor = (call: Call, {every, by}: Asked, columns: readonly string[]): Known<readonly Shown[]> => {
  const byPid = by.get('p');
  if (!every && by.size === 1 && byPid !== undefined) {
    return someOf(call, byPid.map(Number).filter(Number.isInteger));
  }
  const table = by.has('u') || columns.some(column => MORE_THAN_LISTED.has(column)) ? processesOf(call) : listedOf(call);
  return table.known ? known([...table.value.values()]) : table;
};

export const ps: Program = call => {
  const words = wordsOf(call.args);
  const asked = words.known ? parse(words.value) : null;
  if (asked === null) {
    return unclear('what ps prints is not followed');
  }
  const own = ofOwnShell(asked);
  if (own?.known === true) {
    return lines([own.value]);
  }
  const columns = asked.columns.map(column => column.replace(/[=:].*$/, ''));
  const table = tableFor(call, asked, columns);
  if (!table.known) {
    return unclear('what ps prints is not followed');
  }
  const isBare = asked.columns.every(column => column.endsWith('='));
  const rows = table.value
    .filter(process => isPicked(process, asked, call))
    .map(process => columns.map(column => cell(process, column, call)).join(' '));
  return lines(isBare || !asked.header ? rows : [columns.join(' ').toUpperCase(), ...rows], rows.length === 0 ? 1 : 0);
};
