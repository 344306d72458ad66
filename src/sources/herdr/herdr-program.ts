// herdr's command line: which process is the server of a session, and which shows one. Neither is in its listing. Pure.
import type {Process} from '../../core/domain/process.ts';
import {optionValue, type Program, plainWords, type Shown, shownByWords, wordsBehind} from '../../core/domain/program-words.ts';

const VALUED = /^(?:--session|-s|--config|-c|--config-dir|--data-dir|--theme|--remote)$/;

/** `herdr server`, and not `herdr server stop`. */
export const isHerdrServer = (program: Program): boolean => {
  const words = wordsBehind(program, 'herdr');
  const [verb, order] = words === null ? [] : plainWords(words, VALUED);
  return verb === 'server' && order !== 'stop';
};

/** Name of the session that a server was started for: of `--session` or HERDR_SESSION; herdr calls the one without either `default`. */
export const servedByHerdr = (process: Pick<Process, 'comm' | 'argv' | 'env'>): string | null => {
  if (!isHerdrServer(process)) {
    return null;
  }
  const named = optionValue(wordsBehind(process, 'herdr') ?? [], '--session');
  return named ?? (process.env.known ? process.env.value.HERDR_SESSION || 'default' : null);
};

/** The session that a client shows to a person; null for whatever is no client. */
export const shownByHerdr = (process: Pick<Process, 'comm' | 'argv' | 'tty'>): Shown | null => {
  const words = wordsBehind(process, 'herdr');
  if (words === null || process.tty === null || isHerdrServer(process)) {
    return null;
  }
  const [verb, order] = plainWords(words, VALUED);
  // `herdr agent attach ONE`, `herdr terminal attach ONE`: which session that one is in is not told.
  return order === 'attach' && (verb === 'agent' || verb === 'terminal')
    ? {name: optionValue(words, '--session') ?? optionValue(words, '-s')}
    : shownByWords(words, VALUED, ['attach', 'session']);
};
