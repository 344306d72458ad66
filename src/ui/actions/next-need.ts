// Bindings that go to the next agent that needs a person: from any panel, and from one pane that is looked at to the next.
import {goTo} from '../../store/changes.ts';
import {closeOverlay} from '../../store/overlays.ts';
import type {Row} from '../../store/rows.ts';
import {type ScreenState, topOverlay} from '../../store/state.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {noPlace, peek} from './look-actions.ts';
import {goToMatch, searchOf} from './search-actions.ts';

const needsPerson = ({fields}: Row): boolean => (fields.state ?? []).some(word => word === 'asks' || word === 'done');

/** Those that are shown, in their order; all of them, where filter or problems-only hide every one. */
const candidates = ({visible, view}: ScreenState): readonly Row[] =>
  visible.agents.some(needsPerson) ? visible.agents : view.agents.toSorted((one, other) => +one.order.severity - +other.order.severity);

/** The next one behind the cursor, around the end; from another panel, the first. */
const nextNeed = (state: ScreenState, by: 1 | -1): Row | null => {
  const rows = candidates(state);
  const at = state.subjectPanel === 'agents' ? rows.findIndex(row => row.key === state.selected.agents) : -1;
  const from = at < 0 && by < 0 ? rows.length : at;
  const order = rows.map((_, step) => rows[(((from + by * (step + 1)) % rows.length) + rows.length) % rows.length]);
  return order.find(row => row !== undefined && needsPerson(row)) ?? null;
};

const nobody = ({store}: ScreenContext): string | null =>
  store.getState().view.agents.some(needsPerson) ? null : 'no agent asks anything or has finished';

const go =
  (by: 1 | -1) =>
  (context: ScreenContext): void => {
    const {store} = context;
    const row = nextNeed(store.getState(), by);
    if (row === null) {
      return;
    }
    const peeking = topOverlay(store.getState())?.kind === 'peek';
    if (peeking) {
      store.change(closeOverlay);
    }
    store.change(goTo('agents', row.key));
    if (peeking && noPlace(context) === null) {
      peek(context);
    }
  };

/** Of the overlays that are read, only a pane’s text belongs to an agent. */
const notPeeking = (context: ScreenContext): string | null => {
  const state = context.store.getState();
  if (topOverlay(state)?.kind !== 'peek') {
    return 'it goes from one pane that is looked at to the next';
  }
  return searchOf(state) === null ? nobody(context) : null;
};

export const NEEDING: readonly Binding[] = (
  [
    ['next-need', 'n', 'next', 'Next agent that needs you: it asks, or has finished', 1, 1],
    ['previous-need', 'N', 'previous', 'Previous agent that needs you', -1, null],
  ] as const
).flatMap(([id, key, label, title, by, hint]): readonly Binding[] => [
  {
    id,
    scope: 'panels',
    keys: [key],
    label,
    title,
    disabledReason: nobody,
    run: go(by),
    ...(hint === null ? {} : {hint, needsRows: ['agents']}),
  },
  {
    id: `peek-${id}`,
    scope: 'reading',
    keys: [key],
    label,
    title: `In a pane that is looked at: ${by === 1 ? 'next' : 'previous'} match of a search; without one, ${title.slice(0, 1).toLowerCase()}${title.slice(1)}`,
    disabledReason: notPeeking,
    run: context => {
      if (!goToMatch(context, by)) {
        go(by)(context);
      }
    },
  },
]);
