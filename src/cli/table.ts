// Rows of cells into padded columns, measured in terminal cells. Pure.

import stringWidth from 'string-width';
import {oneLine} from '../core/domain/command-line.ts';
import {largest} from '../core/domain/extremes.ts';
import {graphemes} from '../core/domain/graphemes.ts';
import type {Tone} from '../words/badges.ts';
import type {Paint} from './paint.ts';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  readonly align?: 'right';
}

export type Column = string | Cell;

const asCell = (column: Column): Cell => {
  const cell = typeof column === 'string' ? {text: column} : column;
  return {...cell, text: oneLine(cell.text)};
};

/** The text cut to `width` terminal cells; what is cut ends in `~`, which every locale has. */
export const cutTo = (text: string, width: number): string => {
  if (stringWidth(text) <= width) {
    return text;
  }
  let cut = '';
  let used = 0;
  for (const {segment} of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) {
      break;
    }
    cut += segment;
  }
  return width > 0 ? `${cut}~` : '';
};

/** One line per row, first row the titles. Lines longer than `columns` are cut; null leaves them whole. */
export const formatTable = (
  titles: readonly string[],
  rows: readonly (readonly Column[])[],
  paint: Paint,
  columns: number | null,
): readonly string[] => {
  const body = rows.map(row => row.map(asCell));
  const heads = titles.map((text, column): Cell => ({text, tone: 'quiet', ...(body[0]?.[column]?.align === 'right' && {align: 'right'})}));
  const cells = [heads, ...body];
  const widths = titles.map((_, column) => largest(cells.map(row => stringWidth(row[column]?.text ?? ''))));
  return cells.map(row => {
    let room = columns ?? Number.POSITIVE_INFINITY;
    const line = row.map((cell, column) => {
      const width = Math.max(0, Math.min(widths[column] ?? 0, room));
      const text = cutTo(cell.text, width);
      const padding = ' '.repeat(width - stringWidth(text));
      room -= width + 2;
      const painted = paint(cell.tone ?? 'plain', text);
      return cell.align === 'right' ? padding + painted : painted + padding;
    });
    return line.join('  ').trimEnd();
  });
};
