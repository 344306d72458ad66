// What Ink delivers → key names. Several keys typed fast, or sent by tmux, arrive as one text; each becomes its own name. Pure.
import type {Key} from 'ink';
import {graphemes} from '../core/domain/graphemes.ts';

/** `j`, `G`, `Space`, `Enter`, `^P`, `Shift-Tab`, `Up`, `F9`: as they are written in the config and shown in help. */
export type KeyName = string;

const NAMED: readonly (readonly [keyof Key, KeyName])[] = [
  ['upArrow', 'Up'],
  ['downArrow', 'Down'],
  ['leftArrow', 'Left'],
  ['rightArrow', 'Right'],
  ['pageUp', 'PgUp'],
  ['pageDown', 'PgDn'],
  ['home', 'Home'],
  ['end', 'End'],
  ['return', 'Enter'],
  ['escape', 'Esc'],
  ['backspace', 'Backspace'],
  ['delete', 'Delete'],
];

const nameOfCharacter = (character: string): KeyName | null => {
  switch (character) {
    case '\r':
    case '\n':
    case '\r\n':
      return 'Enter';
    case '\t':
      return 'Tab';
    case ' ':
      return 'Space';
    case '\u001b':
      return 'Esc';
    case '\u007f':
    case '\b':
      return 'Backspace';
    default: {
      const code = character.codePointAt(0) ?? 0;
      if (code > 0 && code < 0x20) {
        return `^${String.fromCharCode(code + 0x40)}`;
      }
      return code < 0x20 || (code >= 0x80 && code < 0xa0) ? null : character;
    }
  }
};

/** Key names of one event of `useInput`, in the order they were typed. */
export const decodeKeys = (input: string, key: Partial<Key>): readonly KeyName[] => {
  if (key.eventType === 'release') {
    return [];
  }
  const named = NAMED.find(([flag]) => key[flag] === true);
  if (named !== undefined) {
    return [named[1]];
  }
  if (key.tab === true) {
    return [key.shift === true ? 'Shift-Tab' : 'Tab'];
  }
  const typed = [...graphemes.segment(input)].flatMap(({segment}) => nameOfCharacter(segment) ?? []);
  if (key.ctrl === true && typed.length === 1) {
    return [typed[0] === 'Space' ? '^@' : `^${(typed[0] ?? '').toUpperCase()}`];
  }
  // Esc and the next key in one chunk look like Alt: nothing here is bound to Alt, and Esc must never be lost.
  return key.meta === true && typed.length > 0 ? ['Esc', ...typed] : typed;
};

/** The character that a key types into a text; null for keys that are none. */
export const typedBy = (name: KeyName): string | null => {
  if (name === 'Space') {
    return ' ';
  }
  return /^\^.$|^F\d+$/u.test(name) || SPECIAL.has(name) ? null : name;
};

const SPECIAL: ReadonlySet<KeyName> = new Set([...NAMED.map(([, name]) => name), 'Tab', 'Shift-Tab']);

/** Whether a config may name this key. */
export const isKeyName = (name: KeyName): boolean =>
  SPECIAL.has(name) ||
  name === 'Space' ||
  /^\^[A-Z@[\]\\_^]$/.test(name) ||
  /^F([1-9]|1[0-2])$/.test(name) ||
  [...graphemes.segment(name)].length === 1;

// xterm and VT220 forms of F1 to F12 (`infocmp -1 xterm screen linux | grep kf`). Ink reports these as keys without a name.
const FUNCTION_KEYS: ReadonlyMap<string, KeyName> = new Map(
  Object.entries({
    OP: 'F1',
    OQ: 'F2',
    OR: 'F3',
    OS: 'F4',
    '[11~': 'F1',
    '[12~': 'F2',
    '[13~': 'F3',
    '[14~': 'F4',
    '[15~': 'F5',
    '[17~': 'F6',
    '[18~': 'F7',
    '[19~': 'F8',
    '[20~': 'F9',
    '[21~': 'F10',
    '[23~': 'F11',
    '[24~': 'F12',
    '[[A': 'F1',
    '[[B': 'F2',
    '[[C': 'F3',
    '[[D': 'F4',
    '[[E': 'F5',
  }),
);

/** Function keys in a chunk read from the terminal. Text between bracketed-paste marks is never a key. */
export const functionKeys = (chunk: string): readonly KeyName[] =>
  [...chunk.replace(/\u001b\[200~[\s\S]*?(?:\u001b\[201~|$)/g, '').matchAll(/\u001b(O[PQRS]|\[\[[A-E]|\[\d\d~)/g)].flatMap(
    ([, sequence = '']) => FUNCTION_KEYS.get(sequence) ?? [],
  );
