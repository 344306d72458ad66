// A signal to another rigtop of one's own that is known by its lock: stop, read again, look. Never to anything else.
import type {LockHolder} from './lock-file.ts';
import {createProcessReader} from './process-now.ts';

export type Knocked = {readonly ok: true} | {readonly ok: false; readonly because: string};

const reader = createProcessReader();

/** The identity is read in the same synchronous turn as the system call, so that a reused pid is never signalled. */
export const knock = (holder: LockHolder, signal: 'SIGTERM' | 'SIGHUP' | 'SIGUSR1'): Knocked => {
  const seen = reader.look(holder.pid);
  if (seen.state !== 'here' || seen.process.startTime !== holder.startTime || holder.pid <= 1) {
    return {ok: false, because: seen.state === 'unknown' ? seen.because : 'it does not run any more'};
  }
  try {
    process.kill(holder.pid, signal);
    return {ok: true};
  } catch (error) {
    return {ok: false, because: (error as NodeJS.ErrnoException).code ?? String(error)};
  }
};
