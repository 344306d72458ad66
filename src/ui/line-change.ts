// What has to be written so that one line of the terminal becomes another: the cells that differ, and no others. Pure.
import {isPlain} from '../core/domain/graphemes.ts';

/** Weight, slant, underline, inversion, colour, ground: what sets each now, empty for none. */
type Style = readonly [string, string, string, string, string, string];

interface Cell {
  readonly character: string;
  readonly style: Style;
}

const NO_STYLE: Style = ['', '', '', '', '', ''];
const OFF = ['22', '23', '24', '27', '39', '49'] as const;
const BLANK: Cell = {character: ' ', style: NO_STYLE};

const SGR = /\u001b\[([\d;]*)m/g;

/** So few cells that have not changed are written again rather than jumped over. */
const SMALL_GAP = 4;
/** So many blanks are erased rather than written. */
const MANY_BLANKS = 6;

/** How many numbers a colour takes: `38;5;N`, `38;2;R;G;B`. */
const lengthOfColour = (codes: readonly string[], at: number): number => {
  if (codes[at + 1] === '5') {
    return 3;
  }
  return codes[at + 1] === '2' ? 5 : 0;
};

const placeOf = (code: number): number => {
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
    return 4;
  }
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
    return 5;
  }
  return (
    new Map([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 2],
      [7, 3],
    ]).get(code) ?? -1
  );
};

/** The style after a sequence of SGR (ECMA-48, 8.3.117); null where one of its numbers is none of ours. */
const styleAfter = (style: Style, parameters: string): Style | null => {
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  let next: [string, string, string, string, string, string] = [...style];
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? '';
    const off = OFF.findIndex(each => each === code);
    const isColour = code === '38' || code === '48';
    const length = isColour ? lengthOfColour(codes, at) : 1;
    const place = isColour ? 4 + Number(code === '48') : placeOf(Number(code));
    if (code === '0') {
      next = [...NO_STYLE];
    } else if (off !== -1) {
      next[off] = '';
    } else if (place === -1 || length === 0) {
      return null;
    } else {
      const value = codes.slice(at, at + length).join(';');
      next[place] = place === 0 && next[0] !== '' && next[0] !== value ? `${next[0]};${value}` : value;
      at += length - 1;
    }
  }
  return next;
};

/** A line as its cells, `columns` of them; null where it has more, or what is not plainly one cell wide. */
const cellsOf = (line: string, columns: number): readonly Cell[] | null => {
  const cells: Cell[] = [];
  let style: Style = NO_STYLE;
  let from = 0;
  const add = (text: string): boolean => {
    for (const character of text) {
      cells.push({character, style});
    }
    return isPlain(text) && cells.length <= columns;
  };
  for (const {0: sequence, 1: parameters = '', index} of line.matchAll(SGR)) {
    const next = styleAfter(style, parameters);
    if (!add(line.slice(from, index)) || next === null) {
      return null;
    }
    style = next;
    from = index + sequence.length;
  }
  return add(line.slice(from)) ? [...cells, ...Array.from({length: columns - cells.length}, () => BLANK)] : null;
};

const sameStyle = (one: Style, other: Style): boolean => one === other || one.every((value, place) => value === other[place]);

/** Of a blank that is neither underlined nor inverted only the ground is seen. */
const isBareBlank = (character: string, [, , underline, inversion]: Style): boolean =>
  character === ' ' && underline === '' && inversion === '';

const looksAlike = (character: string, one: Style, other: Style): boolean =>
  sameStyle(one, other) || (isBareBlank(character, one) && isBareBlank(character, other) && one[5] === other[5]);

const sameCell = (one: Cell | undefined, other: Cell | undefined): boolean =>
  one !== undefined && other !== undefined && one.character === other.character && looksAlike(one.character, one.style, other.style);

/** The sequence that leads from one style to another; empty where they are the same. */
const transition = (from: Style, to: Style): string => {
  if (sameStyle(from, to)) {
    return '';
  }
  if (sameStyle(to, NO_STYLE)) {
    return '\u001b[m';
  }
  const codes = to.flatMap((value, place) => {
    if (value === from[place]) {
      return [];
    }
    // Bold and faint are each taken away by the one number.
    const away = value === '' || (place === 0 && from[0] !== '') ? [OFF[place] ?? ''] : [];
    return value === '' ? away : [...away, value];
  });
  return `\u001b[${codes.join(';')}m`;
};

/** First and one past the last cell of each stretch that differs. */
const stretches = (before: readonly Cell[], after: readonly Cell[]): readonly (readonly [number, number])[] => {
  const found: [number, number][] = [];
  for (let at = 0; at < after.length; at += 1) {
    if (!sameCell(before[at], after[at])) {
      const last = found.at(-1);
      if (last !== undefined && at - last[1] <= SMALL_GAP) {
        last[1] = at + 1;
      } else {
        found.push([at, at + 1]);
      }
    }
  }
  return found;
};

const blanksFrom = (cells: readonly Cell[], from: number, end: number): number => {
  let at = from;
  while (at < end && sameCell(cells[at], BLANK)) {
    at += 1;
  }
  return at - from;
};

/**
 * The shortest that is known: each stretch that differs by itself, long blanks erased. The styles are as none at its beginning and its
 * end; the cursor stands anywhere in the line. Null where the lines are not plain enough to know which cell is which.
 */
export const lineChange = (previous: string, next: string, columns: number): string | null => {
  const [before, after] = [cellsOf(previous, columns), cellsOf(next, columns)];
  if (before === null || after === null) {
    return null;
  }
  let style: Style = NO_STYLE;
  let written = '';
  const wear = (wanted: Style): void => {
    written += transition(style, wanted);
    style = wanted;
  };
  for (const [start, end] of stretches(before, after)) {
    let at = start;
    written += `\u001b[${start + 1}G`;
    while (at < end) {
      const blanks = blanksFrom(after, at, end);
      if (blanks >= MANY_BLANKS) {
        // Erased cells take the ground that is set (terminfo(5), "back_color_erase").
        wear(NO_STYLE);
        at += blanks;
        const isRest = blanksFrom(after, at, columns) === columns - at;
        written += isRest ? '\u001b[K' : `\u001b[${blanks}X`;
        written += at < end ? `\u001b[${at + 1}G` : '';
      } else {
        const {character, style: wanted} = after[at] ?? BLANK;
        if (!looksAlike(character, style, wanted)) {
          wear(wanted);
        }
        written += character;
        at += 1;
      }
    }
  }
  wear(NO_STYLE);
  return written;
};

/** Unchanged lines are passed over one by one: in one step. */
export const shortMoves = (output: string): string => output.replace(/(?:\u001b\[E){2,}/g, moves => `\u001b[${moves.length / 3}E`);
