// Bindings that change what a list shows: filter, problems only, marks, order.
import {clearMarks, eligibleRows, invertSorting, markAll, sortBy, toggleMark} from '../../store/changes.ts';
import {openOverlay} from '../../store/overlays.ts';
import {LIST_PANELS, type SortField} from '../../store/rows.ts';
import {selectedRow} from '../../store/state.ts';
import {SORTS_OF} from '../../store/visible-rows.ts';
import {SORT_WORDS} from '../columns.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';

/** Keys as `top` and `htop` have them. */
const SORT_KEYS: readonly (readonly [SortField, string])[] = [
  ['severity', 'S'],
  ['cpu', 'P'],
  ['memory', 'M'],
  ['age', 'T'],
];

const keepsOrder = ({store}: ScreenContext): string | null =>
  SORTS_OF[store.getState().subjectPanel].length < 2 ? 'rigs keep the order of their tree' : null;

const sortBindings: readonly Binding[] = SORT_KEYS.map(([by, key]) => ({
  id: `sort-${by}`,
  scope: 'panels',
  keys: [key],
  label: `by ${SORT_WORDS[by]}`,
  title: `Order this list by ${SORT_WORDS[by]}, or the other way round`,
  disabledReason: ({store}) => {
    const {subjectPanel} = store.getState();
    return subjectPanel !== 'rigs' && SORTS_OF[subjectPanel].includes(by) ? null : `${subjectPanel} cannot be ordered by ${SORT_WORDS[by]}`;
  },
  run: ({store}) => store.change(sortBy(by)),
}));

export const LISTING: readonly Binding[] = [
  ...sortBindings,
  {
    id: 'filter',
    scope: 'panels',
    keys: ['/'],
    label: 'filter',
    title: 'Filter: words, and state:orphan port:3102 rig:x pid:4388; - in front excludes',
    hint: 5,
    needsRows: LIST_PANELS,
    run: ({store}) => store.change(openOverlay({kind: 'filter', before: store.getState().filter})),
  },
  {
    id: 'problems',
    scope: 'panels',
    keys: ['e'],
    label: 'problems',
    title: 'Show problems only, or everything again',
    hint: 14,
    needsRows: LIST_PANELS,
    run: ({store}) => store.change(state => ({problemsOnly: !state.problemsOnly})),
  },
  {
    id: 'mark',
    scope: 'panels',
    keys: ['Space'],
    label: 'mark',
    title: 'Mark or unmark the row for the next stop',
    hint: 11,
    needsRows: LIST_PANELS,
    disabledReason: ({store}) => selectedRow(store.getState())?.unmarkable ?? null,
    run: ({store}) => store.change(toggleMark),
  },
  {id: 'clear-marks', scope: 'panels', keys: ['U'], label: 'unmark', title: 'Clear all marks', run: ({store}) => store.change(clearMarks)},
  {
    id: 'mark-all',
    scope: 'panels',
    keys: ['A'],
    label: 'mark all',
    title: 'Mark every visible row that is surely wrong and may be stopped',
    disabledReason: ({store}) =>
      eligibleRows(store.getState()).length === 0 ? 'nothing here is both surely wrong and free to stop' : null,
    run: ({store}) => store.change(markAll),
  },
  {
    id: 'sort',
    scope: 'panels',
    keys: ['s'],
    label: 'sort',
    title: 'Choose the order of this list',
    disabledReason: keepsOrder,
    run: ({store}) => {
      const {subjectPanel, sorting} = store.getState();
      store.change(openOverlay({kind: 'sort', panel: subjectPanel, chosen: SORTS_OF[subjectPanel].indexOf(sorting[subjectPanel].by)}));
    },
  },
  {
    id: 'invert',
    scope: 'panels',
    keys: ['I'],
    label: 'invert',
    title: 'Turn the order of this list round',
    disabledReason: keepsOrder,
    run: ({store}) => store.change(invertSorting),
  },
];
