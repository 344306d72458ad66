// One screen from its first frame to the restored terminal: the only place that awaits its end, prints what went wrong and chooses the exit code.
import {render} from 'ink';
import {point} from './actions/point.ts';
import {App} from './app.tsx';
import {createLateAnswer} from './background.ts';
import {createKeyGate} from './dispatch.ts';
import {followJournal} from './follow-journal.ts';
import {functionKeys, type KeyName} from './key-events.ts';
import {MOUSE_OFF, MOUSE_ON, parseMouse} from './mouse.ts';
import {rememberScreen} from './remember-screen.ts';
import type {TuiOptions} from './run-tui.tsx';
import {createTerminalContext, type Suspend, type TerminalContext} from './terminal-context.ts';
import {keepTitle} from './terminal-title.ts';
import {resolveTheme, type ThemeName} from './theme.ts';
import {watchSupervisor} from './watch-supervisor.ts';

const DEFAULT_FPS = 60;

const print = (error: unknown): void => {
  process.stderr.write(`rigtop: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

/** Keys and the mouse. */
const createInput = (options: TuiOptions, {here, isDeaf}: TerminalContext) => {
  const press = createKeyGate(here);
  const isLateAnswer = createLateAnswer();
  let answering = false;
  const onKeys = (keys: readonly KeyName[]): void => {
    if (!isDeaf() && !answering) {
      press(keys);
    }
  };
  return {
    onKeys,
    // Ink has no name for function keys and none for the mouse: these are read beside it.
    onData: (chunk: string | Buffer): void => {
      const text = String(chunk);
      // Ink takes its keys from this chunk within the same turn.
      answering = isLateAnswer(text);
      if (answering) {
        setImmediate(() => {
          answering = false;
        });
      }
      onKeys(functionKeys(text));
      if (options.mouse === true && !isDeaf()) {
        for (const report of parseMouse(text)) {
          point(here, report, press);
        }
      }
    },
  };
};

/** Listens to what the terminal and the shell do with us. The answer listens no more. */
const listenOutside = (options: TuiOptions, terminal: TerminalContext, onData: (chunk: string | Buffer) => void): (() => void) => {
  const {stdin, stdout} = process;
  const {here} = terminal;
  // Stopped from outside, the terminal is the shell's: it gets it whole. Without a listener the signal does what it always does.
  const onStop = (): void =>
    void here.handOver(() => {
      process.off('SIGTSTP', onStop);
      options.stop?.();
      process.on('SIGTSTP', onStop);
    });
  const onContinue = (): void => here.redraw();
  const onGone = (): void => terminal.leave();
  // Ink hooks the exit into a patched process.emit. execa's copy of the same library (signal-exit 4) puts the original back when
  // its last child has ended, and an exception would leave the alternate screen on: so the exit is listened to here as well.
  const onExit = (): void => {
    if (options.mouse === true) {
      stdout.write(MOUSE_OFF);
    }
    terminal.leave();
  };
  // Ink reads the terminal with 'readable' and read(); 'data' is emitted for what it reads (Node stream docs, "Two reading modes").
  stdin.on('data', onData);
  stdin.on('end', onGone);
  stdout.on('error', onGone);
  // A terminal that is gone refuses its mode, too, when Ink gives it back: after all of this.
  stdin.on('error', onGone);
  if (options.stop !== undefined) {
    process.on('SIGTSTP', onStop);
  }
  process.on('SIGCONT', onContinue);
  process.on('exit', onExit);
  return () => {
    stdin.off('data', onData);
    stdin.off('end', onGone);
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', onContinue);
    process.off('exit', onExit);
  };
};

/** What is said once at the start: what is wrong with the keys, the supervisor beside the screen. */
const greet = ({unattended}: TuiOptions, {here, notice}: TerminalContext): void => {
  if (notice !== null) {
    here.say(notice, 'error');
  }
  void unattended?.describe().then(text => {
    if (text !== null) {
      here.say(text);
    }
  });
};

/** `theme` is waited for as late as can be: the terminal is being asked. */
export const startScreen = async (options: TuiOptions, theme: ThemeName | Promise<ThemeName>): Promise<number> => {
  const {stdout} = process;
  const terminal = createTerminalContext(options, stdout);
  const {here} = terminal;
  const {onKeys, onData} = createInput(options, terminal);
  const onReady = (suspend: Suspend): void => terminal.connect({suspend});
  let listenNoMore = (): void => {};
  let dropTitle = (): void => {};
  let remember = async (): Promise<void> => {};
  try {
    const name = await theme;
    const screenIn = (chosen: ThemeName) => (
      <App context={here} theme={resolveTheme(chosen, process.env, options.colour)} onKeys={onKeys} onReady={onReady} />
    );
    const instance = render(screenIn(name), {
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: options.fps ?? DEFAULT_FPS,
      exitOnCtrlC: false,
      patchConsole: false,
      // Only the terminal decides: Ink would go quiet wherever CI is set in the environment.
      interactive: true,
    });
    terminal.connect({leave: () => instance.unmount(), repaint: chosen => instance.rerender(screenIn(chosen))});
    if (options.mouse === true) {
      stdout.write(MOUSE_ON);
    }
    dropTitle = keepTitle(here.store, text => stdout.write(text), process.env.TERM);
    watchSupervisor(here);
    followJournal(here);
    if (options.memory !== undefined) {
      remember = rememberScreen(here, options.memory);
    }
    listenNoMore = listenOutside(options, terminal, onData);
    greet(options, terminal);
    await instance.waitUntilExit();
    await remember();
    return 0;
  } catch (error) {
    print(error);
    return 1;
  } finally {
    terminal.dispose();
    dropTitle();
    if (options.mouse === true) {
      stdout.write(MOUSE_OFF);
    }
    listenNoMore();
  }
};
