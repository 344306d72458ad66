// What actions reach on the real terminal: clocks, clipboard, messages that pass, the terminal handed over and taken back.

import {FIRST_LESSON} from '../store/lesson.ts';
import {type Machine, startListening} from '../store/listen.ts';
import {createMachinesStore, type MachinesStore} from '../store/machines.ts';
import {addJournal, addToast, dropToast} from '../store/overlays.ts';
import {type RefreshLoop, startRefreshLoop} from '../store/refresh-loop.ts';
import type {JournalLine, ScreenState} from '../store/state.ts';
import {createScreenStore, type ScreenStore} from '../store/store.ts';
import type {Remedies} from '../words/describe-briefly.ts';
import {type ClipboardParts, copyText} from './clipboard.ts';
import {journalInto} from './follow-journal.ts';
import {checkKeys, createKeymap} from './keymap.ts';
import {arrange, type Layout, lessonRows, shapeOf} from './layout.ts';
import {MOUSE_OFF, MOUSE_ON} from './mouse.ts';
import type {TuiOptions} from './run-tui.tsx';
import type {ScreenContext} from './screen-context.ts';
import {createTimers} from './timers.ts';

const NOTE_MS = 6000;
/** After a program had the terminal, what it or the terminal left behind is not input. */
const DEAF_AFTER_HAND_OVER_MS = 200;
const DEFAULT_SIZE = {columns: 80, rows: 24};

/** Ink's way to give the terminal away for the length of a call. */
export type Suspend = (run: () => void | Promise<void>) => Promise<unknown>;

export interface TerminalContext {
  /** Of this machine. */
  readonly here: ScreenContext;
  /** One for each machine; this one first. */
  readonly contexts: readonly ScreenContext[];
  /** Null where there is one machine only. */
  readonly machines: MachinesStore | null;
  /** Of the machine that is in front. */
  front(): ScreenContext;
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

/** What differs from machine to machine. */
type Own = Pick<ScreenContext, 'store' | 'loop' | 'plan' | 'dryPlan' | 'perform' | 'outside' | 'remote' | 'unattended' | 'readJournal'>;

/** Another machine: looked at, and no more. Its panes and its journal are over there. */
const openRemote = (
  machine: Machine,
  remedies: Remedies,
): {readonly name: string; readonly store: ScreenStore; readonly loop: RefreshLoop; readonly own: Own} => {
  const {name} = machine;
  const store = createScreenStore({readOnly: true, remedies});
  const loop = startListening(store, machine);
  const where: JournalLine = {at: Date.now(), text: `The journal of ${name} is kept there: ssh ${name} rigtop journal`, tone: 'plain'};
  store.change(addJournal([where]));
  const plan: Own['dryPlan'] = request => machine.plan(request);
  return {name, store, loop, own: {store, loop, plan, dryPlan: plan, perform: null, outside: null, remote: name, readJournal: null}};
};

const layoutOn = (
  {columns = DEFAULT_SIZE.columns, rows = DEFAULT_SIZE.rows}: NodeJS.WriteStream,
  above: number,
  state: ScreenState,
): Layout => arrange(columns, rows - above - lessonRows(columns, rows, state), shapeOf(state));

interface HandingOver {
  handOver(run: () => void): Promise<void>;
  /** Whether input is dropped: for a moment after the terminal has come back. */
  isDeaf(): boolean;
  /** Known once the screen has been drawn. */
  use(suspend: Suspend): void;
}

/** Gives the terminal to a program and takes it back: no look and no mouse meanwhile. */
const createHandingOver = (loops: readonly RefreshLoop[], mouse: boolean, stdout: NodeJS.WriteStream): HandingOver => {
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
const createSaying = (later: ScreenContext['later']): ((store: ScreenStore) => ScreenContext['say']) => {
  let said = 0;
  return store =>
    (text, tone = 'note') => {
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
  const {engine, mouse = false, machines: others = []} = options;
  // A config whose keys contradict each other shows the fleet and refuses to act, like any other broken config.
  const [fault] = checkKeys(options.keys);
  const readOnly = options.readOnly || fault !== undefined;
  const lesson = options.lesson === undefined || readOnly ? null : {...FIRST_LESSON, ...options.lesson};
  const store = createScreenStore({readOnly, remedies: engine.remedies, lesson});
  const loop = startRefreshLoop(store, engine, options.intervalMs);
  const remotes = others.map(machine => openRemote(machine, engine.remedies));
  const loops = [loop, ...remotes.map(remote => remote.loop)];
  const machines = remotes.length === 0 ? null : createMachinesStore([{name: 'here', store}, ...remotes]);
  const keymap = createKeymap(fault === undefined ? options.keys : {});
  const above = machines === null ? 0 : 1;
  const {later, dispose} = createTimers();
  const terminal = createHandingOver(loops, mouse, stdout);
  const {handOver} = terminal;
  let leave = (): void => {};

  const sayIn = createSaying(later);
  const clipboard = clipboardOf(options, stdout);

  const contextOf = (own: Own): ScreenContext => ({
    ...own,
    keymap,
    machines,
    onScreen: new Map(),
    layout: () => layoutOn(stdout, above, own.store.getState()),
    now: () => performance.now(),
    epoch: () => Date.now(),
    say: sayIn(own.store),
    copy: text => void copyText({store: own.store, say: sayIn(own.store)}, text, clipboard),
    later,
    handOver,
    // Giving the terminal away for nothing and taking it back draws everything anew, raw mode included.
    redraw: () => void handOver(() => {}),
    exit: () => leave(),
  });
  const here = contextOf({
    store,
    loop,
    plan: request => engine.prepare(request),
    dryPlan: request => engine.plan(request),
    perform: readOnly ? null : engine.perform,
    outside: options.outside ?? null,
    unattended: options.unattended,
    readJournal: options.readJournal === undefined ? null : journalInto({store, say: sayIn(store)}, options.readJournal),
    remote: null,
  });
  const contexts = [here, ...remotes.map(({own}) => contextOf(own))];
  return {
    here,
    contexts,
    machines,
    front: () => contexts[machines?.getState().current ?? 0] ?? here,
    notice: fault === undefined ? (options.notice ?? null) : `Nothing is acted on: config, keys.${fault.action}: ${fault.problem}`,
    isDeaf: terminal.isDeaf,
    connect: ink => {
      if (ink.suspend !== undefined) {
        terminal.use(ink.suspend);
      }
      leave = ink.leave ?? leave;
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
