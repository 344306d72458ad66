// The columns of the tables and how they share a width. Widths follow from the panel's width alone, never from content, so nothing jumps. Pure.
import type {ListPanel} from '../store/rows.ts';

export interface Column {
  /** Cell id; `badge` is the row's badge. */
  readonly id: string;
  readonly title: string;
  readonly least: number;
  /** Grows up to this; Infinity takes what is left. */
  readonly most: number;
  /** `tail` keeps the end of what is too long: a slot's number, not its repository. */
  readonly align: 'left' | 'right' | 'tail';
  /** 1 is dropped last. */
  readonly priority: number;
}

const column = (id: string, title: string, least: number, priority: number, most = least, align: Column['align'] = 'left'): Column => ({
  id,
  title,
  least,
  most,
  align,
  priority,
});

export const COLUMNS: Readonly<Record<ListPanel, readonly Column[]>> = {
  rigs: [
    column('name', 'RIG', 10, 1, Number.POSITIVE_INFINITY),
    column('count', 'N', 3, 2, 3, 'right'),
    column('badge', 'STATE', 9, 1, 14),
  ],
  slots: [
    column('port', 'PORT', 5, 1, 5, 'right'),
    column('slot', 'SLOT', 8, 2, 20, 'tail'),
    column('service', 'SERVICE', 7, 5, 10),
    column('holder', 'HELD', 6, 3, 8, 'right'),
    column('badge', 'STATE', 5, 1, 11),
    column('command', 'COMMAND', 12, 6, Number.POSITIVE_INFINITY),
  ],
  agents: [
    column('badge', 'STATE', 11, 1),
    column('name', 'AGENT', 14, 2, 30),
    column('runtime', 'RUNTIME', 8, 5),
    column('where', 'WHERE', 12, 8, 26),
    column('pid', 'PID', 7, 3, 7, 'right'),
    column('cpu', 'CPU', 4, 7, 4, 'right'),
    column('mem', 'MEM', 5, 6, 5, 'right'),
    column('age', 'AGE', 6, 10, 6, 'right'),
    column('idle', 'IDLE', 6, 9, 6, 'right'),
    column('slot', 'SLOT', 6, 11, 6, 'right'),
    column('why', 'WHY', 26, 4, Number.POSITIVE_INFINITY),
  ],
  orphans: [
    column('badge', 'VERDICT', 11, 1),
    column('what', 'WHAT', 14, 2, 30),
    column('pid', 'PID', 7, 3, 7, 'right'),
    column('age', 'AGE', 6, 5, 6, 'right'),
    column('mem', 'MEM', 5, 7, 5, 'right'),
    column('holds', 'HOLDS', 6, 6, 11),
    column('rig', 'RIG', 8, 8, 14),
    column('evidence', 'EVIDENCE', 28, 4, Number.POSITIVE_INFINITY),
  ],
};

export interface FittedColumn extends Column {
  readonly width: number;
}

const GAP = 1;

/** A cell narrower than this says nothing. */
const LEAST_CELLS = 4;

/** The columns that fit into `width` cells with one cell between them, in their order. The first two by priority always do. */
export const fitColumns = (columns: readonly Column[], width: number): readonly FittedColumn[] => {
  const chosen = new Map<Column, number>();
  let used = -GAP;
  for (const each of columns.toSorted((one, other) => one.priority - other.priority)) {
    // What a row is comes before what it measures: its name may be cut where it would not fit whole.
    const cells = each.priority <= 2 ? Math.min(each.least, width - used - GAP) : each.least;
    if (chosen.size === 0 || (used + GAP + cells <= width && cells >= Math.min(each.least, LEAST_CELLS))) {
      chosen.set(each, cells);
      used += cells + GAP;
    }
  }
  const fitted = columns.filter(each => chosen.has(each));
  const widths = new Map(fitted.map(each => [each.id, chosen.get(each) ?? each.least]));
  let spare = Math.max(0, width - used);
  const room = (each: Column): number => Math.min(spare, each.most - (widths.get(each.id) ?? 0));
  const growing = fitted.filter(each => each.most > each.least).toSorted((one, other) => one.priority - other.priority);
  for (const each of growing.filter(({most}) => most < Number.POSITIVE_INFINITY)) {
    // A badge is grown whole, the rest by a third: what explains takes what is left.
    const share = each.id === 'badge' ? room(each) : Math.min(room(each), Math.ceil(spare / 3));
    widths.set(each.id, (widths.get(each.id) ?? 0) + share);
    spare -= share;
  }
  for (const each of growing.filter(({most}) => most === Number.POSITIVE_INFINITY)) {
    widths.set(each.id, (widths.get(each.id) ?? 0) + spare);
    spare = 0;
  }
  return fitted.map(each => ({...each, width: Math.max(1, Math.min(width, widths.get(each.id) ?? each.least))}));
};
