// Keys → actions: the overlay on top first, then the panels. One place, so that every rule about keys holds everywhere.

import {setFilter, touch} from '../store/changes.ts';
import {completeFilter} from '../store/filter.ts';
import {changeOverlay, dropSeenToasts} from '../store/overlays.ts';
import {LIST_PANELS} from '../store/rows.ts';
import {type Overlay, type ScreenState, topOverlay} from '../store/state.ts';
import {DEAF_MS, planOnTop} from './actions/plan-reading.ts';
import {typeWords} from './actions/search-actions.ts';
import {type KeyName, typedBy} from './key-events.ts';
import type {Scope, ScreenContext} from './screen-context.ts';

/** Which bindings the keys of an overlay are looked up in. */
const scopeOf = (overlay: Overlay | null): Scope => {
  switch (overlay?.kind) {
    case undefined:
      return 'panels';
    case 'plan':
      return 'plan';
    case 'filter':
      return 'filter';
    case 'palette':
      return 'palette';
    case 'sort':
      return 'menu';
    case 'peek':
      return overlay.search?.isTyped === true ? 'search' : 'reading';
    default:
      return 'reading';
  }
};

const erase = (text: string): string => [...text].slice(0, -1).join('');

/** A text after a key that edits it. */
const edited = (text: string, key: KeyName, character: string | null): string => {
  switch (key) {
    case 'Backspace':
      return erase(text);
    case '^U':
      return '';
    default:
      return text + (character ?? '');
  }
};

const completed = (state: ScreenState): string => {
  const rows = LIST_PANELS.flatMap(panel => state.view[panel]);
  return completeFilter(state.filter, rows)[0] ?? state.filter;
};

/** A key that no binding takes, typed into whatever text is open. */
const typeKey = (context: ScreenContext, overlay: Overlay | null, key: KeyName): void => {
  const {store} = context;
  const character = typedBy(key);
  if (overlay?.kind === 'filter') {
    const {filter} = store.getState();
    store.change(setFilter(key === 'Tab' ? completed(store.getState()) : edited(filter, key, character)));
  } else if (overlay?.kind === 'peek' && overlay.search?.isTyped === true) {
    typeWords(context, words => edited(words, key, character));
  } else if (overlay?.kind === 'palette') {
    const next = edited(overlay.text, key, character);
    if (next !== overlay.text) {
      store.change(changeOverlay('palette', () => ({text: next, chosen: 0})));
    }
  } else if (overlay?.kind === 'plan' && overlay.run.phase === 'asking' && character !== null && /^\d$/.test(character)) {
    store.change(changeOverlay('plan', ({typed}) => ({typed: (typed + character).slice(-4)})));
  }
};

/** Do what one key does now. A disabled action says why instead. */
const pressKey = (context: ScreenContext, key: KeyName): void => {
  const {store, keymap} = context;
  const overlay = topOverlay(store.getState());
  const binding = keymap.find(scopeOf(overlay), key);
  const leaves = binding?.answer === 'no' || binding?.scope === 'always';
  if (overlay?.kind === 'plan' && context.now() - overlay.run.openedAt < DEAF_MS && !leaves) {
    return;
  }
  store.change(state => ({...dropSeenToasts(state), ...touch(state)}));
  if (binding === null) {
    typeKey(context, overlay, key);
    return;
  }
  const reason = binding.disabledReason?.(context) ?? null;
  if (reason === null) {
    binding.run(context, key);
    store.change(touch);
  } else {
    context.say(`${key} does nothing now: ${reason}`, 'error');
  }
};

/**
 * Keys of one turn of the event loop: what one read of the terminal delivered. Once a key has opened something,
 * the rest of the turn is dropped, so that one chunk never both opens and answers a dialog.
 */
export const createKeyGate = (
  context: ScreenContext,
  nextTurn: (call: () => void) => void = setImmediate,
): ((keys: readonly KeyName[]) => void) => {
  let closed = false;
  return keys => {
    for (const key of keys) {
      if (closed) {
        return;
      }
      const before = context.store.getState().overlays;
      const answering = planOnTop(context);
      pressKey(context, key);
      context.loop.wake();
      const after = context.store.getState().overlays;
      const opened = after.length > before.length && after.at(-1)?.kind !== 'filter' && after.at(-1)?.kind !== 'palette';
      if (opened || (answering !== null && planOnTop(context)?.run.phase !== answering.run.phase)) {
        closed = true;
        nextTurn(() => {
          closed = false;
        });
      }
    }
  };
};

/** Pasted text: into the filter, a search or the palette, flattened to one line; anywhere else it is nothing. */
export const paste = (context: ScreenContext, text: string): void => {
  const {store} = context;
  const overlay = topOverlay(store.getState());
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 200);
  if (overlay?.kind === 'filter') {
    store.change(setFilter(store.getState().filter + flat));
  } else if (overlay?.kind === 'peek' && overlay.search?.isTyped === true) {
    typeWords(context, words => words + flat);
  } else if (overlay?.kind === 'palette') {
    store.change(changeOverlay('palette', ({text: typed}) => ({text: typed + flat, chosen: 0})));
  }
};
