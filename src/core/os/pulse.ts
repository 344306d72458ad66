// Whether a process has run: how long it has been on a processor, and how often, as the scheduler counts it.

import {readTextNow} from './read-now.ts';

/** Field 22 of proc_pid_stat(5), counted from the end of the name, which may hold anything. */
const START_TIME = 19;

/**
 * Two equal readings of one pid prove that the process has not run in between, and that it is the same process. Null where nothing is
 * told: it is gone or hidden, the kernel has no schedstat, or one that counts nothing. The count of turns on a processor rises when the
 * process gets there, so that one which is running at this moment shows, although its time is added up later (sched_info_arrive in
 * kernel/sched/stats.h).
 */
export const readPulse = (procRoot: string, pid: number): string | null => {
  try {
    const [time = '', waited = '', turns = ''] = readTextNow(`${procRoot}/${pid}/schedstat`).trim().split(' ');
    const stat = readTextNow(`${procRoot}/${pid}/stat`);
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME];
    return Number(turns) > 0 && Number(time) > 0 && startTime !== undefined ? `${startTime} ${time} ${waited} ${turns}` : null;
  } catch {
    return null;
  }
};

export interface Pulses {
  /** Equal readings: the process has not run in between but to answer us. */
  read(pid: number): string | null;
  /**
   * What has run since `before` was read ran to answer a question of ours, and a moment longer to see us go. No effect where something
   * else had run by then.
   */
  excuse(pid: number, before: string | null): Promise<void>;
}

/** Nobody reads more servers than this; what is forgotten is asked once more. */
const MOST = 256;

/**
 * Each of our own questions makes its server run: counted like any other run, one question would be the reason for the next. `readRaw` is
 * `readPulse` on a machine. A server notices that its client has gone when that has ended: `settle` waits for it.
 */
export const createPulses = (readRaw: (pid: number) => string | null, settle: () => Promise<void>): Pulses => {
  const seen = new Map<number, {raw: string; readonly shown: string}>();
  return {
    read: pid => {
      const raw = readRaw(pid);
      const known = seen.get(pid);
      if (raw === null || known?.raw === raw) {
        return raw === null ? null : (known?.shown ?? raw);
      }
      if (seen.size >= MOST) {
        seen.clear();
      }
      seen.set(pid, {raw, shown: raw});
      return raw;
    },
    excuse: async (pid, before) => {
      if (before === null || seen.get(pid)?.shown !== before) {
        return;
      }
      await settle();
      const known = seen.get(pid);
      const raw = known?.shown === before ? readRaw(pid) : null;
      // Another process with this pid, or a count that starts again, excuses nothing.
      if (known !== undefined && raw !== null && raw.split(' ')[0] === known.raw.split(' ')[0]) {
        known.raw = raw;
      }
    },
  };
};
