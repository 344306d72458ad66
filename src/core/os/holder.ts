// Whether the process that a lock or a journal line names is still the same one.
import type {ProcessId} from '../domain/process.ts';
import type {LockHolder} from './lock-file.ts';
import {createProcessReader} from './process-now.ts';

const reader = createProcessReader();

/** False only when it is proven: the pid is nobody's, another process's, or of a boot that is over. */
export const isHolderAlive = (holder: LockHolder, bootId: string | null): boolean => {
  if (holder.bootId !== null && bootId !== null && holder.bootId !== bootId) {
    return false;
  }
  const seen = reader.look(holder.pid);
  return seen.state === 'unknown' || (seen.state === 'here' && seen.process.startTime === holder.startTime && seen.process.state !== 'Z');
};

/** Identity of this very process. Throws when its own entry cannot be read: nothing could be locked or journalled then. */
export const ownIdentity = (): ProcessId => {
  const seen = reader.look(process.pid);
  if (seen.state !== 'here') {
    throw new Error('rigtop cannot read its own entry in the process table');
  }
  return {pid: process.pid, startTime: seen.process.startTime};
};
