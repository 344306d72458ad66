// The machines that one screen shows: which is in front, and how each of them is, in a word. Vanilla zustand, made afresh for every screen.
import {createStore, type StoreApi} from 'zustand/vanilla';
import type {BadgeCount} from '../words/describe-finding.ts';
import type {ScreenState} from './state.ts';
import type {ScreenStore} from './store.ts';

export interface MachineView {
  readonly name: string;
  /** The worst that there is; how many of it, 0 for no number. */
  readonly worst: BadgeCount;
}

export interface MachinesState {
  readonly current: number;
  readonly views: readonly MachineView[];
}

export interface MachinesStore extends Pick<StoreApi<MachinesState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Show the next or the one before, round and round. */
  step(by: 1 | -1): void;
}

const worstOf = ({refreshFailure, lateSeconds, assessment, view}: ScreenState): BadgeCount => {
  if (refreshFailure !== null || lateSeconds !== null) {
    return {word: 'UNKNOWN', tone: 'unknown', count: 0};
  }
  if (assessment === null) {
    return {word: 'looking', tone: 'quiet', count: 0};
  }
  return view.header.counts[0] ?? {word: 'nothing wrong', tone: 'good', count: 0};
};

const sameBadge = (one: BadgeCount, other: BadgeCount): boolean =>
  one.word === other.word && one.tone === other.tone && one.count === other.count;

/** One entry for each store, in the order given; the first is in front. */
export const createMachinesStore = (machines: readonly {readonly name: string; readonly store: ScreenStore}[]): MachinesStore => {
  const api = createStore<MachinesState>(() => ({
    current: 0,
    views: machines.map(({name, store}) => ({name, worst: worstOf(store.getState())})),
  }));
  for (const [at, {store}] of machines.entries()) {
    store.subscribe(state => {
      const {views} = api.getState();
      const [view, worst] = [views[at], worstOf(state)];
      if (view !== undefined && !sameBadge(view.worst, worst)) {
        api.setState({views: views.with(at, {...view, worst})});
      }
    });
  }
  return {
    getState: api.getState,
    getInitialState: api.getInitialState,
    subscribe: api.subscribe,
    step: by => api.setState(({current}) => ({current: (current + by + machines.length) % machines.length})),
  };
};
