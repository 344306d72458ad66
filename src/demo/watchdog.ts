// Starts the process that removes the demo when rigtop ends, however it ends: it waits for the closing of a pipe that only rigtop holds.
import {type ChildProcess, spawn} from 'node:child_process';
import type {Socket} from 'node:net';

const RELEASE_DEADLINE_MS = 15_000;

export interface Watchdog {
  readonly pid: number;
  /** Tell it to remove the demo now, and wait until it has. False when it was gone or did not manage in time. */
  release(): Promise<boolean>;
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise(resolve => {
        child.once('exit', code => resolve(code));
      });

/**
 * The watchdog leads a session of its own, so that neither a hang-up nor ^C reaches it. Node opens every descriptor close-on-exec:
 * no other child of rigtop holds the pipe open.
 */
export const startWatchdog = (program: string, directory: string, env: Readonly<Record<string, string>>): Watchdog => {
  const child = spawn(process.execPath, [program, directory], {stdio: ['pipe', 'ignore', 'ignore'], detached: true, env, cwd: '/'});
  const pipe = child.stdin as Socket | null;
  pipe?.on('error', () => undefined);
  pipe?.unref();
  child.unref();
  const exited = exitOf(child);
  child.once('error', () => undefined);
  return {
    pid: child.pid ?? 0,
    release: async () => {
      pipe?.end();
      child.ref();
      const late = new Promise<null>(resolve => {
        setTimeout(resolve, RELEASE_DEADLINE_MS, null).unref();
      });
      return (await Promise.race([exited, late])) === 0;
    },
  };
};
