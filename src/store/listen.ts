// The looks of another machine: they come by themselves, so there is nothing to ask for; silence and trouble show instead of a calm fleet.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../core/domain/plan.ts';
import type {Clock, RefreshLoop} from './refresh-loop.ts';
import {systemClock} from './refresh-loop.ts';
import type {ScreenStore} from './store.ts';

/** A look, or why there is none; `blind` stands for it where there has never been one. */
export type News =
  | {readonly look: Assessment}
  | {readonly trouble: {readonly because: string; readonly hint: string}; readonly blind: Assessment | null};

/** Another machine that is watched from here. Nothing can be done to it. */
export interface Machine {
  /** As its owner calls it: what `ssh` takes. */
  readonly name: string;
  listen(told: (news: News) => void): void;
  /** Connect again, where the connection is gone. */
  retry(): void;
  plan(request: PlanRequest): Plan | Refusal;
}

/** How often a growing age is drawn: it says "for a while", and must not keep a slow line busy. */
const AGE_STEP_MS = 10_000;

/** Start listening at once. Has the shape of a refresh loop, for the keys that speak to one. */
export const startListening = (store: ScreenStore, machine: Pick<Machine, 'listen' | 'retry'>, clock: Clock = systemClock): RefreshLoop => {
  let held: Assessment | null = null;
  let suspended = 0;
  let stopped = false;
  let lastLook: number | null = null;
  let forgetAge = (): void => {};

  const showAge = (): void => {
    forgetAge();
    if (lastLook === null || stopped) {
      return;
    }
    const age = clock.now() - lastLook;
    const steps = Math.floor(age / AGE_STEP_MS);
    store.change(() => ({lateSeconds: steps === 0 ? null : (steps * AGE_STEP_MS) / 1000}));
    forgetAge = clock.after(AGE_STEP_MS - (age % AGE_STEP_MS), showAge);
  };
  const show = (): void => {
    if (held !== null && suspended === 0 && !store.getState().paused) {
      store.receive(held);
      held = null;
    }
  };

  machine.listen(news => {
    if (stopped) {
      return;
    }
    if ('look' in news) {
      forgetAge();
      lastLook = clock.now();
      held = news.look;
      store.change(() => ({lateSeconds: null, refreshFailure: null}));
    } else {
      held = news.blind ?? held;
      const {because, hint} = news.trouble;
      store.change(() => ({refreshFailure: `${because} (${hint})`}));
      showAge();
    }
    show();
  });

  return {
    refreshNow: async () => {
      show();
      machine.retry();
    },
    wake: () => {},
    suspend: () => {
      suspended += 1;
    },
    resume: () => {
      suspended = Math.max(0, suspended - 1);
      show();
    },
    stop: () => {
      stopped = true;
      forgetAge();
    },
  };
};
