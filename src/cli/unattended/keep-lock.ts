// The lock of a supervisor while it runs: read anew before anything is done, taken again when it was only taken away.
import type {Locked} from '../../core/os/lock-file.ts';
import type {LoopParts} from '../../supervise/loop-parts.ts';

export interface KeptLock {
  readonly holds: LoopParts['holdsLock'];
  release(): Promise<void>;
}

/** `take` tries to take it again: cleaners of old files take such a one away. */
export const keepLock = (first: Locked, take: () => Promise<Locked>): KeptLock => {
  let lock = first;
  return {
    holds: async () => {
      const found = lock.state === 'held' ? await lock.check() : 'gone';
      if (found === 'ours') {
        return 'held';
      }
      if (found === 'unknown') {
        return 'unknown';
      }
      if (found === 'another') {
        return 'lost';
      }
      lock = await take();
      switch (lock.state) {
        case 'held':
          return 'held';
        case 'busy':
          return 'lost';
        case 'failed':
          return 'unknown';
      }
    },
    release: async () => {
      if (lock.state === 'held') {
        await lock.release();
      }
    },
  };
};
