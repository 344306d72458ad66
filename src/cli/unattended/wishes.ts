// How a person speaks to a running supervisor: a signal for what signals say, a file for the rest. The supervisor's ear and the caller's mouth.
import type {Host} from '../../core/os/host.ts';
import {type Knocked, knock} from '../../core/os/knock.ts';
import type {LockHolder} from '../../core/os/lock-file.ts';
import {removeFile, replaceDocument} from '../../core/os/state-files.ts';
import type {Wish} from '../../supervise/loop.ts';

/** Wishes that no signal stands for. */
const WRITTEN: readonly Wish[] = ['resume', 'pause'];

const SIGNALS = {stop: 'SIGTERM', reload: 'SIGHUP', look: 'SIGUSR1', resume: 'SIGUSR1', pause: 'SIGUSR1'} as const;

/** Tell the supervisor that holds the lock. */
export const sendWish = async (holder: LockHolder, wish: Wish, requests: string): Promise<Knocked> => {
  if (WRITTEN.includes(wish)) {
    const written = await replaceDocument(requests, wish);
    if (!written.ok) {
      return written;
    }
  }
  return knock(holder, SIGNALS[wish]);
};

export interface Ear {
  /** Sleeps, or wakes early with what was wished. */
  rest(ms: number): Promise<readonly Wish[]>;
  close(): void;
}

/** Listen for signals: SIGTERM and SIGINT stop, SIGHUP reads the configuration again, SIGUSR1 looks now and reads written wishes. */
export const openEar = (host: Host, requests: string): Ear => {
  let heard: Wish[] = [];
  let wake = new AbortController();
  const hear = (wish: Wish) => (): void => {
    heard.push(wish);
    wake.abort();
  };
  const listeners = {SIGTERM: hear('stop'), SIGINT: hear('stop'), SIGHUP: hear('reload'), SIGUSR1: hear('look')};
  for (const [signal, listener] of Object.entries(listeners)) {
    process.on(signal, listener);
  }
  const readWritten = async (): Promise<readonly Wish[]> => {
    const read = await host.files.readText(requests);
    await removeFile(requests);
    return read.state === 'ok' ? WRITTEN.filter(wish => wish === read.value.trim()) : [];
  };
  return {
    rest: async ms => {
      // A wish that came during a round is answered at once.
      if (heard.length === 0) {
        await host.sleep(ms, wake.signal).catch(() => undefined);
      }
      const wishes = heard;
      heard = [];
      wake = new AbortController();
      return wishes.includes('look') ? [...wishes, ...(await readWritten())] : wishes;
    },
    close: () => {
      for (const [signal, listener] of Object.entries(listeners)) {
        process.off(signal, listener);
      }
    },
  };
};
