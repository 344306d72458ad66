// A panel that lists rows: table head, cursor, marks, badges, and what to say when there is nothing. Pure.
import {needYou} from '../../core/domain/hint.ts';
import {countAgents} from '../../store/agent-rows.ts';
import {countRigs} from '../../store/rig-rows.ts';
import type {HeaderView, ListPanel, Row} from '../../store/rows.ts';
import type {ScreenState} from '../../store/state.ts';
import type {Sorting} from '../../store/visible-rows.ts';
import {countOf} from '../../words/counts.ts';
import {linesOfRow, type Rect} from '../boxes.ts';
import {
  columnsOf,
  type FittedColumn,
  fitColumns,
  indentOf,
  measureRows,
  SORT_WORDS,
  sortedColumn,
  sortOfColumn,
  type Widths,
} from '../columns.ts';
import {fit, type Line, plain, type Segment, spotted, wrap, wrapWithin} from '../format.ts';
import {type BodyLine, type Drawn, drawBody, drawFrame, type FrameText} from '../frame.ts';
import {type Anchor, followRow, type ListWindow, TOP} from '../list-window.ts';
import type {ShownRows} from '../mouse.ts';
import type {Role, Theme} from '../theme.ts';
import {fitCell} from './fit-cell.ts';
import type {KeysOf} from './text-panels.ts';

const NAMES: Readonly<Record<ListPanel, string>> = {rigs: '1 Rigs', ports: '2 Ports', agents: '3 Agents', orphans: '4 Orphans'};

/** Cells in front of the first column: cursor, mark, space. */
const GUTTER = 3;

/** What a list panel reads of the state. */
export interface ListState {
  readonly rows: readonly Row[];
  /** Before filter and problems-only. */
  readonly all: readonly Row[];
  readonly header: HeaderView;
  readonly selected: string | null;
  readonly focused: boolean;
  /** Whether Explain explains this list's selection. */
  readonly current: boolean;
  readonly filter: string;
  readonly marks: ScreenState['marks'];
  readonly problemsOnly: boolean;
  readonly sorting: Sorting;
  /** Whether there was a look at all. */
  readonly looked: boolean;
  readonly demoCommand: string;
  /** Where the wheel has turned the list to; null before it was turned. */
  readonly scroll: {readonly start: number} | null;
}

/** A badge that does not fit keeps its first word and its count: `WRONG 2` of `WRONG-OWNER 2`. */
const shortBadge = (word: string, width: number): string => (word.length <= width ? word : word.replace(/-[A-Z]+/, ''));

const roleOf = (column: FittedColumn['id'], tone: Row['badge']['tone']): Role => {
  if (column === 'badge') {
    return tone;
  }
  return tone === 'quiet' && column !== 'pid' && column !== 'age' ? 'quiet' : 'plain';
};

const cellOf = (row: Row, column: FittedColumn, theme: Theme): Segment => {
  const indent = column.id === 'name' ? indentOf(row) : '';
  const text = column.id === 'badge' ? shortBadge(row.badge.word, column.width) : `${indent}${row.cells[column.id] ?? ''}`;
  return plain(fitCell(column, text, theme.glyphs.ellipsis), roleOf(column.id, row.badge.tone));
};

/** One row as a line: every cell padded to its column. A reversed badge is reversed over its word only. */
export const formatRow = (
  row: Row,
  columns: readonly FittedColumn[],
  look: {readonly selected: boolean; readonly marked: boolean; readonly theme: Theme},
): Line => {
  const cells = columns.flatMap((column, position): readonly Segment[] => {
    const gap = position === 0 ? [] : [plain(' ')];
    const cell = cellOf(row, column, look.theme);
    if (column.id !== 'badge') {
      return [...gap, cell];
    }
    const word = cell.text.trimEnd();
    return [...gap, plain(word, cell.role), plain(cell.text.slice(word.length))];
  });
  return [plain(look.selected ? '>' : ' ', 'strong'), plain(look.marked ? '*' : ' ', 'mark'), plain(' '), ...cells];
};

/** Columns that are sentences: where a row has two lines, the second is theirs. */
const WORDS: ReadonlySet<string> = new Set(['why', 'evidence']);

/** Why, in exactly `most` lines; where there is no reason to give, the place of the row. */
const wordsLines = ({cells}: Row, width: number, most: number, theme: Theme): readonly Line[] => {
  const words = cells.why ?? cells.evidence ?? '';
  const {ellipsis} = theme.glyphs;
  const room = Math.max(1, width - GUTTER);
  const shown =
    words === ''
      ? [plain(fit(cells.where ?? '', room, 'tail', ellipsis), 'dim')]
      : wrapWithin(words, room, most).map(text => plain(fit(text, room, 'left', ellipsis)));
  return Array.from({length: most}, (_, at): Line => [plain(' '.repeat(GUTTER)), shown[at] ?? plain('')]);
};

/** The head of the table; the column that it is ordered by has an arrow where that is not need. */
const headLine = (
  panel: ListPanel,
  columns: readonly FittedColumn[],
  {sorted, inverted}: {readonly sorted: string | null; readonly inverted: boolean},
  theme: Theme,
): Line => [
  plain(' '.repeat(GUTTER)),
  ...columns.flatMap((column, position): Line => {
    const title = column.id === sorted ? `${column.title}${inverted ? '▴' : '▾'}` : column.title;
    const cell = plain(fit(title, column.width, column.align, theme.glyphs.ellipsis), column.id === sorted ? 'strong' : 'dim');
    const sort = sortOfColumn(panel, column.id);
    return [...(position === 0 ? [] : [plain(' ')]), ...(sort === null ? [cell] : spotted([cell], {sort}))];
  }),
];

/** Nothing to list: told apart are nothing seen yet, nothing there, nothing left by the filter, and not being able to see. */
const emptyWords = (
  state: Pick<ListState, 'all' | 'header' | 'filter' | 'looked' | 'demoCommand'>,
  panel: ListPanel,
): readonly string[] => {
  const {header, all, filter, looked, demoCommand} = state;
  if (!looked) {
    return ['Looking for the first time'];
  }
  if (all.length > 0) {
    const filtered = filter === '' ? 'problems only (e)' : `the filter "${filter}"`;
    return [`Nothing matches ${filtered}: ${all.length} hidden. Esc shows all.`];
  }
  const what: Readonly<Record<ListPanel, string>> = {
    rigs: 'No rigs',
    ports: 'No agent, no session and nothing left over listens on a port, and none is declared',
    agents: 'No agents and no sessions',
    orphans: 'No orphans',
  };
  const blind = header.blind.length === 0 ? [] : [`Could not see everything: ${header.blind.join('; ')}`];
  const offers: Readonly<Partial<Record<ListPanel, string>>> = {
    agents: `${demoCommand} shows a fleet with every kind of trouble.`,
    ports: '[[rigs]] in the configuration declares ports: rigtop schema config.',
  };
  const offer = offers[panel];
  return [`${what[panel]}. ${header.reach}.`, ...blind, ...(offer === undefined ? [] : [offer])];
};

/** The numbers of the header, where other rows stand between. */
const COUNTED: Readonly<Partial<Record<ListPanel, (rows: readonly Row[]) => number>>> = {rigs: countRigs, agents: countAgents};

const titleNote = ({rows, all, sorting}: ListState, panel: ListPanel): string => {
  const order =
    sorting.by === 'severity' && !sorting.inverted ? '' : `  by ${SORT_WORDS[sorting.by]}${sorting.inverted ? ', inverted' : ''}`;
  const countIn = COUNTED[panel] ?? (each => each.length);
  const [shown, whole] = [countIn(rows), countIn(all)];
  const others = panel === 'agents' && whole < all.length ? `, ${countOf(all.length - whole, 'other session')}` : '';
  const count = `${shown === whole ? whole : `${shown} of ${whole}`}${others}`;
  if (panel === 'orphans') {
    const unsure = rows.filter(row => row.badge.tone === 'unknown').length;
    return `${rows.length - unsure} sure${unsure === 0 ? '' : `, ${unsure} unknown`}${rows.length === all.length ? '' : `, ${all.length - rows.length} hidden`}${order}`;
  }
  return all.length === 0 ? '' : `${count}${order}`;
};

/** The key of an action as it is bound, for a border that offers it; null where it has none, or can never do anything here. */
const keyIn = (keysOf: KeysOf, action: string): string | null => keysOf([action])[0]?.text ?? null;

/** How to come to the next agent that needs a person, where one does. */
const noteOf = ({header}: ListState, panel: ListPanel, keysOf: KeysOf): Line => {
  const key = panel === 'agents' && needYou(header.doing) > 0 ? keyIn(keysOf, 'next-need') : null;
  return key === null ? [] : [plain(key, 'key'), plain(' next that needs you', 'dim')];
};

const footOf = ({rows, marks}: ListState, {start, end}: ListWindow, panel: ListPanel, keysOf: KeysOf): string => {
  const marked = rows.filter(row => marks.has(row.key)).length;
  const position = end - start < rows.length ? `${start + 1}-${end} of ${rows.length}` : '';
  const copy = panel === 'ports' && rows.some(({declarable}) => declarable === true) ? keyIn(keysOf, 'copy') : null;
  const stanza = copy === null ? '' : `${copy} copies [[rigs]]`;
  return [marked > 0 ? `${marked} marked` : '', stanza, position].filter(each => each !== '').join('  ');
};

const emptyBody = (state: ListState, panel: ListPanel, width: number): readonly BodyLine[] =>
  emptyWords(state, panel)
    .flatMap(words => wrap(words, width - 2))
    .map(words => ({line: [plain(' '), plain(words, 'dim')]}));

/** The bar under a row: where keys go, or where they would go. */
const barOf = ({selected, focused, current}: ListState, row: Row): Role | null => {
  if (row.key !== selected || !(focused || current)) {
    return null;
  }
  return focused ? 'cursor' : 'cursor-idle';
};

/** What a list remembers from frame to frame. */
export interface ListMemory {
  readonly anchor: Anchor;
  /** Columns never get narrower. */
  readonly widths: Widths;
  /** The rows that have been measured. */
  readonly measured: readonly Row[];
  /** The turn of the wheel that has been followed. */
  readonly scroll: ListState['scroll'];
}

export const FRESH: ListMemory = {anchor: TOP, widths: {}, measured: [], scroll: null};

/** Where the list stood, or where the wheel has turned it to since. */
const scrolledAnchor = ({anchor, scroll: followed}: ListMemory, {scroll, selected}: ListState, keys: readonly string[]): Anchor =>
  scroll === null || scroll === followed
    ? anchor
    : {key: selected, index: selected === null ? -1 : keys.indexOf(selected), offset: scroll.start};

/** Columns never get narrower: what has been measured need not be measured again, and most rows of a look are those of the one before. */
const without = (rows: readonly Row[], measured: readonly Row[]): readonly Row[] => {
  const known = new Set(measured);
  return rows.filter(row => !known.has(row));
};

export interface DrawnList {
  readonly drawn: Drawn;
  /** For the next frame. */
  readonly memory: ListMemory;
  /** What stands where, for a pointer. */
  readonly shown: ShownRows;
}

/** The panel as finished lines, and what to remember for the next frame. */
export const drawListPanel = (
  state: ListState,
  panel: ListPanel,
  place: {readonly rect: Rect; readonly theme: Theme; readonly memory: ListMemory; readonly bare: boolean; readonly keysOf: KeysOf},
): DrawnList => {
  const {rect, theme, bare, keysOf} = place;
  const {rows, focused, marks} = state;
  const inner = bare ? rect.width : Math.max(0, rect.width - 2);
  const {widths, measured} = place.memory;
  const all = columnsOf(panel, state.header.machines !== undefined);
  const wide = measured === state.all ? widths : measureRows(all, without(state.all, measured), widths);
  const {by, inverted} = state.sorting;
  const sorted = by === 'severity' && !inverted ? null : sortedColumn(panel, by);
  const lines = bare ? linesOfRow(panel, rect, rows.length) : 1;
  const own = lines === 1 ? all : all.filter(({id}) => !WORDS.has(id));
  const columns = fitColumns(own, inner - GUTTER - 1, wide, sorted);
  const headed = panel !== 'rigs' && !bare && rows.length > 0;
  const height = rect.height - (bare ? 0 : 2) - (headed ? 1 : 0);
  const keys = rows.map(row => row.key);
  const room = Math.floor(height / lines);
  const {window, anchor} = followRow(scrolledAnchor(place.memory, state, keys), keys, state.selected, room);
  const memory: ListMemory = {anchor, widths: wide, measured: state.all, scroll: state.scroll};
  const head = headed ? headLine(panel, columns, {sorted, inverted}, theme) : null;
  const shown: ShownRows = {
    top: rect.top + (bare ? 0 : 1) + (headed ? 1 : 0),
    keys: keys.slice(window.start, window.end),
    lines,
    start: window.start,
    last: Math.max(0, keys.length - room),
    head: head === null ? null : {left: rect.left + 1, row: rect.top + 1, line: head},
  };
  const body: readonly BodyLine[] =
    rows.length === 0
      ? emptyBody(state, panel, inner)
      : rows.slice(window.start, window.end).flatMap(row => {
          const base = barOf(state, row);
          const line = formatRow(row, columns, {selected: row.key === state.selected, marked: marks.has(row.key), theme});
          return [line, ...(lines === 1 ? [] : wordsLines(row, inner, lines - 1, theme))].map(each => ({line: each, base}));
        });
  if (bare) {
    return {drawn: drawBody(theme, rect, body), memory, shown};
  }
  const text: FrameText = {
    title: [plain(NAMES[panel], focused ? 'title-focus' : 'title'), plain(`  ${titleNote(state, panel)}`.trimEnd(), 'dim')],
    note: noteOf(state, panel, keysOf),
    foot: [plain(footOf(state, window, panel, keysOf), 'dim')].filter(segment => segment.text !== ''),
    focused,
  };
  return {
    drawn: drawFrame(theme, rect, text, head === null ? body : [{line: head}, ...body]),
    memory,
    shown,
  };
};
