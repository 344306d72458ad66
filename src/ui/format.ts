// Text of an exact width: measured in terminal cells, cut with an ellipsis, coloured by role, never able to move the cursor. Pure.
import stringWidth from 'string-width';
import {oneLine} from '../core/domain/command-line.ts';
import {graphemes, isPlain} from '../core/domain/graphemes.ts';
import {visible} from '../core/domain/visible.ts';
import type {PanelId, SortField} from '../store/rows.ts';
import type {KeyName} from './key-events.ts';
import type {Role, Theme} from './theme.ts';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

// One for one: what has been padded keeps its width.
const BLANKS = /[\t-\r\u2028\u2029]/g;

const safe = (text: string): string => (PRINTABLE_ASCII.test(text) ? text : visible(text.replace(BLANKS, ' ')));

/** Cells that a text takes on the screen. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text));

/** The longest beginning that fits into `width` cells; a wide character is left out rather than halved. */
export const cut = (text: string, width: number): string => {
  if (isPlain(text)) {
    return text.slice(0, Math.max(0, width));
  }
  let taken = 0;
  let kept = '';
  for (const {segment} of graphemes.segment(text)) {
    const cells = stringWidth(segment);
    if (taken + cells > width) {
      break;
    }
    taken += cells;
    kept += segment;
  }
  return kept;
};

/** The longest end that fits into `width` cells. */
const cutTail = (text: string, width: number): string => {
  const clusters = [...graphemes.segment(text)].map(({segment}) => segment);
  let from = clusters.length;
  for (let taken = 0; from > 0; from -= 1) {
    taken += widthOf(clusters[from - 1] ?? '');
    if (taken > width) {
      break;
    }
  }
  return clusters.slice(from).join('');
};

/** What is left of a path behind a cut. `~/notes`, as ASCII would have it, is another directory. */
const withLead = (ellipsis: string, tail: string): string => (ellipsis === '~' && tail.startsWith('/') ? `*${tail}` : ellipsis + tail);

/** Exactly `width` cells: padded, or cut with `ellipsis` where it was cut. Ends of lines become spaces, what cannot be seen is written out. */
export const fit = (text: string, width: number, align: 'left' | 'right' | 'tail' = 'left', ellipsis = '…'): string => {
  if (width <= 0) {
    return '';
  }
  const shown = safe(text);
  const cells = widthOf(shown);
  if (cells > width) {
    const short = align === 'tail' ? withLead(ellipsis, cutTail(shown, width - 1)) : cut(shown, width - 1) + ellipsis;
    return short + ' '.repeat(Math.max(0, width - widthOf(short)));
  }
  const padding = ' '.repeat(width - cells);
  return align === 'right' ? padding + shown : shown + padding;
};

/** Lines of at most `width` cells, broken at spaces where there are any. */
export const wrap = (text: string, width: number): readonly string[] => {
  const flat = oneLine(text);
  if (width <= 0 || widthOf(flat) <= width) {
    return [width <= 0 ? '' : flat];
  }
  const lines: string[] = [];
  let line = '';
  for (const word of flat.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') {
      lines.push(line);
    }
    line = word;
    while (widthOf(line) > width) {
      const whole = cut(line, width) || line.slice(0, 1);
      // A path is broken behind one of its directories.
      const slash = whole.lastIndexOf('/') + 1;
      const piece = slash * 2 > whole.length ? whole.slice(0, slash) : whole;
      lines.push(piece);
      line = line.slice(piece.length);
    }
  }
  return line === '' ? lines : [...lines, line];
};

/** The same in at most so many lines; the last has all the rest, however wide, as it stands in the text. */
export const wrapWithin = (text: string, width: number, most: number): readonly string[] => {
  const lines = wrap(text, width);
  if (lines.length <= most) {
    return lines;
  }
  const first = lines.slice(0, most - 1);
  const rest = first.reduce((left, line) => left.slice(line.length).replace(/^ /, ''), oneLine(text));
  return [...first, rest];
};

/** What a pointer does on a piece of a line. */
export type Spot = {readonly press: KeyName} | {readonly panel: PanelId} | {readonly sort: SortField};

export interface Segment {
  readonly text: string;
  readonly role: Role;
  /** Already holds colours of its own: painted as it is, or without them where the theme has none. */
  readonly raw?: boolean;
  readonly spot?: Spot;
}

/** A line as pieces of text with a role each. */
export type Line = readonly Segment[];

/** A piece of a line. The one way text gets into a line, so nothing that controls a terminal ever does. */
export const plain = (text: string, role: Role = 'plain'): Segment => ({text: safe(text), role});

export const lineWidth = (line: Line): number => line.reduce((total, segment) => total + widthOf(segment.text), 0);

/** The same line, of which every piece does this under a pointer. */
export const spotted = (line: Line, spot: Spot): Line => line.map(segment => ({...segment, spot}));

/** What a pointer does on a cell of a line; null for nothing. */
export const spotAt = (line: Line, cell: number): Spot | null => {
  let end = 0;
  for (const {text, spot} of line) {
    end += widthOf(text);
    if (cell < end) {
      return cell < 0 ? null : (spot ?? null);
    }
  }
  return null;
};

/** A line of exactly `width` cells: cut where it is longer, padded where it is shorter. */
export const fitLine = (line: Line, width: number, ellipsis = '…'): Line => {
  const fitted: Segment[] = [];
  let left = width;
  for (const segment of line) {
    const cells = widthOf(segment.text);
    if (cells > left) {
      fitted.push({...segment, text: fit(segment.text, left, 'left', ellipsis)});
      return fitted;
    }
    fitted.push(segment);
    left -= cells;
  }
  return left > 0 ? [...fitted, plain(' '.repeat(left))] : fitted;
};

/** A line with something at its right end; the left part gives way. */
export const spread = (left: Line, right: Line, width: number, ellipsis = '…'): Line => {
  const room = width - lineWidth(right);
  return room <= 0 ? fitLine(right, width, ellipsis) : [...fitLine(left, room, ellipsis), ...right];
};

/** SGR parameters that show on blanks too: reverse, underline and backgrounds. */
const FILLS = /(^|;)(4|7|4[0-8]|10[0-7])(;|$)/;

const SGR = /\u001b\[[\d;:]*m/g;

const DRAWN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '│': '|',
    '├': '|',
    '└': '`',
    '─': '-',
    '…': '~',
    '→': '>',
    '▸': '>',
    '▾': 'v',
    '▴': '^',
    '×': 'x',
    '’': "'",
    '“': '"',
    '”': '"',
  }),
);

/** As many cells as before: a line has been fitted already. */
const toAscii = (theme: Theme, text: string): string =>
  !theme.ascii || PRINTABLE_ASCII.test(text)
    ? text
    : [...graphemes.segment(text.replaceAll('…/', '*/'))]
        .map(({segment}) => (PRINTABLE_ASCII.test(segment) ? segment : (DRAWN.get(segment) ?? '?'.repeat(widthOf(segment)))))
        .join('');

/** The line as terminal text. `base` lies under every role: a cursor's bar that keeps the badges' colours. */
export const paint = (theme: Theme, line: Line, base: Role | null = null): string => {
  const under = base === null ? '' : theme.codes[base];
  return line
    .map(({text, role, raw}) => {
      if (raw === true) {
        return theme.name === 'mono' || theme.ascii ? toAscii(theme, text.replace(SGR, '')) : text;
      }
      const shown = toAscii(theme, text);
      // A bar that is drawn in reverse would be turned back by a reversed badge; on a bright one no other colour can be read.
      const own = under === '7' || under.startsWith('1;38;5;16;') ? '' : theme.codes[role];
      const code = shown.trim() === '' && !FILLS.test(own) ? under : [under, own].filter(each => each !== '').join(';');
      return code === '' || shown === '' ? shown : `\u001b[${code}m${shown}\u001b[0m`;
    })
    .join('');
};
