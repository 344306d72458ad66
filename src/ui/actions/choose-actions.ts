// Bindings of what lies on top to choose from or to type into: palette, sort menu, filter.
import {goTo, setSorting} from '../../store/changes.ts';
import {changeOverlay, closeOverlay} from '../../store/overlays.ts';
import {topOverlay} from '../../store/state.ts';
import {SORTS_OF} from '../../store/visible-rows.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {paletteEntries} from './overlay-content.ts';

const close = ({store}: ScreenContext): void => store.change(closeOverlay);

const runChosen = (context: ScreenContext): void => {
  const top = topOverlay(context.store.getState());
  if (top?.kind !== 'palette') {
    return;
  }
  const entry = paletteEntries(context, top.text)[top.chosen];
  if (entry === undefined) {
    return;
  }
  if (entry.reason !== null) {
    context.say(entry.reason, 'error');
    return;
  }
  close(context);
  if ('panel' in entry.target) {
    context.store.change(goTo(entry.target.panel, entry.target.key));
    return;
  }
  if ('theme' in entry.target) {
    context.chooseTheme(entry.target.theme);
    return;
  }
  const {action} = entry.target;
  context.keymap.bindings.find(binding => binding.id === action)?.run(context, 'Enter');
};

const choosePalette =
  (by: number) =>
  (context: ScreenContext): void =>
    context.store.change(
      changeOverlay('palette', ({text, chosen}) => ({
        chosen: Math.max(0, Math.min(paletteEntries(context, text).length - 1, chosen + by)),
      })),
    );

const palette: readonly Binding[] = [
  {id: 'palette-down', scope: 'palette', keys: ['Down', '^N', 'Tab'], label: 'down', title: 'Next entry', run: choosePalette(1)},
  {id: 'palette-up', scope: 'palette', keys: ['Up', '^P', 'Shift-Tab'], label: 'up', title: 'Previous entry', run: choosePalette(-1)},
  {id: 'palette-run', scope: 'palette', keys: ['Enter'], label: 'do', title: 'Do it, or go there', run: runChosen},
  {id: 'palette-close', scope: 'palette', keys: ['Esc'], label: 'close', title: 'Close', run: close},
];

const chooseSort =
  (by: number) =>
  ({store}: ScreenContext): void =>
    store.change(changeOverlay('sort', ({panel, chosen}) => ({chosen: (chosen + by + SORTS_OF[panel].length) % SORTS_OF[panel].length})));

const menu: readonly Binding[] = [
  {id: 'menu-down', scope: 'menu', keys: ['j', 'Down', 's'], label: 'down', title: 'Next', run: chooseSort(1)},
  {id: 'menu-up', scope: 'menu', keys: ['k', 'Up'], label: 'up', title: 'Previous', run: chooseSort(-1)},
  {
    id: 'menu-choose',
    scope: 'menu',
    keys: ['Enter'],
    label: 'choose',
    title: 'Order the list by this',
    run: ({store}) => {
      const top = topOverlay(store.getState());
      const by = top?.kind === 'sort' ? SORTS_OF[top.panel][top.chosen] : undefined;
      if (top?.kind === 'sort' && by !== undefined) {
        store.change(setSorting(top.panel, {by, inverted: false}));
        store.change(closeOverlay);
      }
    },
  },
  {id: 'menu-close', scope: 'menu', keys: ['Esc', 'q'], label: 'close', title: 'Leave the order as it is', run: close},
];

const filter: readonly Binding[] = [
  {id: 'filter-keep', scope: 'filter', keys: ['Enter'], label: 'keep', title: 'Keep the filter', run: close},
  {
    id: 'filter-drop',
    scope: 'filter',
    keys: ['Esc'],
    label: 'drop',
    title: 'Back to the filter from before',
    run: ({store}) => {
      const top = topOverlay(store.getState());
      store.change(state => ({...closeOverlay(state), filter: top?.kind === 'filter' ? top.before : state.filter}));
    },
  },
];

export const CHOOSING: readonly Binding[] = [...palette, ...menu, ...filter];
