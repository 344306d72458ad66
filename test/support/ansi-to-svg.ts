// A captured screen (tmux capture-pane -e) as an SVG picture for the docs. Pure.
import stringWidth from 'string-width';
import {boxPath, isBox} from './box-lines.ts';

interface Style {
  readonly fg: string | null;
  readonly bg: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

interface Run {
  readonly text: string;
  /** In columns. */
  readonly start: number;
  readonly width: number;
  readonly style: Style;
}

export interface SvgOptions {
  readonly columns: number;
  readonly rows: number;
  /** Read out by screen readers, shown by nobody. */
  readonly title: string;
}

const CELL = {width: 8.4, height: 18, baseline: 13.5, size: 14} as const;
const MARGIN = 12;
const FOREGROUND = '#d4d7dd';
const BACKGROUND = '#16181d';
// biome-ignore format: eight colours, then their bright forms
const PALETTE = [
  '#3b4048', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d4d7dd',
  '#7f848e', '#f08d95', '#b5e08c', '#f5d596', '#82c4ff', '#dd9bf0', '#7fd5e0', '#ffffff',
] as const;

const PLAIN: Style = {fg: null, bg: null, bold: false, dim: false, italic: false, underline: false, inverse: false};

const hex = (red: number, green: number, blue: number): string =>
  `#${[red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('')}`;

/** Colour of the 256: 16 of the palette, a cube of six steps, 24 greys. */
const indexed = (index: number): string => {
  if (index < 16) {
    return PALETTE[index] ?? FOREGROUND;
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const step = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return hex(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
};

/** The colour behind 38 or 48, and how many numbers it took. */
const extended = (codes: readonly number[]): {readonly colour: string | null; readonly taken: number} => {
  const [mode, a = 0, b = 0, c = 0] = codes;
  if (mode === 5) {
    return {colour: indexed(a), taken: 2};
  }
  return mode === 2 ? {colour: hex(a, b, c), taken: 4} : {colour: null, taken: 1};
};

const SWITCHES: Readonly<Record<number, Partial<Style>>> = {
  0: PLAIN,
  1: {bold: true},
  2: {dim: true},
  3: {italic: true},
  4: {underline: true},
  7: {inverse: true},
  22: {bold: false, dim: false},
  23: {italic: false},
  24: {underline: false},
  27: {inverse: false},
  39: {fg: null},
  49: {bg: null},
};

const within = (code: number, first: number): boolean => code >= first && code < first + 8;

/** One SGR sequence (ECMA-48, 8.3.117) applied to a style. */
const restyle = (style: Style, codes: readonly number[]): Style => {
  let next = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const {colour, taken} = extended(codes.slice(index + 1));
      next = {...next, [code === 38 ? 'fg' : 'bg']: colour};
      index += taken;
    } else if (within(code, 30)) {
      next = {...next, fg: indexed(code - 30)};
    } else if (within(code, 40)) {
      next = {...next, bg: indexed(code - 40)};
    } else if (within(code, 90)) {
      next = {...next, fg: indexed(code - 82)};
    } else if (within(code, 100)) {
      next = {...next, bg: indexed(code - 92)};
    } else {
      next = {...next, ...SWITCHES[code]};
    }
  }
  return next;
};

// CSI … final byte, OSC … BEL or ST, and the shifts between character sets.
const SEQUENCE = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u000e\u000f]/g;

const BOXES_OR_TEXT = /[\u2500-\u257f]+|[^\u2500-\u257f]+/g;

const parseLine = (line: string, before: Style): {readonly runs: readonly Run[]; readonly after: Style} => {
  const runs: Run[] = [];
  let style = before;
  let start = 0;
  let from = 0;
  const push = (text: string): void => {
    for (const part of text.match(BOXES_OR_TEXT) ?? []) {
      const width = stringWidth(part);
      runs.push({text: part, start, width, style});
      start += width;
    }
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') {
      style = restyle(style, (match[1] ?? '').split(/[;:]/).map(Number));
    }
  }
  push(line.slice(from));
  return {runs, after: style};
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const number = (value: number): string => String(Math.round(value * 100) / 100);

const colours = ({fg, bg, inverse}: Style): {readonly ink: string; readonly paper: string | null} =>
  inverse ? {ink: bg ?? BACKGROUND, paper: fg ?? FOREGROUND} : {ink: fg ?? FOREGROUND, paper: bg};

const drawPaper = ({start, width, style}: Run, row: number): string => {
  const {paper} = colours(style);
  const place = `x="${number(start * CELL.width)}" y="${row * CELL.height}" width="${number(width * CELL.width)}" height="${CELL.height}"`;
  return paper === null ? '' : `<rect ${place} fill="${paper}"/>`;
};

const drawText = ({text, start, width, style}: Run, row: number): string => {
  if (text.trim() === '' && !style.underline) {
    return '';
  }
  const looks = [
    `fill="${colours(style).ink}"`,
    ...(style.bold ? ['font-weight="bold"'] : []),
    ...(style.dim ? ['opacity="0.6"'] : []),
    ...(style.italic ? ['font-style="italic"'] : []),
    ...(style.underline ? ['text-decoration="underline"'] : []),
  ].join(' ');
  const place = `x="${number(start * CELL.width)}" y="${number(row * CELL.height + CELL.baseline)}" textLength="${number(width * CELL.width)}"`;
  return `<text ${place} ${looks}>${escapeXml(text)}</text>`;
};

const drawBoxes = ({text, start, style}: Run, row: number): string =>
  `<path d="${boxPath(text, start, row, CELL)}" stroke="${colours(style).ink}"${style.dim ? ' opacity="0.6"' : ''} fill="none"/>`;

const draw = (run: Run, row: number): string => ([...run.text].every(isBox) ? drawBoxes(run, row) : drawText(run, row));

/** Every run is stretched to its columns, so that the picture is a grid whatever font the reader has. */
export const ansiToSvg = (screen: string, {columns, rows, title}: SvgOptions): string => {
  let style = PLAIN;
  const drawn = screen
    .split('\n')
    .slice(0, rows)
    .flatMap((line, row) => {
      const {runs, after} = parseLine(line, style);
      style = after;
      return [...runs.map(run => drawPaper(run, row)), ...runs.map(run => draw(run, row))];
    });
  const width = number(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${CELL.size}" xml:space="preserve">`,
    ...drawn.filter(element => element !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};
