// Bindings that look for words in the text of a pane that is looked at.
import {changeOverlay} from '../../store/overlays.ts';
import {type Overlay, type ScreenState, topOverlay} from '../../store/state.ts';
import {matchBefore, matchesIn, nextMatch, scrollTo} from '../pane-search.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';

type Peek = Extract<Overlay, {readonly kind: 'peek'}>;

/** The pane that is looked at, where nothing lies over it. */
const peekOf = (state: ScreenState): Peek | null => {
  const top = topOverlay(state);
  return top?.kind === 'peek' ? top : null;
};

export const searchOf = (state: ScreenState): Peek['search'] => peekOf(state)?.search ?? null;

const BORDERS = 2;

const heightOf = (context: ScreenContext): number => Math.max(0, context.layout().rows - BORDERS);

/** Other words: the match that stands on the page, or before it. */
export const typeWords = (context: ScreenContext, edit: (words: string) => string): void => {
  const height = heightOf(context);
  context.store.change(
    changeOverlay('peek', ({lines, scroll, search}) => {
      if (search === null) {
        return {};
      }
      const words = edit(search.words);
      const at = matchBefore(matchesIn(lines, words), scroll + height - 1);
      return {search: {...search, words, at}, scroll: at === null ? scroll : scrollTo(at, scroll, height, lines.length)};
    }),
  );
};

/** To the next match or the one before; false where no search is on. */
export const goToMatch = (context: ScreenContext, by: 1 | -1): boolean => {
  if (searchOf(context.store.getState()) === null) {
    return false;
  }
  const height = heightOf(context);
  context.store.change(
    changeOverlay('peek', ({lines, scroll, search}) => {
      const at = search === null ? null : nextMatch(matchesIn(lines, search.words), search.at ?? scroll, by);
      return search === null || at === null ? {} : {search: {...search, at}, scroll: scrollTo(at, scroll, height, lines.length)};
    }),
  );
  return true;
};

/** The pane alone again, where it stands. */
export const endSearch = ({store}: ScreenContext): void => store.change(changeOverlay('peek', () => ({search: null})));

const keep = (context: ScreenContext): void => {
  if (searchOf(context.store.getState())?.words === '') {
    endSearch(context);
  } else {
    context.store.change(changeOverlay('peek', ({search}) => ({search: search === null ? null : {...search, isTyped: false}})));
  }
};

export const SEARCHING: readonly Binding[] = [
  {
    id: 'search',
    scope: 'reading',
    keys: ['/'],
    label: 'search',
    title: 'In a pane that is looked at: search its output; n and N go from match to match, Esc ends it',
    disabledReason: ({store}) => (peekOf(store.getState()) === null ? 'only the output of a pane is searched' : null),
    run: ({store}) =>
      store.change(changeOverlay('peek', ({search}) => ({search: {words: search?.words ?? '', at: search?.at ?? null, isTyped: true}}))),
  },
  {id: 'search-keep', scope: 'search', keys: ['Enter'], label: 'keep', title: 'Go from match to match', run: keep},
  {id: 'search-drop', scope: 'search', keys: ['Esc'], label: 'drop', title: 'End the search', run: endSearch},
];
