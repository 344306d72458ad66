// What lies on top of the panels: a stack, so that Esc always means "take the top one away". Pure changes.
import {type JournalLine, MAX_JOURNAL, type Overlay, type OverlayKind, type ScreenState, type Toast} from './state.ts';
import type {Change} from './store.ts';

export const openOverlay =
  (overlay: Overlay): Change =>
  state => ({overlays: [...state.overlays, overlay]});

export const closeOverlay: Change = state => ({overlays: state.overlays.slice(0, -1)});

type OverlayOf<K extends OverlayKind> = Extract<Overlay, {readonly kind: K}>;

/** Change the top overlay of a kind, wherever it lies; nothing when there is none. */
export const changeOverlay =
  <K extends OverlayKind>(kind: K, change: (overlay: OverlayOf<K>) => Partial<OverlayOf<K>>): Change =>
  (state): Partial<ScreenState> => {
    const position = state.overlays.findLastIndex(overlay => overlay.kind === kind);
    const found = state.overlays[position];
    if (found === undefined) {
      return {};
    }
    const changed = {...found, ...change(found as OverlayOf<K>)} as Overlay;
    return {overlays: state.overlays.with(position, changed)};
  };

/** Scroll the top overlay, where it has anything to scroll. `last` is the largest offset that makes sense. */
export const scrollOverlay =
  (by: number, last: number): Change =>
  state => {
    const top = state.overlays.at(-1);
    if (top === undefined || !('scroll' in top)) {
      return {};
    }
    const scroll = Math.max(0, Math.min(last, top.scroll + by));
    return scroll === top.scroll ? {} : {overlays: state.overlays.with(-1, {...top, scroll})};
  };

const MAX_TOASTS = 5;

export const addToast =
  (toast: Toast): Change =>
  state => ({toasts: [...state.toasts, toast].slice(-MAX_TOASTS)});

export const dropToast =
  (id: number): Change =>
  state => {
    const toasts = state.toasts.filter(toast => toast.id !== id);
    return toasts.length === state.toasts.length ? {} : {toasts};
  };

/** A key was pressed: what was on the line has been seen. */
export const dropSeenToasts: Change = state => (state.toasts.length === 0 ? {} : {toasts: []});

/** Lines in the order in which they happened: another rigtop may have written of something that came before the last one here. */
export const addJournal =
  (lines: readonly JournalLine[]): Change =>
  state => ({journal: [...state.journal, ...lines].toSorted((a, b) => a.at - b.at).slice(-MAX_JOURNAL)});
