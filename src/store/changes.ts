// What keys do to the state: moving, focusing, filtering, marking, sorting. Pure: each returns what changes.
import type {ListPanel, PanelId, Row, SortField} from './rows.ts';
import {LIST_PANELS, PANELS} from './rows.ts';
import {type Mark, type ScreenState, selectedRow} from './state.ts';
import type {Change} from './store.ts';
import type {Sorting} from './visible-rows.ts';

export const isListPanel = (panel: PanelId): panel is ListPanel => (LIST_PANELS as readonly PanelId[]).includes(panel);

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** A key was pressed in the focused list: from now on its cursor is the user's. */
export const touch: Change = ({touched, subjectPanel}) => (touched.has(subjectPanel) ? {} : {touched: new Set([...touched, subjectPanel])});

/** Choose the row at a position of the focused list. */
const choose =
  (position: (current: number, rows: readonly Row[]) => number): Change =>
  state => {
    const panel = state.subjectPanel;
    const rows = state.visible[panel];
    const current = rows.findIndex(row => row.key === state.selected[panel]);
    const row = rows[clamp(position(current, rows), 0, Math.max(0, rows.length - 1))];
    return row === undefined ? {} : {selected: {...state.selected, [panel]: row.key}};
  };

const scrollBy =
  (field: 'explainScroll' | 'journalScroll', by: number): Change =>
  state => ({[field]: Math.max(0, state[field] + by)});

/** Move within whatever has the focus: choose another row, or scroll text. */
export const moveBy =
  (by: number): Change =>
  state => {
    switch (state.focus) {
      case 'explain':
      case 'journal':
        return scrollText(state.focus, by)(state);
      default:
        return choose(current => current + by)(state);
    }
  };

/** Scroll a text, whichever panel has the focus: down is later in Explain, and older in the journal. */
export const scrollText = (panel: 'explain' | 'journal', by: number): Change =>
  panel === 'explain' ? scrollBy('explainScroll', by) : scrollBy('journalScroll', by);

/** Turn a list to another part of it. The cursor stays on its row as long as that is shown, then on the first or last that is. */
export const scrollList =
  (panel: ListPanel, start: number, height: number): Change =>
  state => {
    const rows = state.visible[panel];
    const current = rows.findIndex(row => row.key === state.selected[panel]);
    const row = rows[clamp(current, start, Math.max(start, start + height - 1))];
    return {
      listScroll: {...state.listScroll, [panel]: {start}},
      selected: {...state.selected, [panel]: row?.key ?? state.selected[panel]},
      touched: new Set([...state.touched, panel]),
    };
  };

export const moveToEnd =
  (end: 'top' | 'bottom'): Change =>
  state =>
    isListPanel(state.focus)
      ? choose((_, rows) => (end === 'top' ? 0 : rows.length - 1))(state)
      : moveBy(end === 'top' ? Number.MIN_SAFE_INTEGER / 2 : 100_000)(state);

export const focusPanel =
  (panel: PanelId): Change =>
  state => ({
    focus: panel,
    subjectPanel: isListPanel(panel) ? panel : state.subjectPanel,
    // Explain is further in, the other panels are somewhere else.
    entered: panel === 'explain' || panel === state.focus ? state.entered : null,
  });

/** From a rig, or from a machine, to its agents; null of a row that is neither. */
export const enterGroup = (row: Row): Change | null => {
  const [machine] = row.fields.machine ?? [];
  const ofMachine = machine === undefined ? [] : [`machine:${machine}`];
  const terms = row.barred === null ? [...ofMachine, `rig:${row.cells.name ?? ''}`] : ofMachine;
  return row.barred !== null && row.cells.line === undefined
    ? null
    : state => ({...focusPanel('agents')(state), filter: terms.join(' '), entered: {filter: state.filter}});
};

/** Narrow the table to the next machine, or the one before, in the order of the first panel; all of them again behind the last. */
export const stepMachine =
  (by: 1 | -1): Change =>
  state => {
    const names = ['', ...state.view.rigs.flatMap(row => (row.cells.line === undefined ? [] : (row.fields.machine ?? [])))];
    const shown = /(?:^| )machine:(\S+)/.exec(state.filter)?.[1] ?? '';
    const next = names[(names.indexOf(shown) + by + names.length) % names.length] ?? '';
    const rest = state.filter.replace(/(?:^| )machine:\S+/g, '').trim();
    return {filter: [...(next === '' ? [] : [`machine:${next}`]), ...(rest === '' ? [] : [rest])].join(' ')};
  };

export const focusNext =
  (by: 1 | -1): Change =>
  state =>
    focusPanel(PANELS[(PANELS.indexOf(state.focus) + by + PANELS.length) % PANELS.length] ?? 'agents')(state);

/** Choose a row of a list by identity and go there. Clears a filter that hides it. */
export const goTo =
  (panel: ListPanel, key: string): Change =>
  state => ({
    ...focusPanel(panel)(state),
    touched: new Set([...state.touched, panel]),
    selected: {...state.selected, [panel]: key},
    ...(state.visible[panel].some(row => row.key === key) ? {} : {filter: '', problemsOnly: false}),
  });

export const setFilter =
  (filter: string): Change =>
  () => ({filter});

const markOf = (row: Row): Mark => ({
  key: row.key,
  ref: row.ref,
  title: row.cells.what ?? row.cells.name ?? (row.cells.port === undefined ? row.ref : `:${row.cells.port}`),
  ...(row.machine === undefined ? {} : {machine: row.machine}),
});

/** Mark or unmark the selected row and move on, as file managers do. What may not be marked stays unmarked. */
export const toggleMark: Change = state => {
  const panel = state.subjectPanel;
  const row = state.visible[panel].find(each => each.key === state.selected[panel]);
  if (row === undefined || row.unmarkable !== null) {
    return {};
  }
  const marks = new Map(state.marks);
  if (!marks.delete(row.key)) {
    marks.set(row.key, markOf(row));
  }
  return {marks, ...choose(current => current + 1)(state)};
};

/** Rows of the focused list, on the machine of the selected one, that a bulk mark may take: sure trouble with a remedy, never merely whatever is visible. */
export const eligibleRows = (state: ScreenState): readonly Row[] => {
  const machine = selectedRow(state)?.machine;
  return state.visible[state.subjectPanel].filter(row => row.unmarkable === null && row.eligible && row.machine === machine);
};

export const markAll: Change = state => ({
  marks: new Map([...state.marks, ...eligibleRows(state).map(row => [row.key, markOf(row)] as const)]),
});

export const clearMarks: Change = () => ({marks: new Map()});

/** Marks on rows that filter or problems-only hide. */
export const hiddenMarks = (state: ScreenState): number => {
  const shown = new Set(LIST_PANELS.flatMap(panel => state.visible[panel].map(row => row.key)));
  return [...state.marks.keys()].filter(key => !shown.has(key)).length;
};

/** A list in another order is looked at from its top. */
export const setSorting =
  (panel: ListPanel, sorting: Sorting): Change =>
  state => ({sorting: {...state.sorting, [panel]: sorting}, selected: {...state.selected, [panel]: null}});

/** Order the focused list by a field; the other way round when it is ordered so already. */
export const sortBy =
  (by: SortField): Change =>
  state => {
    const panel = state.subjectPanel;
    const {by: before, inverted} = state.sorting[panel];
    return setSorting(panel, {by, inverted: before === by && !inverted})(state);
  };

export const invertSorting: Change = state => {
  const panel = state.subjectPanel;
  const sorting = state.sorting[panel];
  return setSorting(panel, {...sorting, inverted: !sorting.inverted})(state);
};

/** The focused panel alone, and back again. */
export const toggleZoom: Change = ({zoomed}) => ({zoomed: !zoomed});

/** Esc with nothing on top: out of a text, a zoom, a rig; then the filter, the marks, problems-only. Never quits. */
export const back: Change = state => {
  if (!isListPanel(state.focus)) {
    return {...focusPanel(state.subjectPanel)(state), entered: state.entered};
  }
  if (state.zoomed) {
    return {zoomed: false};
  }
  if (state.entered !== null) {
    return {...focusPanel('rigs')(state), filter: state.entered.filter};
  }
  if (state.filter !== '') {
    return {filter: ''};
  }
  if (state.marks.size > 0) {
    return {marks: new Map()};
  }
  return state.problemsOnly ? {problemsOnly: false} : {};
};
