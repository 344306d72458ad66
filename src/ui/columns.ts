// The columns of the tables and how they share a width: as wide as their content, and never narrower again. Pure.
import {largest} from '../core/domain/extremes.ts';
import type {ListPanel, Row, SortField} from '../store/rows.ts';
import {SORTS_OF} from '../store/visible-rows.ts';
import {widthOf} from './format.ts';

/** Cells that a sentence gets before any column after it, and before those that say least. */
const SOME_WORDS = 40;
const MOST_WORDS = 58;
/** Of a name before a sentence gets some words. */
const SOME_NAME = 11;

export interface Column {
  /** Cell id; `badge` is the row's badge. */
  readonly id: string;
  readonly title: string;
  readonly least: number;
  /** Follows its content up to this; Infinity takes what is left. */
  readonly most: number;
  /** Of a sentence, which takes all that is left: the columns behind this priority say less than the rest of it. Null for what is none. */
  readonly words: number | null;
  /** A name that begins narrow, so that a sentence finds its place beside it. */
  readonly givesWay: boolean;
  /** `tail` keeps the end of what is too long: a slot's number, not its repository. */
  readonly align: 'left' | 'right' | 'tail';
  /** In this order columns find their place: 1 is dropped last. */
  readonly priority: number;
}

const ALL = Number.POSITIVE_INFINITY;

const GIVING_WAY: ReadonlySet<string> = new Set(['name', 'rig', 'agent', 'what']);

const column = (id: string, title: string, least: number, priority: number, most = least, align: Column['align'] = 'left'): Column => ({
  id,
  title,
  least,
  most,
  words: null,
  givesWay: GIVING_WAY.has(id),
  align,
  priority,
});

const sentence = (id: string, title: string, least: number, priority: number, words: number): Column => ({
  ...column(id, title, least, priority, ALL),
  words,
});

const COLUMNS: Readonly<Record<ListPanel, readonly Column[]>> = {
  rigs: [
    column('name', 'RIG', 10, 1, 24),
    column('count', 'N', 3, 1, 3, 'right'),
    column('badge', 'STATE', 9, 2, 14),
    column('line', 'LINE', 4, 3, 4),
    column('needs', 'NEEDS', 6, 4, 24),
    column('why', 'WHERE', 12, 5, ALL, 'tail'),
  ],
  ports: [
    column('machine', 'MACHINE', 7, 2.7, 14, 'tail'),
    column('port', 'PORT', 5, 1, 5, 'right'),
    column('belongs', 'BELONGS TO', 6, 4, 24, 'tail'),
    column('held', 'HELD BY', 8, 2, 36),
    column('where', 'WHERE', 6, 5, 18, 'tail'),
    column('badge', 'STATE', 5, 1, 12),
    sentence('why', 'WHY', 20, 6, ALL),
  ],
  agents: [
    column('machine', 'MACHINE', 7, 2.7, 14, 'tail'),
    column('badge', 'STATE', 7, 1, 11),
    column('rig', 'RIG', 6, 2.8, 14, 'tail'),
    column('agent', 'AGENT', 8, 2, 24, 'tail'),
    column('runtime', 'RUNTIME', 7, 5, 10),
    column('since', 'SINCE', 5, 6, 6, 'right'),
    column('mem', 'MEM', 5, 7, 5, 'right'),
    column('slot', 'PORTS', 6, 8, 6, 'right'),
    column('pid', 'PID', 5, 9, 7, 'right'),
    column('cpu', 'CPU', 4, 10, 4, 'right'),
    column('idle', 'IDLE', 5, 11, 5, 'right'),
    column('age', 'AGE', 5, 12, 5, 'right'),
    column('branch', 'BRANCH', 6, 13, 24, 'tail'),
    column('where', 'WHERE', 10, 14, 26, 'tail'),
    sentence('why', 'WHY', 26, 3, 8),
  ],
  orphans: [
    column('machine', 'MACHINE', 7, 2.7, 14, 'tail'),
    column('badge', 'VERDICT', 7, 1, 11),
    column('what', 'WHAT', 10, 2, 24),
    column('pid', 'PID', 5, 4, 7, 'right'),
    column('age', 'AGE', 5, 5, 6, 'right'),
    column('holds', 'HOLDS', 6, 6, 11),
    column('mem', 'MEM', 5, 7, 5, 'right'),
    column('rig', 'RIG', 6, 8, 14),
    column('cpu', 'CPU', 4, 9, 4, 'right'),
    sentence('evidence', 'EVIDENCE', 26, 3, 6),
  ],
};

/** Columns that only a table of several machines has. */
const OF_MACHINES: ReadonlySet<string> = new Set(['machine', 'line']);

/** The columns of a panel, as many machines as are shown. */
export const columnsOf = (panel: ListPanel, hasMachines: boolean): readonly Column[] =>
  hasMachines ? COLUMNS[panel] : COLUMNS[panel].filter(({id}) => !OF_MACHINES.has(id));

/** What a list can be ordered by, as menu, title and help say it. */
export const SORT_WORDS: Readonly<Record<SortField, string>> = {
  severity: 'need',
  name: 'name',
  age: 'age',
  cpu: 'processor',
  memory: 'memory',
  idle: 'idle',
  pid: 'pid',
  port: 'port',
};

/** The column that shows what a list is ordered by; null where that is no column of it. */
export const sortedColumn = (panel: ListPanel, by: SortField): string | null => {
  const ids: Readonly<Record<SortField, readonly string[]>> = {
    severity: ['badge'],
    name: ['agent', 'what', 'belongs'],
    age: ['age'],
    cpu: ['cpu'],
    memory: ['mem'],
    idle: ['idle'],
    pid: ['pid', 'held'],
    port: ['port', 'holds', 'slot'],
  };
  return ids[by].find(id => COLUMNS[panel].some(each => each.id === id)) ?? null;
};

/** What a column’s head orders by; null for one that is no order. */
export const sortOfColumn = (panel: ListPanel, id: string): SortField | null =>
  SORTS_OF[panel].find(by => sortedColumn(panel, by) === id) ?? null;

/** Cells that the widest content of a column takes, by its id. */
export type Widths = Readonly<Record<string, number>>;

/** In front of a name in a tree. */
export const indentOf = ({depth}: Pick<Row, 'depth'>): string => '  '.repeat(depth);

/** The widths of rows, and of those before them. */
export const measureRows = (columns: readonly Column[], rows: readonly Row[], before: Widths): Widths =>
  Object.fromEntries(
    columns
      .filter(({most, least}) => most > least && most < ALL)
      .map(({id, title}) => {
        const cells = rows.map(row => (id === 'badge' ? row.badge.word : `${id === 'name' ? indentOf(row) : ''}${row.cells[id] ?? ''}`));
        return [id, Math.max(before[id] ?? 0, title.length, largest(cells.map(widthOf)))];
      }),
  );

export interface FittedColumn extends Column {
  readonly width: number;
}

const GAP = 1;

/** A cell narrower than this says nothing. */
const LEAST_CELLS = 4;

/** So many cells for a column, in this order: its place, or more of it. */
interface Claim {
  readonly column: Column;
  readonly place: number;
  readonly cells: number;
}

/** A sentence has some words before names have their whole width, and all of both come before what says least. */
const claimsOf = (each: Column, content: Widths, place: number): readonly Claim[] => {
  const {id, least, most, words, givesWay} = each;
  const claim = (at: number, cells: number): Claim => ({column: each, place: at, cells});
  if (words !== null) {
    return [claim(place, least), claim(place + 0.5, SOME_WORDS), claim(words + 0.5, MOST_WORDS)];
  }
  const whole = most === ALL ? least : Math.min(most, Math.max(least, content[id] ?? least));
  const later = (at: number): number => Math.max(place, at + place / 100);
  return givesWay ? [claim(place, least), claim(later(3.4), Math.min(whole, SOME_NAME)), claim(later(3.6), whole)] : [claim(place, whole)];
};

/**
 * The columns that fit into `width` cells with one cell between them, in their order. Places, and more of them, are given in order of
 * priority, and the first column that finds no room ends it: a wider terminal never shows fewer. What explains gets its words before any
 * column after it, more of them before those that say least, and all that is left. `pinned`, by which the list is ordered, comes right
 * after the first; that and the first two by priority always have a place, if a narrow one.
 */
export const fitColumns = (
  columns: readonly Column[],
  width: number,
  content: Widths = {},
  pinned: string | null = null,
): readonly FittedColumn[] => {
  const widths = new Map<string, number>();
  let left = width + GAP;
  const give = (id: string, cells: number): void => {
    left -= cells + (widths.has(id) ? 0 : GAP);
    widths.set(id, (widths.get(id) ?? 0) + cells);
  };
  const place = ({id, priority}: Column): number => (id === pinned && priority > 2 ? 1.5 : priority);
  const claims = columns.flatMap(each => claimsOf(each, content, place(each))).toSorted((one, other) => one.place - other.place);
  for (const {column: each, cells} of claims) {
    const had = widths.get(each.id);
    if (had !== undefined) {
      give(each.id, Math.max(0, Math.min(left, cells - had)));
    } else if (widths.size === 0 || left - GAP >= cells) {
      give(each.id, Math.min(cells, Math.max(1, left - GAP)));
    } else if ((each.priority <= 2 || each.id === pinned) && left - GAP >= LEAST_CELLS) {
      give(each.id, left - GAP);
    } else {
      break;
    }
  }
  const fitted = columns.filter(({id}) => widths.has(id));
  // All have their place: what is left goes first to names, also to those that are longer than most.
  for (const {id, most, least} of fitted.filter(each => each.most < ALL)) {
    const more = Math.min(2 * most, content[id] ?? 0) - (widths.get(id) ?? 0);
    if (most > least && more > 0) {
      give(id, Math.max(0, Math.min(left, more)));
    }
  }
  const growing =
    fitted.find(({most}) => most === ALL) ?? fitted.find(({priority}) => priority === 2) ?? fitted.find(({most, least}) => most > least);
  return fitted.map(each => ({...each, width: (widths.get(each.id) ?? 1) + (each === growing ? Math.max(0, left) : 0)}));
};
