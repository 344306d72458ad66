// Bring everything derived in line after a change: visible rows, selections, marks, explanation. Pure.

import {indexFleet} from '../words/fleet-index.ts';
import {explainAsSeen, explainMachine} from './explain-machine.ts';
import {explainRow} from './explain-row.ts';
import {feedLines} from './feed-lines.ts';
import {parseFilter} from './filter.ts';
import {ownKey} from './join-views.ts';
import {advanceLesson} from './lesson-place.ts';
import {share} from './reconcile.ts';
import {LIST_PANELS, type ListPanel, type Row} from './rows.ts';
import {lookOf, MAX_JOURNAL, type Mark, type ScreenState, selectedRow} from './state.ts';
import {explainUnattended, isUnattendedRow} from './supervisor-rows.ts';
import {visibleRows} from './visible-rows.ts';

const sameList = (one: readonly Row[], other: readonly Row[]): boolean =>
  one.length === other.length && one.every((row, index) => row === other[index]);

const showRows = (previous: ScreenState, next: ScreenState): ScreenState['visible'] => {
  const terms = parseFilter(next.filter);
  const show = (panel: ListPanel): readonly Row[] => {
    const isOrdered = previous.sorting[panel] === next.sorting[panel];
    const untouched =
      isOrdered &&
      previous.view[panel] === next.view[panel] &&
      previous.filter === next.filter &&
      previous.problemsOnly === next.problemsOnly;
    if (untouched) {
      return previous.visible[panel];
    }
    const chosen = {terms, problemsOnly: next.problemsOnly, sorting: next.sorting[panel]};
    const rows = visibleRows(panel, next.view[panel], chosen, isOrdered ? previous.visible[panel] : []);
    return sameList(rows, previous.visible[panel]) ? previous.visible[panel] : rows;
  };
  const visible = {rigs: show('rigs'), ports: show('ports'), agents: show('agents'), orphans: show('orphans')};
  return LIST_PANELS.every(panel => visible[panel] === previous.visible[panel]) ? previous.visible : visible;
};

/** A selection is an identity. When its thing is gone the row that took its place is chosen. */
const keepSelection = (previous: ScreenState, next: ScreenState, visible: ScreenState['visible']): ScreenState['selected'] => {
  const choose = (panel: ListPanel): string | null => {
    const key = next.selected[panel];
    const rows = visible[panel];
    if (!next.touched.has(panel)) {
      return rows[0]?.key ?? null;
    }
    if (key !== null && rows.some(row => row.key === key)) {
      return key;
    }
    const before = Math.max(
      0,
      previous.visible[panel].findIndex(row => row.key === key),
    );
    return rows[Math.min(before, rows.length - 1)]?.key ?? null;
  };
  return share(previous.selected, {rigs: choose('rigs'), ports: choose('ports'), agents: choose('agents'), orphans: choose('orphans')});
};

/** A mark dies with its target. */
const keepMarks = (previous: ScreenState, next: ScreenState): ReadonlyMap<string, Mark> => {
  if (next.marks.size === 0 || previous.view === next.view) {
    return next.marks;
  }
  const present = new Set(LIST_PANELS.flatMap(panel => next.view[panel].map(row => row.key)));
  const kept = [...next.marks].filter(([key]) => present.has(key));
  return kept.length === next.marks.size ? next.marks : new Map(kept);
};

const explanationOf = (state: ScreenState, row: Row | null): ScreenState['explanation'] => {
  const {unattended, remedies} = state;
  if (row === null) {
    return null;
  }
  const stand = state.machines.find(({name}) => name === row.machine) ?? null;
  const ofMachine = explainMachine(stand, row);
  if (ofMachine !== null) {
    return ofMachine;
  }
  const assessment = lookOf(state, row);
  if (assessment === null) {
    return null;
  }
  if (unattended !== null && isUnattendedRow(row)) {
    return explainUnattended(unattended, row);
  }
  const explained = explainRow(indexFleet(assessment), {...row, key: ownKey(row)}, remedies);
  return explainAsSeen(stand, {...explained, ref: row.machine === undefined ? row.ref : row.key});
};

const explain = (previous: ScreenState, next: ScreenState): Pick<ScreenState, 'explanation' | 'explainScroll'> => {
  const row = selectedRow(next);
  const explanation = explanationOf(next, row);
  const shared = share(previous.explanation, explanation);
  return {explanation: shared, explainScroll: shared?.ref === previous.explanation?.ref ? next.explainScroll : 0};
};

/** Lines in the order in which they happened: a feed may tell of something that came before the last thing done here. */
const withFeedLines = (previous: ScreenState, next: ScreenState): ScreenState['journal'] => {
  const lines = next.assessment === null || next.assessment === previous.assessment ? [] : feedLines(previous.assessment, next.assessment);
  return lines.length === 0 ? next.journal : [...next.journal, ...lines].toSorted((a, b) => a.at - b.at).slice(-MAX_JOURNAL);
};

/** `next` with everything derived from it brought in line; what did not change stays the same object. */
export const settle = (previous: ScreenState, next: ScreenState): ScreenState => {
  const visible = showRows(previous, next);
  const selected = keepSelection(previous, next, visible);
  const chosen = {...next, visible, selected, marks: keepMarks(previous, next), journal: withFeedLines(previous, next)};
  const stale =
    chosen.assessment !== previous.assessment ||
    chosen.machines !== previous.machines ||
    chosen.unattended !== previous.unattended ||
    selectedRow(chosen) !== selectedRow(previous);
  const told = {...chosen, lesson: advanceLesson(previous, chosen)};
  return stale ? {...told, ...explain(previous, told)} : told;
};
