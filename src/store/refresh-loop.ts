// Looks at the machine again and again: one at a time, late ticks dropped, slower while nothing changes. Timers live here, not in the state.

import {intervalAfter} from '../core/domain/pace.ts';
import type {Engine} from '../core/engine.ts';
import {inSlices} from '../core/os/slices.ts';
import {onlyAged} from './reconcile.ts';
import type {ScreenState} from './state.ts';
import type {ScreenStore} from './store.ts';

export interface Clock {
  /** Milliseconds of a clock that does not jump. */
  now(): number;
  /** Call back after `ms`; the returned function forgets it. */
  after(ms: number, call: () => void): () => void;
  /** Does long work while others run in between. */
  slice(work: Generator<void, void>): Promise<void>;
}

export interface RefreshLoop {
  /** Look now, or as soon as the look under way is done. Resolves when a look that began after the call has been received. */
  refreshNow(): Promise<void>;
  /** Somebody pressed a key: look at full speed again. */
  wake(): void;
  /** Look no more until `resume` (a plan runs, or the terminal is handed over). Counted: as many resumes as suspends. */
  suspend(): void;
  resume(): void;
  stop(): void;
}

/** A look counts as late after this many intervals without one. */
const LATE_AFTER = 2.5;
/** The first look counts as late after this. */
const FIRST_LATE_MS = 1000;

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  slice: work => inSlices(work),
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether a look has shown nothing new. That all ages grow by a minute is no news. */
const isCalm = (before: ScreenState, now: ScreenState): boolean =>
  before === now || (before.view !== now.view && onlyAged(before.view, now.view));

interface AgeParts {
  readonly store: ScreenStore;
  readonly clock: Clock;
  interval(): number;
  /** Nobody waits for a look: none is late. */
  isIdle(): boolean;
}

/** Shows how old the last look is, once it is late. While looks arrive on time its timer never fires: every look moves it away. */
const createAgeWatch = ({store, clock, interval, isIdle}: AgeParts) => {
  let forget = (): void => {};
  let stopped = false;
  let lastLook = clock.now();
  let looked = false;
  const show = (): void => {
    forget();
    // Nothing is shown before the first look, so it is late at once: somebody waits for it.
    const wait = looked ? interval() * LATE_AFTER : FIRST_LATE_MS;
    const age = clock.now() - lastLook;
    const late = age >= wait && !isIdle();
    const lateSeconds = late ? Math.floor(age / 1000) : null;
    store.change(() => ({lateSeconds}));
    if (!stopped) {
      forget = clock.after(late ? 1000 - (age % 1000) : Math.max(wait - age, 1000), show);
    }
  };
  return {
    show,
    age: (): number => clock.now() - lastLook,
    /** A look has come. */
    renew: (): void => {
      lastLook = clock.now();
      looked = true;
    },
    stop: (): void => {
      stopped = true;
      forget();
    },
  };
};

/** One look into the store, or why there was none. */
const receiveLook = async (
  {store, engine, slice}: {readonly store: ScreenStore; readonly engine: Pick<Engine, 'refresh'>; readonly slice: Clock['slice']},
  isStopped: () => boolean,
  renew: () => void,
): Promise<void> => {
  try {
    const assessment = await engine.refresh();
    if (isStopped()) {
      return;
    }
    renew();
    await slice(store.receiving(assessment));
    if (isStopped()) {
      return;
    }
    store.change(state => (state.refreshFailure === null ? {} : {refreshFailure: null}));
  } catch (error) {
    if (!isStopped()) {
      store.change(() => ({refreshFailure: reasonOf(error)}));
    }
  }
};

/** Start looking at once. A failed look keeps the last data and lets its age show. */
export const startRefreshLoop = (
  store: ScreenStore,
  engine: Pick<Engine, 'refresh'>,
  intervalMs: number,
  clock: Clock = systemClock,
  /** Called when a look is done, with the time since somebody pressed a key. */
  rest: (quietMs: number) => void = () => {},
): RefreshLoop => {
  let running: Promise<void> | null = null;
  let forgetTick = (): void => {};
  let suspended = 0;
  let stopped = false;
  let calm = 0;
  let pressedAt = clock.now();

  const interval = (): number => intervalAfter(calm, intervalMs);
  const isIdle = (): boolean => stopped || suspended > 0 || store.getState().paused;
  const age = createAgeWatch({store, clock, interval, isIdle});

  const look = async (): Promise<void> => {
    const before = store.getState();
    await receiveLook({store, engine, slice: clock.slice}, () => stopped, age.renew);
    calm = isCalm(before, store.getState()) ? calm + 1 : 0;
  };

  const run = (): Promise<void> => {
    running ??= look().finally(() => {
      running = null;
      if (!stopped) {
        age.show();
      }
    });
    return running;
  };

  const schedule = (wait: number): void => {
    forgetTick();
    if (!stopped) {
      forgetTick = clock.after(wait, tick);
    }
  };

  // The next look is planned when this one is done, so a slow machine is looked at less often instead of twice at once.
  const tick = (): void => {
    const done = isIdle() ? Promise.resolve() : run();
    void done.then(() => schedule(interval())).then(() => rest(clock.now() - pressedAt));
  };

  age.show();
  tick();
  return {
    refreshNow: async () => {
      await running;
      await run();
      schedule(interval());
    },
    wake: () => {
      const slow = interval() > intervalMs;
      calm = 0;
      pressedAt = clock.now();
      if (slow && running === null) {
        schedule(Math.max(0, intervalMs - age.age()));
      }
    },
    suspend: () => {
      suspended += 1;
    },
    resume: () => {
      suspended = Math.max(0, suspended - 1);
      if (!isIdle() && running === null) {
        schedule(0);
      }
    },
    stop: () => {
      stopped = true;
      forgetTick();
      age.stop();
    },
  };
};
