// Hands this terminal to another program until it ends, or to the shell until we are continued. Blocks the event loop on purpose: Node would go on reading the keys.
import {spawnSync} from 'node:child_process';
import {closeSync, openSync, readSync, writeSync} from 'node:fs';
import {locateProgram} from './surroundings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type TerminalEnd = {readonly status: number | null; readonly signal: string | null} | {readonly because: string};

const TERMINAL = '/dev/tty';
const NEWLINE = 0x0a;

/** ^C on a terminal that is not raw reaches us as well; what runs there is who it is for. */
const ignoreInterrupts = <T>(run: () => T): T => {
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    return run();
  } finally {
    // The signal is told once the event loop turns again.
    setTimeout(() => process.off('SIGINT', ignore), 0);
  }
};

/**
 * Runs `file` with our own stdin, stdout and stderr. Synchronous, because as long as the event loop turns, libuv reads from the terminal
 * and takes keys from the program.
 */
export const runOnTerminal = (file: string, args: readonly string[], env: Environment): TerminalEnd => {
  const located = locateProgram(file, env.PATH);
  if (typeof located === 'string') {
    return {because: located === 'missing' ? `${file} is not on PATH` : `${file} may not be run`};
  }
  const {error, status, signal} = ignoreInterrupts(() => spawnSync(located.program, args, {stdio: 'inherit', env: {...env}}));
  return error === undefined ? {status, signal} : {because: error.message};
};

/** The same: returns why it could not be run or how it failed; null when it ended well. */
export const runInTerminal = (file: string, args: readonly string[], env: Environment): string | null => {
  const end = runOnTerminal(file, args, env);
  if ('because' in end) {
    return end.because;
  }
  if (end.status === 0) {
    return null;
  }
  return end.signal === null ? `${file} ended with status ${end.status}` : `${file} was ended by ${end.signal}`;
};

/** Say something on the terminal and wait for a line from it. A terminal that is gone is not waited for. */
export const waitForEnter = (words: string): void => {
  let terminal: number | null = null;
  try {
    // Opened anew: our own standard input does not block.
    terminal = openSync(TERMINAL, 'r+');
    writeSync(terminal, words);
    const byte = Buffer.alloc(1);
    const at = terminal;
    ignoreInterrupts(() => {
      while (readSync(at, byte, 0, 1, null) === 1 && byte[0] !== NEWLINE) {
        // A line is read whole.
      }
    });
  } catch {
    // No terminal, nobody to wait for.
  } finally {
    if (terminal !== null) {
      closeSync(terminal);
    }
  }
};

/**
 * Stop as SIGTSTP stops a program that does nothing about it; returns when continued. Where no shell waits for us (an orphaned process
 * group) the kernel drops it, and it returns at once (setpgid(2), "orphaned"). The caller listens to SIGTSTP no more.
 */
export const stopUntilContinued = (): void => {
  process.kill(process.pid, 'SIGTSTP');
};
