// Boxes above each other: how high each has to be, and who gets what is left. Pure.
import type {PanelId} from '../store/rows.ts';

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * How many lines each panel has to show; Explain only whether it has any (1), because its text follows the cursor: how many they are where
 * it has the focus, and nothing of it comes from a screen that goes on.
 */
export type Content = Readonly<Record<PanelId, number>>;

export interface Shape {
  readonly focus: PanelId;
  /** The focused panel alone. */
  readonly zoomed: boolean;
  readonly content: Content;
}

export const BORDERS = 2;
/** Lines of an empty panel that has the focus: why it is empty. */
const EMPTY_LINES = 3;
/** Heights, borders included, below which Explain and a list say nothing. */
export const LEAST_EXPLAIN = 7;
export const LEAST_LIST = 6;

/** Lines of most explanations with the end of a screen below them: over the whole width, and where each is broken into several. */
const EXPLAIN_LINES = 16;
const NARROW_EXPLAIN_LINES = 24;
const NARROW_EXPLAIN = 60;

/** Height of an Explain that seldom has more to say: its text follows the cursor, and its box must not. */
export const explainNeed = (width: number, {content}: Pick<Shape, 'content'>): number => {
  const most = width < NARROW_EXPLAIN ? NARROW_EXPLAIN_LINES : EXPLAIN_LINES;
  return BORDERS + (content.explain > 1 ? Math.min(most, content.explain) : most);
};

/** Whether a table’s head stands over its rows. */
export const hasHead = (panel: PanelId): boolean => panel === 'ports' || panel === 'agents' || panel === 'orphans';

/** Below this many columns there are no borders, and a row needs a second line for what explains it. */
export const NARROW = 60;

/** What a row is in one line, and why in two. */
const MOST_LINES = 3;

/** Lines that a row takes in a panel without borders: as many as its reason needs, where every row has them. */
export const linesOfRow = (panel: PanelId, {width, height}: Pick<Rect, 'width' | 'height'>, rows: number): number =>
  hasHead(panel) ? Math.max(width < NARROW && height > 1 ? 2 : 1, Math.min(MOST_LINES, Math.floor(height / Math.max(1, rows)))) : 1;

/** Height of a box that hides nothing. */
export const needOf = (panel: PanelId, {content}: Shape): number => {
  const rows = content[panel];
  return rows === 0 ? EMPTY_LINES + BORDERS : rows + BORDERS + (hasHead(panel) ? 1 : 0);
};

export interface Part {
  readonly panel: PanelId;
  readonly least: number;
  readonly need: number;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Each its least, then each up to its need in order, as far as it goes; what is over goes to the last. */
const fill = (height: number, parts: readonly Part[]): readonly number[] => {
  let spare = height - sum(parts.map(part => part.least));
  const heights = parts.map(({least, need}) => {
    const more = Math.max(0, Math.min(spare, need - least));
    spare -= more;
    return least + more;
  });
  return heights.map((each, at) => (at === heights.length - 1 ? each + spare : each));
};

export type Panels = Partial<Record<PanelId, Rect>>;

/** Boxes above each other in a column of exactly `column.height`. */
export const stack = (column: Rect, parts: readonly Part[]): Panels => {
  const heights = fill(column.height, parts);
  let top = column.top;
  return Object.fromEntries(
    parts.map(({panel}, at) => {
      const height = heights[at] ?? 0;
      const rect: Rect = {...column, top, height};
      top += height;
      return [panel, rect];
    }),
  );
};

export const line = (top: number, width: number): Rect => ({left: 0, top, width, height: 1});

/** Explain takes what it gets: of a high screen a fifth at least, and half of any, as far as it has that much to say, while it has the focus. */
export const explainPart = (height: number, width: number, shape: Shape): Part => ({
  panel: 'explain',
  least: Math.max(LEAST_EXPLAIN, Math.min(explainNeed(width, shape), Math.floor(height / (shape.focus === 'explain' ? 2 : 5)))),
  need: height,
});

/** Whether a panel is a box: Agents always, the others while they have something to show or the focus. */
export const isOpen = (panel: PanelId, {focus, content}: Shape): boolean => panel === 'agents' || panel === focus || content[panel] > 0;
