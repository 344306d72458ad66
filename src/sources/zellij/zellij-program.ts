// zellij's command line: which process is the server of a session, and which shows one. Neither is in its listing. Pure.
import {baseName} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import {optionValue, type Program, plainWords, type Shown, shownByWords, wordsBehind} from '../../core/domain/program-words.ts';

const VALUED =
  /^(?:--session|-s|--layout|-l|--new-session-with-layout|-n|--config|-c|--config-dir|--data-dir|--max-panes|--index|--layout-string|--theme|--default-\w+)$/;

const SHOWS = ['attach', 'a', 'options', 'watch', 'w'];

/** The socket that a server binds (`zellij --server SOCKET`), in a directory of its version and by the name of its session. */
const socketOf = (program: Program): string | null => {
  const words = wordsBehind(program, 'zellij');
  return words === null ? null : optionValue(words, '--server');
};

export const isZellijServer = (program: Program): boolean => socketOf(program) !== null;

/** Name of the session that a server process was started for; null where it cannot be told. */
export const servedByZellij = (process: Program): string | null => baseName(socketOf(process) ?? '') || null;

/** The session that a client shows to a person; null for whatever is no client. */
export const shownByZellij = (process: Pick<Process, 'comm' | 'argv' | 'tty'>): Shown | null => {
  const words = wordsBehind(process, 'zellij');
  if (words === null || process.tty === null || isZellijServer(process)) {
    return null;
  }
  // What follows `options` is none.
  const isOptions = plainWords(words, VALUED)[0] === 'options';
  const shown = shownByWords(words, VALUED, SHOWS);
  return shown !== null && isOptions ? {name: optionValue(words, '--session') ?? optionValue(words, '-s')} : shown;
};
