// Which rows of a panel are shown, in which order. Pure.
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

/** Made once: `localeCompare` with options makes one for every pair, which took longer than all the rest of a look at 500 rows. */
const inWords = new Intl.Collator('en', {numeric: true});

const compare = (one: number | string, other: number | string): number =>
  typeof one === 'number' && typeof other === 'number' ? one - other : inWords.compare(String(one), String(other));

/** Equal rows keep an order of their own, by name and then identity, so that nothing moves without a reason. */
const ordering =
  ({by, inverted}: Sorting) =>
  (one: Row, other: Row): number =>
    (inverted ? -1 : 1) * compare(one.order[by], other.order[by]) ||
    compare(one.order.name, other.order.name) ||
    compare(one.key, other.key);

export const visibleRows = (
  panel: ListPanel,
  rows: readonly Row[],
  chosen: {readonly terms: readonly FilterTerm[]; readonly problemsOnly: boolean; readonly sorting: Sorting},
): readonly Row[] => {
  const {terms, problemsOnly, sorting} = chosen;
  const shown =
    terms.length === 0 && !problemsOnly ? rows : rows.filter(row => (!problemsOnly || row.problem) && matchesFilter(row, terms));
  return panel === 'rigs' && !sorting.inverted ? shown : shown.toSorted(ordering(sorting));
};
