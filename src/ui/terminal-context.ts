// What actions reach on the real terminal: clocks, clipboard, messages that pass, the terminal handed over and taken back.
import {addToast, dropToast, openOverlay} from '../store/overlays.ts';
import {startRefreshLoop} from '../store/refresh-loop.ts';
import {createScreenStore} from '../store/store.ts';
import {checkKeys, createKeymap} from './keymap.ts';
import {arrange} from './layout.ts';
import {MOUSE_OFF, MOUSE_ON} from './mouse.ts';
import type {TuiOptions} from './run-tui.tsx';
import type {ScreenContext} from './screen-context.ts';

const NOTE_MS = 6000;
/** After a program had the terminal, what it or the terminal left behind is not input. */
const DEAF_AFTER_HAND_OVER_MS = 200;
const DEFAULT_SIZE = {columns: 80, rows: 24};

/** Ink's way to give the terminal away for the length of a call. */
export type Suspend = (run: () => void | Promise<void>) => Promise<unknown>;

export interface TerminalContext {
  readonly context: ScreenContext;
  /** Said once at the start; null for nothing. */
  readonly notice: string | null;
  /** Whether input is dropped for a moment. */
  isDeaf(): boolean;
  /** Known once the screen has been drawn. */
  connect(ink: {readonly suspend?: Suspend; readonly leave?: () => void}): void;
  leave(): void;
  /** End timers and looks. */
  dispose(): void;
}

export const createTerminalContext = (options: TuiOptions, stdout: NodeJS.WriteStream): TerminalContext => {
  const {supervisor, mouse = false} = options;
  // A config whose keys contradict each other shows the fleet and refuses to act, like any other broken config.
  const [fault] = checkKeys(options.keys);
  const readOnly = options.readOnly || fault !== undefined;
  const store = createScreenStore({readOnly});
  const loop = startRefreshLoop(store, supervisor, options.intervalMs);
  const timers = new Set<NodeJS.Timeout>();
  let toasts = 0;
  let deafUntil = 0;
  let suspend: Suspend = async () => {};
  let leave = (): void => {};

  const later = (ms: number, call: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      call();
    }, ms);
    timers.add(timer);
  };
  const handOver = async (run: () => void): Promise<void> => {
    loop.suspend();
    if (mouse) {
      stdout.write(MOUSE_OFF);
    }
    try {
      await suspend(run);
    } finally {
      deafUntil = performance.now() + DEAF_AFTER_HAND_OVER_MS;
      if (mouse) {
        stdout.write(MOUSE_ON);
      }
      loop.resume();
    }
  };
  const context: ScreenContext = {
    store,
    loop,
    keymap: createKeymap(fault === undefined ? options.keys : {}),
    onScreen: new Map(),
    layout: () => arrange(stdout.columns ?? DEFAULT_SIZE.columns, stdout.rows ?? DEFAULT_SIZE.rows, store.getState()),
    now: () => performance.now(),
    epoch: () => Date.now(),
    plan: request => supervisor.prepare(request),
    dryPlan: request => supervisor.plan(request),
    perform: readOnly ? null : supervisor.perform,
    outside: options.outside ?? null,
    say: (text, tone = 'note') => {
      toasts += 1;
      const id = toasts;
      store.change(addToast({id, text, tone}));
      if (tone === 'note') {
        later(NOTE_MS, () => store.change(dropToast(id)));
      }
    },
    copy: text => {
      stdout.write(`\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`);
      store.change(openOverlay({kind: 'copy', text, scroll: 0}));
    },
    later,
    handOver,
    // Giving the terminal away for nothing and taking it back draws everything anew, raw mode included.
    redraw: () => void handOver(() => {}),
    exit: () => leave(),
  };
  return {
    context,
    notice: fault === undefined ? (options.notice ?? null) : `Nothing is acted on: config, keys.${fault.action}: ${fault.problem}`,
    isDeaf: () => performance.now() < deafUntil,
    connect: ink => {
      suspend = ink.suspend ?? suspend;
      leave = ink.leave ?? leave;
    },
    leave: () => leave(),
    dispose: () => {
      loop.stop();
      for (const timer of timers) {
        clearTimeout(timer);
      }
    },
  };
};
