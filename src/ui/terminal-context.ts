// What actions reach on the real terminal: clocks, clipboard, messages that pass, the terminal handed over and taken back.

import {FIRST_LESSON} from '../store/lesson-state.ts';
import {startFleet} from '../store/listen.ts';
import {addToast, dropToast} from '../store/overlays.ts';
import {type RefreshLoop, startRefreshLoop, systemClock} from '../store/refresh-loop.ts';
import {standAs} from '../store/remembered.ts';
import type {ScreenState} from '../store/state.ts';
import {createScreenStore, type ScreenStore} from '../store/store.ts';
import {type ClipboardParts, copyText} from './clipboard.ts';
import {journalInto} from './follow-journal.ts';
import {checkKeys, createKeymap} from './keymap.ts';
import {arrange, type Layout, lessonRows, shapeOf} from './layout.ts';
import {MOUSE_OFF, MOUSE_ON} from './mouse.ts';
import type {TuiOptions} from './run-tui.tsx';
import type {ScreenContext} from './screen-context.ts';
import type {ThemeName} from './theme.ts';
import {createTimers} from './timers.ts';

const NOTE_MS = 6000;
/** After a program had the terminal, what it or the terminal left behind is not input. */
const DEAF_AFTER_HAND_OVER_MS = 200;
const DEFAULT_SIZE = {columns: 80, rows: 24};

/** Ink's way to give the terminal away for the length of a call. */
export type Suspend = (run: () => void | Promise<void>) => Promise<unknown>;

export interface TerminalContext {
  readonly here: ScreenContext;
  /** Said once at the start; null for nothing. */
  readonly notice: string | null;
  /** Whether input is dropped for a moment. */
  isDeaf(): boolean;
  /** Known once the screen has been drawn. */
  connect(ink: {readonly suspend?: Suspend; readonly leave?: () => void; readonly repaint?: (theme: ThemeName) => void}): void;
  leave(): void;
  /** End timers and looks. */
  dispose(): void;
}

const layoutOn = ({columns = DEFAULT_SIZE.columns, rows = DEFAULT_SIZE.rows}: NodeJS.WriteStream, state: ScreenState): Layout =>
  arrange(columns, rows - lessonRows(columns, rows, state), shapeOf(state, columns));

interface HandingOver {
  handOver(run: () => void): Promise<void>;
  /** Whether input is dropped: for a moment after the terminal has come back. */
  isDeaf(): boolean;
  /** Known once the screen has been drawn. */
  use(suspend: Suspend): void;
}

/** Gives the terminal to a program and takes it back: no look and no mouse meanwhile. */
const createHandingOver = (
  loops: readonly Pick<RefreshLoop, 'suspend' | 'resume'>[],
  mouse: boolean,
  stdout: NodeJS.WriteStream,
): HandingOver => {
  let deafUntil = 0;
  let suspend: Suspend = async () => {};
  return {
    use: given => {
      suspend = given;
    },
    isDeaf: () => performance.now() < deafUntil,
    handOver: async run => {
      for (const each of loops) {
        each.suspend();
      }
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
        for (const each of loops) {
          each.resume();
        }
      }
    },
  };
};

/** Lines that are said on a screen; a note goes by itself. */
const createSaying = (store: ScreenStore, later: ScreenContext['later']): ScreenContext['say'] => {
  let said = 0;
  return (text, tone = 'note') => {
    said += 1;
    const id = said;
    store.change(addToast({id, text, tone}));
    if (tone === 'note') {
      later(NOTE_MS, () => store.change(dropToast(id)));
    }
  };
};

const clipboardOf = ({outside}: TuiOptions, stdout: NodeJS.WriteStream): ClipboardParts => ({
  outside: outside ?? null,
  // A demo has its own surroundings: rigtop may be in a pane all the same.
  term: process.env.TMUX === undefined ? process.env.TERM : 'tmux',
  write: text => void stdout.write(text),
  columns: () => stdout.columns ?? DEFAULT_SIZE.columns,
});

export const createTerminalContext = (options: TuiOptions, stdout: NodeJS.WriteStream): TerminalContext => {
  const {engine, mouse = false} = options;
  // A config whose keys contradict each other shows the fleet and refuses to act, like any other broken config.
  const [fault] = checkKeys(options.keys);
  const readOnly = options.readOnly || fault !== undefined;
  const lesson = options.lesson === undefined || readOnly ? null : {...FIRST_LESSON, ...options.lesson};
  const {remedies, meanings} = engine;
  const {demoCommand} = options;
  const store = createScreenStore({readOnly, remedies, meanings, lesson, ...(demoCommand === undefined ? {} : {demoCommand})});
  if (options.memory?.remembered != null) {
    store.change(standAs(options.memory.remembered));
  }
  const loop = startRefreshLoop(store, engine, options.intervalMs, systemClock, options.rest);
  const fleet = options.machines === undefined ? null : startFleet(store, options.machines);
  const loops = [loop, ...(fleet === null ? [] : [fleet])];
  const keymap = createKeymap(fault === undefined ? options.keys : {});
  const {later, dispose} = createTimers();
  const terminal = createHandingOver(loops, mouse, stdout);
  const {handOver} = terminal;
  let leave = (): void => {};
  let repaint = (_: ThemeName): void => {};

  const say = createSaying(store, later);
  const clipboard = clipboardOf(options, stdout);

  const here: ScreenContext = {
    store,
    loop,
    fleet,
    plan: request => engine.prepare(request),
    dryPlan: request => engine.plan(request),
    perform: readOnly ? null : engine.perform,
    outside: options.outside ?? null,
    runThere: options.runThere ?? null,
    unattended: options.unattended,
    readJournal: options.readJournal === undefined ? null : journalInto({store, say}, options.readJournal),
    keymap,
    onScreen: new Map(),
    layout: () => layoutOn(stdout, store.getState()),
    now: () => performance.now(),
    epoch: () => Date.now(),
    say,
    copy: text => void copyText({store, say}, text, clipboard),
    later,
    handOver,
    // Giving the terminal away for nothing and taking it back draws everything anew, raw mode included.
    redraw: () => void handOver(() => {}),
    chooseTheme: theme => {
      store.change(() => ({theme}));
      repaint(theme);
    },
    exit: () => leave(),
  };
  return {
    here,
    notice: fault === undefined ? (options.notice ?? null) : `Nothing is acted on: config, keys.${fault.action}: ${fault.problem}`,
    isDeaf: terminal.isDeaf,
    connect: ink => {
      if (ink.suspend !== undefined) {
        terminal.use(ink.suspend);
      }
      leave = ink.leave ?? leave;
      repaint = ink.repaint ?? repaint;
    },
    leave: () => leave(),
    dispose: () => {
      for (const each of loops) {
        each.stop();
      }
      dispose();
    },
  };
};
