// The screen's store: vanilla zustand, made afresh for every screen. Holds no React, no timers, no promises.
import {createStore, type StoreApi} from 'zustand/vanilla';
import {finish} from '../core/domain/finish.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {settle} from './derive.ts';
import {EMPTY_VIEW, viewFleet, viewingFleet} from './fleet-view.ts';
import {createJoiner} from './join-views.ts';
import type {MachineStand} from './machine-stand.ts';
import {sameValue, shareView} from './reconcile.ts';
import type {FleetView} from './rows.ts';
import {initialState, isFrozen, type ScreenGivens, type ScreenState} from './state.ts';
import type {UnattendedView} from './supervisor-rows.ts';

export type Change = (state: ScreenState) => Partial<ScreenState>;

export interface ScreenStore extends Pick<StoreApi<ScreenState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Change the state and everything derived from it. Does nothing, and wakes nobody, when nothing changed. */
  change(change: Change): void;
  /** A look has arrived. One that changes nothing of what is shown wakes nobody. */
  receive(assessment: Assessment): void;
  /** The same with a pause after each row: until it is finished the look before is the newest. One at a time. */
  receiving(assessment: Assessment): Generator<void, void>;
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

/** What has been seen, shown or not, and how it is brought onto the screen. */
const createShowing = (api: StoreApi<ScreenState>) => {
  // Kept beside the state: an unchanged look replaces it without waking a single subscriber.
  let latest: Assessment | null = null;
  let unattended: UnattendedView | null = null;
  let machines: readonly MachineStand[] = [];
  let troubles: readonly string[] = [];
  // Of this machine alone.
  let here = EMPTY_VIEW;
  const {join} = createJoiner();

  /** The state with a view of this machine in it, and what it was made of. */
  const derive = (assessment: Assessment, view: FleetView) => {
    const state = api.getState();
    const joined = join(view, machines, troubles);
    const shown = joined === view ? view : shareView(state.view, joined);
    return {state, machines, settled: settle(state, {...state, assessment, machines, view: shown, unattended})};
  };

  const show = ({state, settled}: ReturnType<typeof derive>): void => {
    if (settled.view !== state.view || settled.explanation !== state.explanation || state.assessment === null) {
      api.setState(settled, true);
    }
  };

  const showLatest = (): void => {
    if (latest !== null && !isFrozen(api.getState())) {
      here = viewFleet(latest, here, unattended);
      show(derive(latest, here));
    }
  };

  const receiving = function* (assessment: Assessment): Generator<void, void> {
    const isSame = latest !== null && assessment.fleet === latest.fleet && assessment.findings === latest.findings;
    if (isSame || isFrozen(api.getState())) {
      latest = assessment;
      return;
    }
    let [view, attended, before] = [here, unattended, here];
    let derived: ReturnType<typeof derive>;
    do {
      [attended, before] = [unattended, here];
      view = yield* viewingFleet(assessment, before, attended);
      derived = derive(assessment, view);
      // Drawing is a turn by itself.
      yield;
      // What came in a pause was shown of the look before.
    } while (attended !== unattended || before !== here);
    latest = assessment;
    // Nor is anything shown that was frozen in a pause.
    if (!isFrozen(api.getState())) {
      here = view;
      show(derived.state === api.getState() && derived.machines === machines ? derived : derive(assessment, view));
    }
  };

  return {
    newest: () => ({latest, unattended, machines}),
    showLatest,
    receiving,
    attend: (seen: UnattendedView | null): void => {
      if (!sameValue(unattended, seen)) {
        unattended = seen;
        showLatest();
      }
    },
    attendMachines: (stands: readonly MachineStand[], lists: readonly string[]): void => {
      machines = stands;
      troubles = lists;
      showLatest();
    },
  };
};

export const createScreenStore = (givens: ScreenGivens): ScreenStore => {
  const api = createStore<ScreenState>(() => initialState(givens));
  const {newest, showLatest, receiving, attend, attendMachines} = createShowing(api);

  const apply = (next: ScreenState): void => {
    const previous = api.getState();
    const settled = settle(previous, next);
    if (!showsSame(previous, settled)) {
      api.setState(settled, true);
    }
  };

  return {
    getState: api.getState,
    getInitialState: api.getInitialState,
    subscribe: api.subscribe,
    latest: () => newest().latest,
    receive: assessment => finish(receiving(assessment)),
    receiving,
    attend,
    attendMachines,
    change: change => {
      const state = api.getState();
      const wasFrozen = isFrozen(state);
      const {latest, machines, unattended} = newest();
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
