// Where everything goes on a terminal of any size and for any content: rectangles in cells, and which panels are only a line. Pure.
import type {PanelId} from '../store/rows.ts';
import type {ScreenState} from '../store/state.ts';
import {
  BORDERS,
  explainPart,
  hasHead,
  isOpen,
  LEAST_LIST,
  line,
  linesOfRow,
  NARROW,
  needOf,
  type Part,
  type Rect,
  type Shape,
  stack,
} from './boxes.ts';
import {arrangeFull} from './full-layout.ts';
import {steadyLines} from './panels/text-panels.ts';

export type LayoutKind = 'full' | 'tabs' | 'phone' | 'list';

/** Panels that have nothing to show, or no room, as one line. */
export interface Strip {
  readonly rect: Rect;
  readonly panels: readonly PanelId[];
}

export interface Layout {
  readonly kind: LayoutKind;
  readonly columns: number;
  readonly rows: number;
  readonly header: Rect | null;
  readonly tabs: Rect | null;
  /** Panels with borders, except in `phone` and `list`. */
  readonly panels: Readonly<Partial<Record<PanelId, Rect>>>;
  readonly strips: readonly Strip[];
  /** Lines that a row takes. */
  readonly rowLines: number;
  readonly toast: Rect | null;
  readonly footer: Rect | null;
}

/** The smallest size that shows more than a bare list. */
export const LEAST_COLUMNS = 40;
export const LEAST_ROWS = 10;
/** The smallest size with borders, and an explanation beside a list. */
const TABS_COLUMNS = NARROW;
const TABS_ROWS = 18;
const FULL_COLUMNS = 110;
const FULL_ROWS = 30;
/** A text that is read has the room that it needs; one that follows the cursor never the same. */
const explainContent = ({focus, explanation}: Pick<ScreenState, 'focus' | 'explanation'>, columns: number): number => {
  if (explanation === null) {
    return 0;
  }
  return focus === 'explain' ? Math.max(1, steadyLines(explanation.brief, columns) ?? 1) : 1;
};

/** What the layout needs of the state, on so many columns. */
export const shapeOf = (
  {focus, zoomed, visible, explanation, journal}: Pick<ScreenState, 'focus' | 'zoomed' | 'visible' | 'explanation' | 'journal'>,
  columns: number,
): Shape => ({
  focus,
  zoomed,
  content: {
    rigs: visible.rigs.length,
    ports: visible.ports.length,
    agents: visible.agents.length,
    orphans: visible.orphans.length,
    explain: explainContent({focus, explanation}, columns),
    journal: journal.length,
  },
});

const full = (columns: number, rows: number, shape: Shape): Layout => {
  const height = rows - 3;
  const arranged = arrangeFull(columns, height, shape);
  const first = rows - 2 - arranged.lines.length;
  return {
    kind: 'full',
    columns,
    rows,
    header: line(0, columns),
    tabs: null,
    rowLines: 1,
    panels: arranged.panels,
    strips: arranged.lines.map((panels, at) => ({rect: line(first + at, columns), panels})),
    toast: line(rows - 2, columns),
    footer: line(rows - 1, columns),
  };
};

/** One panel with what explains it; Explain and Journal alone. */
const tabs = (columns: number, rows: number, shape: Shape): Layout => {
  const {focus, zoomed} = shape;
  const body: Rect = {left: 0, top: 2, width: columns, height: rows - 4};
  const alone = zoomed || focus === 'explain' || focus === 'journal' || !isOpen('explain', shape);
  const need = needOf(focus, shape);
  const parts: readonly Part[] = [
    {panel: focus, need, least: Math.min(need, LEAST_LIST)},
    ...(alone ? [] : [explainPart(body.height, columns, shape)]),
  ];
  return {
    kind: 'tabs',
    columns,
    rows,
    header: line(0, columns),
    tabs: line(1, columns),
    rowLines: 1,
    panels: stack(body, parts),
    strips: [],
    toast: line(rows - 2, columns),
    footer: line(rows - 1, columns),
  };
};

/** One panel without borders, between the lines that every screen has. */
const phone = (columns: number, rows: number, {focus, content}: Shape): Layout => {
  const body: Rect = {left: 0, top: 2, width: columns, height: rows - 4};
  return {
    kind: 'phone',
    columns,
    rows,
    header: line(0, columns),
    tabs: line(1, columns),
    rowLines: linesOfRow(focus, body, content[focus]),
    panels: {[focus]: body},
    strips: [],
    toast: line(rows - 2, columns),
    footer: line(rows - 1, columns),
  };
};

const list = (columns: number, rows: number, {focus, content}: Shape): Layout => {
  const top = rows >= 2 ? 1 : 0;
  const body: Rect = {left: 0, top, width: columns, height: rows - top};
  return {
    kind: 'list',
    columns,
    rows,
    header: top === 1 ? line(0, columns) : null,
    tabs: null,
    rowLines: linesOfRow(focus, body, content[focus]),
    panels: {[focus]: body},
    strips: [],
    toast: null,
    footer: null,
  };
};

/** Rectangles for a terminal of `columns` × `rows`; sizes below one cell count as one. */
export const arrange = (columns: number, rows: number, shape: Shape): Layout => {
  const width = Math.max(1, Math.floor(columns));
  const height = Math.max(1, Math.floor(rows));
  if (width >= FULL_COLUMNS && height >= FULL_ROWS && !shape.zoomed) {
    return full(width, height, shape);
  }
  if (width >= TABS_COLUMNS && height >= TABS_ROWS) {
    return tabs(width, height, shape);
  }
  return width >= LEAST_COLUMNS && height >= LEAST_ROWS ? phone(width, height, shape) : list(width, height, shape);
};

/** Rows below everything that the lesson of a demo takes: dialogs do not cover it. None on a terminal that shows a bare list. */
export const lessonRows = (columns: number, rows: number, {lesson}: Pick<ScreenState, 'lesson'>): number =>
  lesson !== null && columns >= LEAST_COLUMNS && rows > LEAST_ROWS ? 1 : 0;

/** Whether panels have no borders. */
export const isBare = ({kind}: Layout): boolean => kind === 'list' || kind === 'phone';

/** Rows, or lines of text, that a panel shows at once: without borders, and without the head line of a table. */
export const contentHeight = (layout: Layout, panel: PanelId): number => {
  const rect = layout.panels[panel];
  if (rect === undefined) {
    return 0;
  }
  if (isBare(layout)) {
    return Math.floor(rect.height / layout.rowLines);
  }
  return Math.max(0, rect.height - BORDERS - (hasHead(panel) ? 1 : 0));
};

/** The box of a dialog: as large as its text needs, within the terminal, centred. */
export const dialogRect = (columns: number, rows: number, wanted: {readonly width: number; readonly height: number}): Rect => {
  const width = Math.max(1, Math.min(columns, wanted.width));
  const height = Math.max(1, Math.min(rows, wanted.height));
  return {left: Math.floor((columns - width) / 2), top: Math.floor((rows - height) / 2), width, height};
};
