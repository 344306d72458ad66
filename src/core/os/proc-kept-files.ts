// Keeps the stat files of processes open between looks: reading one again costs a third of opening, reading and closing it. From the third
// reading on: a command that looks once or twice would pay a tenth of all its reading for what it never uses.

import {closeSync, openSync, readSync} from 'node:fs';
import type {ProcRead, ProcReader} from './proc-read.ts';

const STAT_BYTES = 4096;
/** Never more than this, and never more than a third of what the process may open: sockets and files of others need room. */
const MOST = 8192;

export interface KeptFiles {
  /** The stat line of a process; `again`: it was read more than once before. The bytes are overwritten by the next read. */
  stat(pid: number, again: boolean): ProcRead<Buffer>;
  /** Whether a descriptor of ours is such a file. */
  isKept(descriptor: number): boolean;
  /** The process is gone: let go of its file. */
  forget(pid: number): void;
  close(): void;
}

const softLimit = (limits: string): number => {
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(limits) ?? [];
  if (soft === undefined) {
    return 0;
  }
  return soft === 'unlimited' ? MOST : Number(soft);
};

export const createKeptFiles = (procRoot: string, reader: ProcReader): KeptFiles => {
  const limits = reader.bytes('/proc/self/limits', 16 * 1024);
  const room = Math.min(MOST, Math.floor(softLimit(limits.ok ? limits.value.toString('latin1') : '') / 3));
  const buffer = Buffer.allocUnsafeSlow(STAT_BYTES);
  const kept = new Map<number, number>();
  const descriptors = new Set<number>();

  const forget = (pid: number): void => {
    const file = kept.get(pid);
    if (file !== undefined) {
      kept.delete(pid);
      descriptors.delete(file);
      closeSync(file);
    }
  };

  const opened = (pid: number, again: boolean): number | undefined => {
    const file = kept.get(pid);
    if (file !== undefined || !again || kept.size >= room) {
      return file;
    }
    try {
      const fresh = openSync(`${procRoot}/${pid}/stat`, 'r');
      kept.set(pid, fresh);
      descriptors.add(fresh);
      return fresh;
    } catch {
      return undefined;
    }
  };

  const stat = (pid: number, again: boolean): ProcRead<Buffer> => {
    const file = opened(pid, again);
    if (file !== undefined) {
      try {
        return {ok: true, value: buffer.subarray(0, readSync(file, buffer, 0, STAT_BYTES, 0))};
      } catch {
        // ESRCH: the file belongs to the process it was opened for, and that one has ended.
        forget(pid);
      }
    }
    // Whoever has the pid now; or, in the reader's words, why it cannot be read.
    return reader.filled(`${procRoot}/${pid}/stat`, STAT_BYTES);
  };

  return {
    stat,
    isKept: descriptor => descriptors.has(descriptor),
    forget,
    close: () => {
      for (const pid of [...kept.keys()]) {
        forget(pid);
      }
    },
  };
};
