// A component's slice of the store: several fields at once, the same object until one of them changes.
import {useRef} from 'react';
import {useStore} from 'zustand';
import type {ScreenState} from '../store/state.ts';
import type {ScreenStore} from '../store/store.ts';

type Fields = Readonly<Record<string, unknown>>;

const sameFields = (one: Fields, other: Fields): boolean => Object.keys(other).every(key => Object.is(one[key], other[key]));

/** What `select` picks; a change of anything else in the state does not render the component. */
export const useShown = <T extends object>(store: ScreenStore, select: (state: ScreenState) => T): T => {
  const kept = useRef<T | null>(null);
  return useStore(store, state => {
    const next = select(state);
    if (kept.current === null || !sameFields(kept.current as Fields, next as Fields)) {
      kept.current = next;
    }
    return kept.current;
  });
};
