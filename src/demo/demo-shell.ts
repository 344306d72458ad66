// A program in a demo, on our own terminal: its directory, its home, its tmux servers, its mark. Starts it, waits, and ends with it.
import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import type {DemoFleet} from './demo-fleet.ts';
import {readIdentity, signalOwn} from './own-processes.ts';

/** The keyboard's: the kernel sends them to whatever is in the foreground of the terminal, and that program decides (termios(3), ISIG). */
const KEYBOARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGTSTP'];
const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];

/** As a shell tells how a program ended: its exit code, or 128 and the number of the signal. */
const codeOf = (code: number | null, signal: NodeJS.Signals | null): number => code ?? 128 + constants.signals[signal ?? 'SIGTERM'];

/**
 * Run `argv` in the demo until it ends, or until we are told to end: then it is hung up, as by a terminal that closes. Answers with its
 * exit code, or with why it could not be started. What it leaves behind bears the demo's mark and ends with the demo.
 */
export const runInDemo = (
  fleet: Pick<DemoFleet, 'directory' | 'env' | 'membership'>,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number | Error> => {
  const [file = '/bin/sh', ...args] = argv;
  const ignore = (): void => undefined;
  const listeners: [NodeJS.Signals, () => void][] = KEYBOARD.map(signal => [signal, ignore]);
  return new Promise<number | Error>(resolve => {
    const child = spawn(file, args, {
      stdio: 'inherit',
      cwd: fleet.directory,
      env: {...fleet.env, ...fleet.membership, ...env},
    });
    const process_ = child.pid === undefined ? null : readIdentity(child.pid);
    for (const signal of ENDING) {
      listeners.push([
        signal,
        () => {
          if (process_ !== null) {
            signalOwn(process_, 'SIGHUP');
          }
          resolve(codeOf(null, signal));
        },
      ]);
    }
    for (const [signal, listener] of listeners) {
      process.on(signal, listener);
    }
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(codeOf(code, signal)));
  }).finally(() => {
    for (const [signal, listener] of listeners) {
      process.off(signal, listener);
    }
  });
};
