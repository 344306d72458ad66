// A pane's captured text → lines that keep their colours and nothing else that a terminal would obey. Pure.
import {cut, plain, widthOf} from './format.ts';

// SGR, the only sequence kept; any other escape sequence: CSI, OSC with either end, other two-byte ones (ECMA-48 5.3 to 5.6).
const SEQUENCE = /\u001b\[[\d;:]*m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;
/** A captured line as its text. */
export const withoutColours = (line: string): string => line.replace(SEQUENCE, '');

const isColour = (sequence: string): boolean => /^\u001b\[[\d;:]*m$/.test(sequence);

/** A rule or a border that goes on says nothing more. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Sets back what was before; `0;31` and the like set something of their own as well. */
const RESET = /^\u001b\[0*[;m]/;

/** One line as lines of at most `width` cells: each begins with the colours that hold there and closes them at its end. */
const colourLines = (line: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let colours = '';
  let shown = '';
  let left = width;
  const close = (): void => {
    lines.push(shown.includes('\u001b') ? `${shown}\u001b[0m` : shown);
    shown = colours;
    left = width;
  };
  const add = (text: string): void => {
    let rest = plain(text).text;
    while (rest !== '') {
      const piece = cut(rest, left);
      if (piece === '' && left === width) {
        // A character wider than the whole line.
        return;
      }
      shown += piece;
      left -= widthOf(piece);
      rest = rest.slice(piece.length);
      if (rest !== '') {
        close();
      }
    }
  };
  let from = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (isColour(match[0])) {
      shown += match[0];
      colours = RESET.test(match[0]) ? match[0].replace(/^\u001b\[0*m$/, '') : colours + match[0];
    }
  }
  add(line.slice(from));
  close();
  const [first = '', ...more] = lines;
  const last = more.findLastIndex(each => SAYS_SOMETHING.test(each.replace(SEQUENCE, '')));
  return [first, ...more.slice(0, last + 1)];
};

/** Lines of `capture-pane -e`, the long ones wrapped at `width` cells, without the blank ones below the last text. */
export const paneLines = (text: string, width: number): readonly string[] => {
  const lines = text.split('\n').flatMap(line => colourLines(line.replace(/\t/g, '        '), Math.max(1, width)));
  const last = lines.findLastIndex(line => line.replace(SEQUENCE, '').trim() !== '');
  return lines.slice(0, last + 1);
};
