// Which conversation an agent program was told to go on with, by its arguments. Pure.
import type {Process} from '../../domain/process.ts';
import {scriptOf} from '../../look/index/program-of.ts';
import {followsOptions, MOST_WORDS} from './verbs.ts';

/** Options whose value is the id of a conversation that this process goes on with, or gives to a new one. */
const OPTIONS = ['--resume', '-r', '--session-id', '--session', '-s', '--conversation', '--chat', '--thread'];
/** Words that a conversation's id follows: `codex resume ID`, `amp threads continue ID`. */
const VERBS = /^(?:resume|continue)$/;
/** With these, what is written is another conversation than the one that is read. */
const APART = /^(?:--fork-session|--fork|fork)$/;

/** Ids are long and random; a number, a name or `latest` is none. */
const ID = /^(?:.*\/)?((?:[A-Za-z]{1,4}[-_])?(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9A-Za-z]{20,}))(?:\.jsonl?)?$/;

const idOf = (word: string | undefined): string | null => ID.exec(word ?? '')?.[1]?.toLowerCase() ?? null;

/** Whether nothing but other verbs and options stands before a verb; behind `-p` it is the prompt. */
const isLed = (words: readonly string[], at: number): boolean =>
  words.slice(0, at).every(before => /^[a-z]+$/.test(before)) ||
  (at < MOST_WORDS && !/^-[A-Za-z]$/.test(words[at - 1] ?? '') && followsOptions(words, at));

/** Id of the conversation that these arguments name, in lower case; null where they name none, or split off another. */
export const conversationOf = ({argv}: Pick<Process, 'argv'>): string | null => {
  const words = scriptOf(argv)?.rest ?? argv.slice(1);
  if (words.some(word => APART.test(word))) {
    return null;
  }
  for (const [index, word] of words.entries()) {
    const joined = OPTIONS.find(option => option.startsWith('--') && word.startsWith(`${option}=`));
    const leads = OPTIONS.includes(word) || (VERBS.test(word) && isLed(words, index));
    const following = leads ? words[index + 1] : undefined;
    const value = joined === undefined ? following : word.slice(joined.length + 1);
    const id = idOf(value);
    if (id !== null) {
      return id;
    }
  }
  return null;
};
