// A signal to another rigtop of one's own that is known by its lock: stop, read again, look. Never to anything else.
import {basename} from 'node:path';
import type {LockHolder} from './lock-file.ts';
import {createProcessReader} from './process-now.ts';

export type Signalled = {readonly ok: true} | {readonly ok: false; readonly because: string};

const reader = createProcessReader();

const PROGRAM = /^rigtop(?:\.js)?$/;

/**
 * A record says which process a supervisor is, and whoever may write it could name any: SIGUSR1 ends most programs. So it counts only
 * for a process of one's own (root has others' too) that was started as `rigtop … supervise`.
 */
const isSupervisor = (argv: readonly string[]): boolean => argv.some(word => PROGRAM.test(basename(word))) && argv.includes('supervise');

/** The identity is read in the same synchronous turn as the system call, so that a reused pid is never signalled. */
export const signalOwn = (holder: LockHolder, signal: 'SIGTERM' | 'SIGHUP' | 'SIGUSR1'): Signalled => {
  const seen = reader.look(holder.pid);
  if (seen.state !== 'here' || seen.process.startTime !== holder.startTime || holder.pid <= 1) {
    return {ok: false, because: seen.state === 'unknown' ? seen.because : 'it does not run any more'};
  }
  if (seen.process.uid !== process.geteuid?.()) {
    return {ok: false, because: `it belongs to user ${seen.process.uid}, not to you`};
  }
  if (!isSupervisor(seen.process.argv)) {
    return {ok: false, because: 'it is no rigtop supervise'};
  }
  try {
    process.kill(holder.pid, signal);
    return {ok: true};
  } catch (error) {
    return {ok: false, because: (error as NodeJS.ErrnoException).code ?? String(error)};
  }
};
