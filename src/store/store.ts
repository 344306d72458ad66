// The screen's store: vanilla zustand, made afresh for every screen. Holds no React, no timers, no promises.
import {createStore, type StoreApi} from 'zustand/vanilla';
import type {Assessment} from '../core/domain/fleet.ts';
import {settle} from './derive.ts';
import {EMPTY_VIEW, viewFleet} from './fleet-view.ts';
import {createJoiner} from './join-views.ts';
import type {MachineStand} from './machine-stand.ts';
import {sameValue, shareView} from './reconcile.ts';
import {initialState, isFrozen, type ScreenGivens, type ScreenState} from './state.ts';
import type {UnattendedView} from './supervisor-rows.ts';

export type Change = (state: ScreenState) => Partial<ScreenState>;

export interface ScreenStore extends Pick<StoreApi<ScreenState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Change the state and everything derived from it. Does nothing, and wakes nobody, when nothing changed. */
  change(change: Change): void;
  /** A look has arrived. One that changes nothing of what is shown wakes nobody. */
  receive(assessment: Assessment): void;
  /** The supervisor beside the screen was read; null where none runs. */
  attend(unattended: UnattendedView | null): void;
  /** How all other machines stand, and lists of them that could not be had. */
  attendMachines(stands: readonly MachineStand[], troubles: readonly string[]): void;
  /** The newest look, shown or not. */
  latest(): Assessment | null;
}

/** Equal in everything that can be shown: a newer look at the same things is not a change by itself. */
const showsSame = (one: ScreenState, other: ScreenState): boolean =>
  (Object.keys(other) as (keyof ScreenState)[]).every(
    key => key === 'assessment' || key === 'unattended' || key === 'machines' || Object.is(one[key], other[key]),
  );

export const createScreenStore = (givens: ScreenGivens): ScreenStore => {
  const api = createStore<ScreenState>(() => initialState(givens));
  // Kept beside the state: an unchanged look replaces it without waking a single subscriber.
  let latest: Assessment | null = null;
  let unattended: UnattendedView | null = null;
  let machines: readonly MachineStand[] = [];
  let troubles: readonly string[] = [];
  // Of this machine alone.
  let here = EMPTY_VIEW;
  const {join} = createJoiner();

  const apply = (next: ScreenState): void => {
    const previous = api.getState();
    const settled = settle(previous, next);
    if (!showsSame(previous, settled)) {
      api.setState(settled, true);
    }
  };

  const showLatest = (): void => {
    const state = api.getState();
    if (latest === null || isFrozen(state)) {
      return;
    }
    here = viewFleet(latest, here, unattended);
    const joined = join(here, machines, troubles);
    const view = joined === here ? here : shareView(state.view, joined);
    const settled = settle(state, {...state, assessment: latest, machines, view, unattended});
    const shown = view !== state.view || settled.explanation !== state.explanation || state.assessment === null;
    if (shown) {
      api.setState(settled, true);
    }
  };

  return {
    getState: api.getState,
    getInitialState: api.getInitialState,
    subscribe: api.subscribe,
    latest: () => latest,
    receive: assessment => {
      const isSame = latest !== null && assessment.fleet === latest.fleet && assessment.findings === latest.findings;
      latest = assessment;
      if (!isSame) {
        showLatest();
      }
    },
    attend: seen => {
      if (!sameValue(unattended, seen)) {
        unattended = seen;
        showLatest();
      }
    },
    attendMachines: (stands, lists) => {
      machines = stands;
      troubles = lists;
      showLatest();
    },
    change: change => {
      const state = api.getState();
      const wasFrozen = isFrozen(state);
      // A key is answered from the newest look, even where that look changed nothing that was shown.
      apply({
        ...state,
        assessment: wasFrozen ? state.assessment : latest,
        machines: wasFrozen ? state.machines : machines,
        unattended,
        ...change(state),
      });
      if (wasFrozen && !isFrozen(api.getState())) {
        showLatest();
      }
    },
  };
};
