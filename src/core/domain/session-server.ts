// zellij and herdr run one server process per session and tell no ids: that process is the session's identity. Pure.

import type {MultiplexerKind, Session} from './multiplexer.ts';
import {baseName} from './paths.ts';
import {type Process, type ProcessId, processKey} from './process.ts';

/** Multiplexers whose sessions are known by name alone. The same word stands for their one server record's name and socket. */
export type NamedKind = Exclude<MultiplexerKind, 'tmux'>;

/** The multiplexer behind a server's socket, when it is one without socket paths; null for tmux. */
export const namedKind = (socket: string): NamedKind | null => (socket === 'zellij' || socket === 'herdr' ? socket : null);

/** Identity of a session whose server process is known. A name comes back with another session; a process with its start does not. */
export const heldBy = (holder: ProcessId): string => processKey(holder);

/** Id of a session whose server process could not be told: its name, in a form that no process has. */
export const heldByUnknown = (name: string): string => `=${name}`;

/** The server process in the identity of a zellij or herdr session; null for tmux, and where it could not be told. */
export const holderOf = ({socket, id}: Pick<Session, 'socket' | 'id'>): ProcessId | null => {
  const match = namedKind(socket) === null ? null : /^(\d+)@(\d+)$/.exec(id);
  return match === null ? null : {pid: Number(match[1]), startTime: Number(match[2])};
};

/** A pane as rigtop knows it where panes are numbered anew in each session and all sessions share one server record: `SESSION/PANE`. */
export const paneIdIn = (session: string, ownId: string): string => `${session}/${ownId}`;

/** The id that the multiplexer itself knows such a pane by. */
export const ownPaneId = (id: string): string => baseName(id);

/** What follows `--name` or `--name=`. */
const option = (argv: readonly string[], name: string): string | null => {
  for (const [index, word] of argv.entries()) {
    if (word === name) {
      return argv[index + 1] ?? null;
    }
    if (word.startsWith(`${name}=`)) {
      return word.slice(name.length + 1);
    }
  }
  return null;
};

type Program = Pick<Process, 'comm' | 'argv'>;

const INTERPRETERS = /^(?:node|bun|(?:ba|da|z)?sh|python[\d.]*)$/;

/** Which of the two a program is. A script that stands in for one has its interpreter's name, and its own behind it. */
const kindOf = ({comm, argv}: Program): NamedKind | null => {
  const first = baseName(argv[0] ?? '');
  return namedKind(comm) ?? namedKind(first) ?? (INTERPRETERS.test(first) ? namedKind(baseName(argv[1] ?? '')) : null);
};

/** Words behind the program itself. */
const wordsOf = ({argv}: Program, kind: NamedKind): readonly string[] => argv.slice(argv.findIndex(word => baseName(word) === kind) + 1);

/** Options that take the next word: no subcommand and no name. */
const VALUED =
  /^(?:--session|-s|--layout|-l|--new-session-with-layout|-n|--config|-c|--config-dir|--data-dir|--max-panes|--index|--layout-string|--theme|--default-\w+|--remote)$/;

/** Words that are neither options nor their values: the subcommand, and what it is about. */
const plainOf = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => !word.startsWith('-') && !VALUED.test(words[index - 1] ?? ''));

/** Whether a program is the server of a zellij or herdr session (`zellij --server SOCKET`, `herdr server`), and of which kind. */
export const servedKind = (program: Program): NamedKind | null => {
  const kind = kindOf(program);
  if (kind === null) {
    return null;
  }
  const words = wordsOf(program, kind);
  const [verb, order] = plainOf(words);
  const serves = kind === 'zellij' ? option(words, '--server') !== null : verb === 'server' && order !== 'stop';
  return serves ? kind : null;
};

/**
 * Name of the session that a server process was started for. zellij binds a socket of that name; herdr takes `--session` or
 * HERDR_SESSION, and calls the session without either `default`. Null: it cannot be told.
 */
export const servedSession = (process: Pick<Process, 'comm' | 'argv' | 'env'>): string | null => {
  const kind = servedKind(process);
  if (kind === null) {
    return null;
  }
  const words = wordsOf(process, kind);
  if (kind === 'zellij') {
    return baseName(option(words, '--server') ?? '') || null;
  }
  const named = option(words, '--session');
  return named ?? (process.env.known ? process.env.value.HERDR_SESSION || 'default' : null);
};

/** Subcommands that show a session to somebody; any other word is a question or an order, and its program ends by itself. */
const SHOWS: Readonly<Record<NamedKind, readonly string[]>> = {
  zellij: ['attach', 'a', 'options', 'watch', 'w'],
  herdr: ['attach', 'session'],
};

/**
 * The session that a program shows to a person: `name` is null where its arguments name none, so that it may be any. Null for
 * whatever is no client. Neither multiplexer tells who is attached in its listing.
 */
export const shownSession = (
  process: Pick<Process, 'comm' | 'argv' | 'tty'>,
): {readonly kind: NamedKind; readonly name: string | null} | null => {
  const kind = kindOf(process);
  if (kind === null || process.tty === null || servedKind(process) !== null) {
    return null;
  }
  const words = wordsOf(process, kind);
  const named = option(words, '--session') ?? option(words, '-s');
  const plain = plainOf(words);
  const [verb, second] = plain;
  // `herdr agent attach ONE`, `herdr terminal attach ONE`: which session that one is in is not told.
  if (kind === 'herdr' && second === 'attach' && (verb === 'agent' || verb === 'terminal')) {
    return {kind, name: named};
  }
  if (verb !== undefined && !SHOWS[kind].includes(verb)) {
    return null;
  }
  const target = verb === 'options' ? undefined : plain.filter(word => !SHOWS[kind].includes(word))[0];
  return {kind, name: named ?? target ?? null};
};
