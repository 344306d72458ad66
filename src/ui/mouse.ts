// The mouse, for those who ask for it: reports of the terminal → what was pointed at. Pure.
import {LIST_PANELS, type ListPanel, PANELS, type PanelId} from '../store/rows.ts';
import type {Line} from './format.ts';
import type {Layout} from './layout.ts';

export type MouseReport = {readonly kind: 'click' | 'wheel-up' | 'wheel-down'; readonly column: number; readonly row: number};

/** Normal tracking with SGR coordinates (xterm control sequences, "Mouse Tracking"): presses and the wheel, no motion. */
export const MOUSE_ON = '\u001b[?1000h\u001b[?1006h';
export const MOUSE_OFF = '\u001b[?1006l\u001b[?1000l';

const KINDS: ReadonlyMap<string, MouseReport['kind']> = new Map(Object.entries({0: 'click', 64: 'wheel-up', 65: 'wheel-down'}));

/** Presses and turns of the wheel in a chunk read from the terminal, in cells from 0. Releases and pasted text are nothing. */
export const parseMouse = (chunk: string): readonly MouseReport[] =>
  [...chunk.replace(/\u001b\[200~[\s\S]*?(?:\u001b\[201~|$)/g, '').matchAll(/\u001b\[<(\d+);(\d+);(\d+)M/g)].flatMap(
    ([, button = '', column, row]) => {
      const kind = KINDS.get(button);
      return kind === undefined ? [] : [{kind, column: Number(column) - 1, row: Number(row) - 1}];
    },
  );

/** Row keys of a list as they stand on the screen: the first at terminal row `top`. */
export interface ShownRows {
  readonly top: number;
  readonly keys: readonly string[];
  /** Lines that each row takes. */
  readonly lines: number;
  /** Position in the whole list of the first row shown, and the most that it makes sense to be. */
  readonly start: number;
  readonly last: number;
  /** The head of the table, with its place; null where there is none. */
  readonly head: {readonly left: number; readonly row: number; readonly line: Line} | null;
}

export interface Pointed {
  readonly panel: PanelId;
  /** The row under the pointer, where there is one. */
  readonly row: {readonly panel: ListPanel; readonly key: string} | null;
}

const isList = (panel: PanelId): panel is ListPanel => (LIST_PANELS as readonly PanelId[]).includes(panel);

/** What a position on the terminal belongs to; null outside every panel. */
export const pointAt = (
  {column, row}: Pick<MouseReport, 'column' | 'row'>,
  layout: Layout,
  shown: ReadonlyMap<ListPanel, ShownRows>,
): Pointed | null => {
  const panel = PANELS.find(each => {
    const rect = layout.panels[each];
    return rect !== undefined && column >= rect.left && column < rect.left + rect.width && row >= rect.top && row < rect.top + rect.height;
  });
  if (panel === undefined) {
    return null;
  }
  const rows = isList(panel) ? shown.get(panel) : undefined;
  const key = rows?.keys[Math.floor((row - rows.top) / rows.lines)];
  return {panel, row: key === undefined || !isList(panel) ? null : {panel, key}};
};
