// A pane's captured text → lines that keep their colours and nothing else that a terminal would obey. Pure.
import {cut, plain, widthOf} from './format.ts';

// SGR, the only sequence kept; any other escape sequence: CSI, OSC with either end, other two-byte ones (ECMA-48 5.3 to 5.6).
const SEQUENCE = /\u001b\[[\d;:]*m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;
const isColour = (sequence: string): boolean => /^\u001b\[[\d;:]*m$/.test(sequence);

/** One line cut to `width` cells, its colours closed at the end. */
const colourLine = (line: string, width: number): string => {
  let shown = '';
  let left = width;
  let from = 0;
  let coloured = false;
  const add = (text: string): void => {
    const piece = cut(plain(text).text, left);
    shown += piece;
    left -= widthOf(piece);
  };
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (isColour(match[0])) {
      shown += match[0];
      coloured = true;
    }
  }
  add(line.slice(from));
  return coloured ? `${shown}\u001b[0m` : shown;
};

/** Lines of `capture-pane -e`, each at most `width` cells, without the blank ones below the last text. */
export const paneLines = (text: string, width: number): readonly string[] => {
  const lines = text.split('\n').map(line => colourLine(line.replace(/\t/g, '        '), Math.max(1, width)));
  const last = lines.findLastIndex(line => line.replace(SEQUENCE, '').trim() !== '');
  return lines.slice(0, last + 1);
};
