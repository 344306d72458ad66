// Which rows of a panel are shown, in which order. Pure.
import {compareWords} from '../core/domain/compare-words.ts';
import {type FilterTerm, matchesFilter} from './filter.ts';
import type {ListPanel, Row, SortField} from './rows.ts';

export interface Sorting {
  readonly by: SortField;
  readonly inverted: boolean;
}

export const BY_SEVERITY: Sorting = {by: 'severity', inverted: false};

/** What each panel can be sorted by; rigs keep the order of their tree. */
export const SORTS_OF: Readonly<Record<ListPanel, readonly SortField[]>> = {
  rigs: ['severity'],
  ports: ['severity', 'name', 'port', 'pid'],
  agents: ['severity', 'name', 'age', 'cpu', 'memory', 'idle', 'pid', 'port'],
  orphans: ['severity', 'name', 'age', 'cpu', 'memory', 'pid', 'port'],
};

const compare = (one: number | string, other: number | string): number =>
  typeof one === 'number' && typeof other === 'number' ? one - other : compareWords(String(one), String(other));

/** Equal rows keep an order of their own, by name and then identity, so that nothing moves without a reason. */
const ordering =
  ({by, inverted}: Sorting) =>
  (one: Row, other: Row): number =>
    (inverted ? -1 : 1) * compare(one.order[by], other.order[by]) ||
    compare(one.order.name, other.order.name) ||
    compare(one.key, other.key);

/** Where among ordered rows, from a place on, one belongs. */
const placeAmong = (ordered: readonly Row[], row: Row, from: number, order: (one: Row, other: Row) => number): number => {
  let [low, high] = [from, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = ordered[middle];
    if (other !== undefined && order(other, row) <= 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};

/** In order, where most of them stood so `before`: the others are put in their places. Ten thousand rows of which ten are new are not sorted anew. */
const ordered = (rows: readonly Row[], before: readonly Row[], order: (one: Row, other: Row) => number): readonly Row[] => {
  const wanted = new Set(rows);
  const kept = before.filter(row => wanted.has(row));
  const known = new Set(kept);
  let from = 0;
  const pieces = rows
    .filter(row => !known.has(row))
    .toSorted(order)
    .map(row => {
      const piece = kept.slice(from, placeAmong(kept, row, from, order));
      from += piece.length;
      return [...piece, row];
    });
  return [...pieces.flat(), ...kept.slice(from)];
};

/** `before`: what it answered last for this panel, in the same order; rows that did not change are the same objects in it. */
export const visibleRows = (
  panel: ListPanel,
  rows: readonly Row[],
  chosen: {readonly terms: readonly FilterTerm[]; readonly problemsOnly: boolean; readonly sorting: Sorting},
  before: readonly Row[] = [],
): readonly Row[] => {
  const {terms, problemsOnly, sorting} = chosen;
  const shown =
    terms.length === 0 && !problemsOnly ? rows : rows.filter(row => (!problemsOnly || row.problem) && matchesFilter(row, terms));
  return panel === 'rigs' && !sorting.inverted ? shown : ordered(shown, before, ordering(sorting));
};
