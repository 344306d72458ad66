// One screen from its first frame to the restored terminal: the only place that awaits its end, prints what went wrong and chooses the exit code.
import {render} from 'ink';
import {addJournal, addToast, dropToast, openOverlay} from '../store/overlays.ts';
import {startRefreshLoop} from '../store/refresh-loop.ts';
import {createScreenStore} from '../store/store.ts';
import {App} from './app.tsx';
import {createKeyGate} from './dispatch.ts';
import {functionKeys, type KeyName} from './key-events.ts';
import {checkKeys, createKeymap} from './keymap.ts';
import {arrange} from './layout.ts';
import type {TuiOptions} from './run-tui.tsx';
import type {ScreenContext} from './screen-context.ts';
import {resolveTheme} from './theme.ts';
import {watchScreens} from './watch-screens.ts';

const NOTE_MS = 6000;
/** After a program had the terminal, what it or the terminal left behind is not input. */
const DEAF_AFTER_HAND_OVER_MS = 200;
const DEFAULT_FPS = 30;

type Suspend = (run: () => void | Promise<void>) => Promise<unknown>;

const print = (error: unknown): void => {
  process.stderr.write(`rigtop: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

export const startScreen = async (options: TuiOptions): Promise<number> => {
  const {supervisor, intervalMs} = options;
  const {stdin, stdout} = process;
  // A config whose keys contradict each other shows the fleet and refuses to act, like any other broken config.
  const [keyProblem] = checkKeys(options.keys);
  const readOnly = options.readOnly || keyProblem !== undefined;
  const notice =
    keyProblem === undefined ? options.notice : `Nothing is acted on: config, keys.${keyProblem.action}: ${keyProblem.problem}`;
  const store = createScreenStore({readOnly});
  const theme = resolveTheme(options.theme, process.env, options.colour);
  const loop = startRefreshLoop(store, supervisor, intervalMs);
  const timers = new Set<NodeJS.Timeout>();
  let toasts = 0;
  let suspend: Suspend | null = null;
  let deafUntil = 0;
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
    try {
      await suspend?.(run);
    } finally {
      deafUntil = performance.now() + DEAF_AFTER_HAND_OVER_MS;
      loop.resume();
    }
  };
  const context: ScreenContext = {
    store,
    loop,
    keymap: createKeymap(keyProblem === undefined ? options.keys : {}),
    layout: () => arrange(stdout.columns ?? 80, stdout.rows ?? 24, store.getState()),
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

  const press = createKeyGate(context);
  const onKeys = (keys: readonly KeyName[]): void => {
    if (performance.now() >= deafUntil) {
      press(keys);
    }
  };
  const onData = (chunk: string | Buffer): void => onKeys(functionKeys(String(chunk)));
  const onContinue = (): void => context.redraw();
  const onGone = (): void => leave();
  // Ink hooks the exit into a patched process.emit. execa's copy of the same library (signal-exit 4) puts the original back when
  // its last child has ended, and an exception would leave the alternate screen on: so the exit is listened to here as well.
  const onExit = (): void => leave();

  try {
    const instance = render(
      <App
        context={context}
        theme={theme}
        onKeys={onKeys}
        onReady={ready => {
          suspend = ready;
        }}
      />,
      {
        alternateScreen: true,
        incrementalRendering: true,
        maxFps: options.fps ?? DEFAULT_FPS,
        exitOnCtrlC: false,
        patchConsole: false,
        // Only the terminal decides: Ink would go quiet wherever CI is set in the environment.
        interactive: true,
      },
    );
    leave = () => instance.unmount();
    watchScreens(context);
    // Ink reads the terminal with 'readable' and read(); 'data' is emitted for what it reads (Node stream docs, "Two reading modes").
    stdin.on('data', onData);
    stdin.on('end', onGone);
    stdout.on('error', onGone);
    process.on('SIGCONT', onContinue);
    process.on('exit', onExit);
    if (notice !== undefined) {
      context.say(notice, 'error');
    }
    void options.readJournal?.().then(
      lines => store.change(state => addJournal([...lines, ...state.journal])({...state, journal: []})),
      error => context.say(`The journal cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'error'),
    );
    await instance.waitUntilExit();
    return 0;
  } catch (error) {
    print(error);
    return 1;
  } finally {
    loop.stop();
    for (const timer of timers) {
      clearTimeout(timer);
    }
    stdin.off('data', onData);
    stdin.off('end', onGone);
    process.off('SIGCONT', onContinue);
    process.off('exit', onExit);
  }
};
