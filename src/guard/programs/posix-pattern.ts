// POSIX regular expressions (regex(7)) as JavaScript’s. Pure.

export const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'A-Za-z'],
  ['digit', '0-9'],
  ['alnum', 'A-Za-z0-9'],
  ['upper', 'A-Z'],
  ['lower', 'a-z'],
  ['space', '\\s'],
  ['blank', ' \\t'],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['print', ' -~'],
  ['graph', '!-~'],
  ['xdigit', '0-9A-Fa-f'],
  ['cntrl', '\\x00-\\x1f\\x7f'],
]);

interface Bracket {
  readonly source: string;
  readonly end: number;
}

/** A bracket expression from its `[` on; null where it is not closed or not understood. */
const bracket = (pattern: string, start: number): Bracket | null => {
  let at = start + 1;
  const negated = pattern[at] === '^';
  at += negated ? 1 : 0;
  let source = '';
  for (let isFirst = true; at < pattern.length; isFirst = false) {
    const char = pattern.charAt(at);
    if (char === ']' && !isFirst) {
      return {source: `[${negated ? '^' : ''}${source}]`, end: at + 1};
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (named !== null) {
      source += CLASSES.get(named[1] ?? '') ?? '';
      at += named[0].length;
    } else if (/^\[[.=]/.test(pattern.slice(at))) {
      return null;
    } else {
      source += /[\\\][^]/.test(char) ? `\\${char}` : char;
      at += 1;
    }
  }
  return null;
};

const KEPT_ESCAPES = /[wWsSbB1-9]/;
const OPERATORS = /[(){}|+?]/;

const escapedLetter = (char: string, isBasic: boolean): string => {
  if (isBasic && OPERATORS.test(char)) {
    return char;
  }
  if (char === '<' || char === '>') {
    return '\\b';
  }
  if (KEPT_ESCAPES.test(char)) {
    return `\\${char}`;
  }
  return /[A-Za-z0-9]/.test(char) ? char : `\\${char}`;
};

const plain = (pattern: string, at: number, isBasic: boolean): string => {
  const char = pattern.charAt(at);
  if (isBasic && OPERATORS.test(char)) {
    return `\\${char}`;
  }
  if (char === '*' && (at === 0 || /^(?:\\\(|\\\||\^)$/.test(pattern.slice(Math.max(0, at - 2), at)))) {
    return '\\*';
  }
  if (char === '{' && !/^\{\d+(?:,\d*)?\}/.test(pattern.slice(at))) {
    return /^\{,\d+\}/.test(pattern.slice(at)) ? '{0' : '\\{';
  }
  return /[/\]]/.test(char) ? `\\${char}` : char;
};

/** The pattern in JavaScript’s words; null where it is not understood. */
const translate = (pattern: string, isBasic: boolean): string | null => {
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const char = pattern.charAt(at);
    if (char === '[') {
      const found = bracket(pattern, at);
      if (found === null) {
        return null;
      }
      source += found.source;
      at = found.end;
    } else if (char === '\\') {
      source += at + 1 < pattern.length ? escapedLetter(pattern.charAt(at + 1), isBasic) : '\\\\';
      at += 2;
    } else {
      source += plain(pattern, at, isBasic);
      at += 1;
    }
  }
  return source;
};

export interface PatternKind {
  readonly dialect: 'basic' | 'extended' | 'perl' | 'fixed';
  readonly ignoreCase?: boolean;
  /** The whole text, or whole words. */
  readonly span?: 'any' | 'whole' | 'word';
  readonly global?: boolean;
}

/** `A\KB`: only B is what matched. */
const perl = (pattern: string): string => {
  const keep = pattern.lastIndexOf('\\K');
  return keep < 0 ? pattern : `(?<=${pattern.slice(0, keep)})${pattern.slice(keep + 2)}`;
};

const AROUND: Readonly<Record<NonNullable<PatternKind['span']>, (source: string) => string>> = {
  any: source => source,
  whole: source => `^(?:${source})$`,
  word: source => `(?<!\\w)(?:${source})(?!\\w)`,
};

const sourceOf = (pattern: string, dialect: PatternKind['dialect']): string | null => {
  if (dialect === 'fixed') {
    return pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  if (dialect === 'perl') {
    return perl(pattern);
  }
  return dialect === 'extended' && pattern.includes('(?') ? null : translate(pattern, dialect === 'basic');
};

/** Null where the pattern is not understood: nothing may be concluded from it. */
export const posixPattern = (pattern: string, {dialect, ignoreCase = false, span = 'any', global = false}: PatternKind): RegExp | null => {
  const source = sourceOf(pattern, dialect);
  if (source === null) {
    return null;
  }
  try {
    return new RegExp(AROUND[span](source), `${ignoreCase ? 'i' : ''}${global ? 'g' : ''}`);
  } catch {
    return null;
  }
};
