// Where everything goes on a terminal of any size: rectangles in cells, which panels are on the screen, and what must give way. Pure.
import type {PanelId} from '../store/rows.ts';

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type LayoutKind = 'full' | 'tabs' | 'list';

export interface Layout {
  readonly kind: LayoutKind;
  readonly columns: number;
  readonly rows: number;
  readonly header: Rect | null;
  readonly tabs: Rect | null;
  /** Panels with borders, except in `list`. */
  readonly panels: Readonly<Partial<Record<PanelId, Rect>>>;
  readonly toast: Rect | null;
  readonly footer: Rect | null;
}

/** The smallest size that shows more than a bare list. */
export const LEAST_COLUMNS = 60;
export const LEAST_ROWS = 18;
const FULL_COLUMNS = 110;
const FULL_ROWS = 30;
/** From here on Explain gets a column of its own. */
const WIDE_COLUMNS = 190;

interface Focus {
  readonly focus: PanelId;
  readonly subjectPanel: PanelId;
}

const line = (top: number, width: number): Rect => ({left: 0, top, width, height: 1});

/** Split a height among parts by weight; every part gets at least its least, the last takes the rest. */
const split = (height: number, parts: readonly {readonly weight: number; readonly least: number}[]): readonly number[] => {
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  const heights = parts.map(part => Math.max(part.least, Math.floor((height * part.weight) / total)));
  const used = heights.slice(0, -1).reduce((sum, each) => sum + each, 0);
  return heights.with(-1, height - used);
};

const stack = <P extends PanelId>(
  ids: readonly P[],
  column: Omit<Rect, 'height'>,
  heights: readonly number[],
): Partial<Record<PanelId, Rect>> => {
  let top = column.top;
  return Object.fromEntries(
    ids.map((id, position) => {
      const height = heights[position] ?? 0;
      const rect: Rect = {...column, top, height};
      top += height;
      return [id, rect];
    }),
  );
};

const full = (columns: number, rows: number): Layout => {
  const height = rows - 3;
  const side = Math.min(48, Math.max(34, Math.floor(columns * 0.28)));
  const sides = stack(
    ['rigs', 'slots', 'journal'],
    {left: 0, top: 1, width: side},
    split(height, [
      {weight: 8, least: 5},
      {weight: 10, least: 5},
      {weight: 6, least: 4},
    ]),
  );
  const wide = columns >= WIDE_COLUMNS;
  const main = wide ? Math.floor((columns - side) * 0.6) : columns - side;
  const lists = wide
    ? stack(
        ['agents', 'orphans'],
        {left: side, top: 1, width: main},
        split(height, [
          {weight: 11, least: 6},
          {weight: 9, least: 5},
        ]),
      )
    : stack(
        ['agents', 'orphans', 'explain'],
        {left: side, top: 1, width: main},
        split(height, [
          {weight: 11, least: 6},
          {weight: 9, least: 5},
          {weight: 12, least: 6},
        ]),
      );
  const explain = wide ? stack(['explain'], {left: side + main, top: 1, width: columns - side - main}, [height]) : {};
  return {
    kind: 'full',
    columns,
    rows,
    header: line(0, columns),
    tabs: null,
    panels: {...sides, ...lists, ...explain},
    toast: line(rows - 2, columns),
    footer: line(rows - 1, columns),
  };
};

const tabs = (columns: number, rows: number, {focus}: Focus): Layout => {
  const height = rows - 4;
  const body = {left: 0, top: 2, width: columns};
  const alone = focus === 'explain' || focus === 'journal';
  const panels = alone
    ? stack([focus], body, [height])
    : stack(
        [focus, 'explain'],
        body,
        split(height, [
          {weight: 12, least: 6},
          {weight: 8, least: 6},
        ]),
      );
  return {
    kind: 'tabs',
    columns,
    rows,
    header: line(0, columns),
    tabs: line(1, columns),
    panels,
    toast: line(rows - 2, columns),
    footer: line(rows - 1, columns),
  };
};

const list = (columns: number, rows: number, {focus}: Focus): Layout => ({
  kind: 'list',
  columns,
  rows,
  header: rows >= 2 ? line(0, columns) : null,
  tabs: null,
  panels: {[focus]: {left: 0, top: rows >= 2 ? 1 : 0, width: columns, height: rows >= 2 ? rows - 1 : rows}},
  toast: null,
  footer: null,
});

/** Rectangles for a terminal of `columns` × `rows`; sizes below one cell count as one. */
export const arrange = (columns: number, rows: number, focus: Focus): Layout => {
  const width = Math.max(1, Math.floor(columns));
  const height = Math.max(1, Math.floor(rows));
  if (width >= FULL_COLUMNS && height >= FULL_ROWS) {
    return full(width, height);
  }
  return width >= LEAST_COLUMNS && height >= LEAST_ROWS ? tabs(width, height, focus) : list(width, height, focus);
};

/** Lines of a panel's content: without borders, and without the head line of a table. */
export const contentHeight = (layout: Layout, panel: PanelId): number => {
  const rect = layout.panels[panel];
  if (rect === undefined) {
    return 0;
  }
  const borders = layout.kind === 'list' ? 0 : 2;
  const head = panel === 'explain' || panel === 'journal' || panel === 'rigs' || layout.kind === 'list' ? 0 : 1;
  return Math.max(0, rect.height - borders - head);
};

/** The box of a dialog: as large as its text needs, within the terminal, centred. */
export const dialogRect = (columns: number, rows: number, wanted: {readonly width: number; readonly height: number}): Rect => {
  const width = Math.max(1, Math.min(columns, wanted.width));
  const height = Math.max(1, Math.min(rows, wanted.height));
  return {left: Math.floor((columns - width) / 2), top: Math.floor((rows - height) / 2), width, height};
};
