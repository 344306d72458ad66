// On which line of a TOML text a key stands. Pure; expects a text that a TOML parser has accepted.
import {DEEPEST_TABLES} from './limits.ts';

export type KeyPath = readonly (string | number)[];

interface Statement {
  readonly path: KeyPath;
  readonly line: number;
}

const pathKey = (path: KeyPath): string => JSON.stringify(path);

const SKIP_BLANKS = /(?:[ \t\r\n]|#[^\n]*)*/y;
const BRACKETS = /\[{1,2}/y;
const KEY_PART = /[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*/y;
// In order of preference: multi-line strings, strings, comments, brackets, line ends, anything else.
const VALUE_PIECE = /"""(?:[^\\]|\\[\s\S])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}]|\n|[^"'#[\]{}\n]+/y;

const takeAt = (pattern: RegExp, source: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(source);
};

const readKey = (source: string, start: number): {readonly parts: readonly string[]; readonly end: number} => {
  const parts: string[] = [];
  let at = start;
  for (let part = takeAt(KEY_PART, source, at); part !== null; part = takeAt(KEY_PART, source, at)) {
    // What lies deeper is refused where it begins, and costs nothing here.
    if (parts.length <= DEEPEST_TABLES) {
      parts.push(part[1] ?? part[2] ?? part[3] ?? '');
    }
    at += part[0].length;
    if (source[at] !== '.') {
      break;
    }
    at += 1;
  }
  return {parts, end: at};
};

const NESTING: ReadonlyMap<string, number> = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
]);

const endOfValue = (source: string, start: number): number => {
  let depth = 0;
  let at = start;
  for (let piece = takeAt(VALUE_PIECE, source, at); piece !== null; piece = takeAt(VALUE_PIECE, source, at)) {
    const [text] = piece;
    if (text === '\n' && depth === 0) {
      return at;
    }
    depth += NESTING.get(text) ?? 0;
    at += text.length;
  }
  return source.length;
};

/** `[[rigs]]` adds an element: later paths through `rigs` mean the newest one (TOML 1.0, array of tables). */
const throughArrays = (parts: readonly string[], lengths: ReadonlyMap<string, number>): (string | number)[] => {
  const path: (string | number)[] = [];
  for (const part of parts) {
    path.push(part);
    const length = lengths.get(pathKey(path));
    if (length !== undefined) {
      path.push(length - 1);
    }
  }
  return path;
};

const readStatements = (source: string): readonly Statement[] => {
  const statements: Statement[] = [];
  const lengths = new Map<string, number>();
  let table: KeyPath = [];
  let line = 1;
  let counted = 0;
  for (let at = takeAt(SKIP_BLANKS, source, 0)?.[0].length ?? 0; at < source.length; ) {
    for (; counted < at; counted++) {
      line += source[counted] === '\n' ? 1 : 0;
    }
    const start = at;
    const brackets = takeAt(BRACKETS, source, at)?.[0].length ?? 0;
    const {parts, end} = readKey(source, at + brackets);
    if (brackets === 2) {
      const array = [...throughArrays(parts.slice(0, -1), lengths), parts.at(-1) ?? ''];
      lengths.set(pathKey(array), (lengths.get(pathKey(array)) ?? 0) + 1);
    }
    const path = brackets > 0 ? throughArrays(parts, lengths) : [...table, ...parts];
    table = brackets > 0 ? path : table;
    statements.push({path, line});
    at = endOfValue(source, end + brackets);
    at += takeAt(SKIP_BLANKS, source, at)?.[0].length ?? 0;
    if (at <= start) {
      break;
    }
  }
  return statements;
};

/** Line (from 1) of the key at a path, of the nearest table around it where the key itself is not written, or null. */
export type Locator = (path: KeyPath) => number | null;

/** Reads the text once, at the first question. */
export const createLocator = (source: string): Locator => {
  let lines: ReadonlyMap<string, number> | null = null;
  const readLines = (): ReadonlyMap<string, number> => {
    const first = new Map<string, number>();
    for (const {path, line} of readStatements(source)) {
      for (let length = 1; length <= path.length; length++) {
        const key = pathKey(path.slice(0, length));
        if (!first.has(key)) {
          first.set(key, line);
        }
      }
    }
    return first;
  };
  return path => {
    lines ??= readLines();
    for (let length = path.length; length > 0; length--) {
      const line = lines.get(pathKey(path.slice(0, length)));
      if (line !== undefined) {
        return line;
      }
    }
    return null;
  };
};

/** The whole path; a part that TOML would want in quotes has them. */
export const joinKeyPath = (path: KeyPath): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') {
      return `${text}[${part}]`;
    }
    const word = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part);
    return text === '' ? word : `${text}.${word}`;
  }, '');

const LONGEST_SHOWN = 120;

const shortened = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

/** `rigs[0].services[1].base_port`, as a person would write it. */
export const formatKeyPath = (path: KeyPath): string =>
  shortened(
    path.slice(0, DEEPEST_TABLES).reduce<string>((text, part) => {
      if (typeof part === 'number') {
        return `${text}[${part}]`;
      }
      return text === '' ? part : `${text}.${part}`;
    }, ''),
  );
