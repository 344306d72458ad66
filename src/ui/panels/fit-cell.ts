// What stays of a cell that is too long for its column, by what stands in it.
import type {FittedColumn} from '../columns.ts';
import {fit, widthOf} from '../format.ts';

/** Cells of an owner’s name below which it says nothing. */
const LEAST_OWNER = 6;

/** `vite 22 …ark-mode` of `vite 22 of shop/dark-mode`: what holds a port stays, and the end of whose it is. */
const fitHolder = (text: string, width: number, ellipsis: string): string => {
  const at = text.search(/ (of|in) /);
  const room = width - at - 1;
  return at === -1 || room < LEAST_OWNER || widthOf(text) <= width
    ? fit(text, width, 'left', ellipsis)
    : text.slice(0, at + 1) + fit(text.slice(at + ' of '.length), room, 'tail', ellipsis);
};

/** The end of a path or of a session’s name tells more than its beginning; of a command it is the other way round. */
const fitWhat = (text: string, width: number, ellipsis: string): string => {
  const name = widthOf(text) > width ? text.replace(/^session (?=\S+$)/, '') : text;
  return fit(name, width, /\s/.test(name) ? 'left' : 'tail', ellipsis);
};

/** The text of a cell at the width of its column: what is cut is what says least of it. */
export const fitCell = ({id, width, align}: FittedColumn, text: string, ellipsis: string): string => {
  switch (id) {
    case 'held':
      return fitHolder(text, width, ellipsis);
    case 'what':
      return fitWhat(text, width, ellipsis);
    default:
      return fit(text, width, align, ellipsis);
  }
};
