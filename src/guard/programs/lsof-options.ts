// The words of lsof: what they select by, and how it is printed (lsof(8)). Pure.
import {listOf} from './match-processes.ts';

/** What lsof is asked for. */
export interface Wanted {
  readonly addresses: readonly string[];
  readonly states: readonly string[];
  readonly files: readonly string[];
  readonly users: readonly string[];
  readonly pids: readonly string[];
  readonly commands: readonly string[];
  readonly groups: readonly string[];
  /** Selects by what is not followed: descriptors, kinds of files, counts of links. */
  readonly more: boolean;
  readonly and: boolean;
  readonly terse: boolean;
  /** Hosts by their numbers. */
  readonly numeric: boolean;
  /** Letters of `-F`; null where lines are for people. */
  readonly fields: string | null;
}

/** Options that take the rest of their word, or the next one. */
const TAKES = 'iscupdFgoSTDA';
/** Of which a value may be missing. */
const MAY = 'isFgoST';
/** Letters that select by what is not followed. */
const MORE = 'dUNX';

/** Whether an option without a value in its own word takes the next one. */
const takesNext = (name: string, next: string | undefined): boolean =>
  next !== undefined &&
  (!MAY.includes(name) ||
    (name === 'i' && /^[46]?(?:tcp|udp)?[@:]/i.test(next)) ||
    (name === 's' && /^(?:tcp|udp):/i.test(next)) ||
    (name === 'F' && /^[a-zA-Z0]+$/.test(next)) ||
    (name === 'g' && /^[\^\d]/.test(next)));

export const parseLsof = (words: readonly string[]): Wanted => {
  const found = new Map<string, string[]>();
  const files: string[] = [];
  let at = -1;
  const next = (): string | undefined => {
    at += 1;
    return words[at];
  };
  const add = (name: string, value: string): void => {
    found.set(name, [...(found.get(name) ?? []), value]);
  };
  for (let word = next(); word !== undefined; word = next()) {
    if (/^\+[dD]/.test(word)) {
      const path = word.length > 2 ? word.slice(2) : (next() ?? '');
      files.push(word.startsWith('+D') ? `${path}/**` : `${path}/*`);
    } else if (/^\+L/.test(word)) {
      add('U', '');
    } else if (/^[-+]./.test(word) && word !== '--') {
      const taking = [...word.slice(1)].findIndex(letter => TAKES.includes(letter));
      for (const letter of word.slice(1, taking < 0 ? undefined : taking + 1)) {
        add(letter, '');
      }
      const name = word.charAt(taking + 1);
      const attached = word.slice(taking + 2);
      if (taking >= 0) {
        add(name, attached === '' && takesNext(name, words[at + 1]) ? (next() ?? '') : attached);
      }
    } else if (word !== '--') {
      files.push(word);
    }
  }
  const all = (name: string): readonly string[] => found.get(name) ?? [];
  return {
    addresses: all('i'),
    states: all('s'),
    files,
    users: listOf(all('u')),
    pids: listOf(all('p')),
    commands: all('c'),
    groups: listOf(all('g')),
    more: [...MORE].some(letter => found.has(letter)),
    and: found.has('a'),
    terse: found.has('t'),
    numeric: found.has('n'),
    fields: found.get('F')?.[0] ?? null,
  };
};
