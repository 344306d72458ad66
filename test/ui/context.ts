// A screen without a terminal for tests of keys: real store, real keymap, a supervisor that is a value, a clock that is set by hand.

import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Outcome, Progress} from '../../src/core/domain/outcome.ts';
import {PLAN_LIFE_MS, type Plan, type PlanRequest, type Refusal} from '../../src/core/domain/plan.ts';
import {createScreenStore, type ScreenStore} from '../../src/store/store.ts';
import {createKeyGate} from '../../src/ui/dispatch.ts';
import type {KeyName} from '../../src/ui/key-events.ts';
import {createKeymap, type KeySettings} from '../../src/ui/keymap.ts';
import {arrange, shapeOf} from '../../src/ui/layout.ts';
import type {Outside, Unattended} from '../../src/ui/outside.ts';
import type {ScreenContext} from '../../src/ui/screen-context.ts';
import {buildFleet, buildPlan, TAKEN_AT} from '../store/fleet.ts';

export interface TestScreen {
  readonly store: ScreenStore;
  readonly context: ScreenContext;
  readonly requests: PlanRequest[];
  readonly performed: Plan[];
  readonly copied: string[];
  readonly themes: string[];
  readonly refreshes: {count: number};
  readonly exits: {count: number};
  readonly time: {now: number; epoch: number};
  readonly size: {columns: number; rows: number};
  /** One chunk of input, as it comes from one read of the terminal. */
  chunk(...keys: readonly KeyName[]): void;
  /** Each key as a chunk of its own, far enough apart to have been read. */
  press(...keys: readonly KeyName[]): Promise<void>;
  pass(ms: number): void;
  /** Call everything that was to be called later. */
  wait(): void;
  /** Let promises that are ready run. */
  settle(): Promise<void>;
  /** End the plan that is being carried out. */
  finish(outcome: Outcome | Error): Promise<void>;
  report(progress: Progress): void;
}

export interface TestScreenOptions {
  readonly readOnly?: boolean;
  readonly keys?: KeySettings;
  /** Null: before the first look. */
  readonly fleet?: Assessment | null;
  readonly answer?: (request: PlanRequest) => Plan | Refusal | Promise<Plan | Refusal>;
  readonly outside?: Outside;
  readonly unattended?: Unattended;
}

export const openScreen = ({
  readOnly = false,
  keys = {},
  fleet = buildFleet(),
  answer,
  outside,
  unattended,
}: TestScreenOptions = {}): TestScreen => {
  const store = createScreenStore({readOnly});
  if (fleet !== null) {
    store.receive(fleet);
  }
  const requests: PlanRequest[] = [];
  const performed: Plan[] = [];
  const copied: string[] = [];
  const themes: string[] = [];
  const refreshes = {count: 0};
  const exits = {count: 0};
  const time = {now: 1_000_000, epoch: TAKEN_AT};
  const size = {columns: 120, rows: 36};
  let running: {resolve: (outcome: Outcome) => void; reject: (error: Error) => void; onProgress: (progress: Progress) => void} | null =
    null;
  let nextTurns: (() => void)[] = [];
  let laters: (() => void)[] = [];

  const context: ScreenContext = {
    store,
    loop: {
      refreshNow: async () => {
        refreshes.count += 1;
        store.change(() => ({lateSeconds: null, refreshFailure: null}));
      },
      wake: () => {},
      suspend: () => {},
      resume: () => {},
      stop: () => {},
    },
    keymap: createKeymap(keys),
    onScreen: new Map(),
    runThere: null,
    fleet: null,
    layout: () => arrange(size.columns, size.rows, shapeOf(store.getState(), size.columns)),
    now: () => time.now,
    epoch: () => time.epoch,
    plan: request => {
      requests.push(request);
      return answer?.(request) ?? {...buildPlan(2), createdAt: time.epoch, expiresAt: time.epoch + PLAN_LIFE_MS};
    },
    dryPlan: () => buildPlan(2),
    perform: readOnly
      ? null
      : (plan, onProgress = () => {}) => {
          performed.push(plan);
          return new Promise((resolve, reject) => {
            running = {resolve, reject, onProgress};
          });
        },
    outside: outside ?? null,
    readJournal: null,
    unattended,
    say: (text, tone = 'note') => store.change(state => ({toasts: [...state.toasts, {id: state.toasts.length, text, tone}]})),
    copy: text => copied.push(text),
    later: (_, call) => {
      laters.push(call);
    },
    handOver: async run => run(),
    redraw: () => {},
    chooseTheme: name => themes.push(name),
    exit: () => {
      exits.count += 1;
    },
  };
  const gate = createKeyGate(context, call => {
    nextTurns.push(call);
  });
  const turn = (): void => {
    const calls = nextTurns;
    nextTurns = [];
    for (const call of calls) {
      call();
    }
  };
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.resolve();
    }
  };
  const pass = (ms: number): void => {
    time.now += ms;
    time.epoch += ms;
  };
  return {
    store,
    context,
    requests,
    performed,
    copied,
    themes,
    refreshes,
    exits,
    time,
    size,
    chunk: (...names) => {
      gate(names);
      turn();
    },
    press: async (...names) => {
      for (const name of names) {
        pass(400);
        gate([name]);
        turn();
        await settle();
      }
    },
    pass,
    wait: () => {
      const calls = laters;
      laters = [];
      for (const call of calls) {
        call();
      }
    },
    settle,
    finish: async outcome => {
      if (outcome instanceof Error) {
        running?.reject(outcome);
      } else {
        running?.resolve(outcome);
      }
      await settle();
    },
    report: progress => running?.onProgress(progress),
  };
};
