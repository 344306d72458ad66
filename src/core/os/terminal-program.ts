// Hands this terminal to another program until it ends, or to the shell until we are continued. Blocks the event loop on purpose: Node would go on reading the keys.
import {spawnSync} from 'node:child_process';
import {locateProgram} from './surroundings.ts';

/**
 * Runs `file` with our own stdin, stdout and stderr. Returns why it could not be run or how it failed; null when it ended well.
 * Synchronous, because as long as the event loop turns, libuv reads from the terminal and takes keys from the program.
 */
export const runInTerminal = (file: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>): string | null => {
  const located = locateProgram(file, env.PATH);
  if (typeof located === 'string') {
    return located === 'missing' ? `${file} is not on PATH` : `${file} may not be run`;
  }
  const {error, status, signal} = spawnSync(located.program, args, {stdio: 'inherit', env: {...env}});
  if (error !== undefined) {
    return error.message;
  }
  if (status === 0) {
    return null;
  }
  return signal === null ? `${file} ended with status ${status}` : `${file} was ended by ${signal}`;
};

/**
 * Stop as SIGTSTP stops a program that does nothing about it; returns when continued. Where no shell waits for us (an orphaned process
 * group) the kernel drops it, and it returns at once (setpgid(2), "orphaned"). The caller listens to SIGTSTP no more.
 */
export const stopUntilContinued = (): void => {
  process.kill(process.pid, 'SIGTSTP');
};
