// How a person speaks to a running supervisor: a signal for what signals say, a file for the rest. The supervisor's ear and the caller's mouth.
import {randomBytes} from 'node:crypto';
import type {Host} from '../../core/os/host.ts';
import {type Knocked, knock} from '../../core/os/knock.ts';
import type {LockHolder} from '../../core/os/lock-file.ts';
import {readOwn, removeFile, renameFile, replaceDocument} from '../../core/os/state-files.ts';
import type {Wish} from '../../supervise/loop-parts.ts';

/** Wishes that no signal stands for. */
const WRITTEN: readonly Wish[] = ['resume', 'go-on', 'pause'];

const SIGNALS = {stop: 'SIGTERM', reload: 'SIGHUP', look: 'SIGUSR1', resume: 'SIGUSR1', 'go-on': 'SIGUSR1', pause: 'SIGUSR1'} as const;

const LONGEST_REQUEST = 200;

/** A request names whom it is for: one that was never answered must not be taken up by the next supervisor. */
const requestText = (wish: Wish, {pid, startTime}: Pick<LockHolder, 'pid' | 'startTime'>): string => `${wish} ${pid} ${startTime}`;

/** Tell the supervisor that holds the lock. */
export const sendWish = async (holder: LockHolder, wish: Wish, requests: string): Promise<Knocked> => {
  if (!WRITTEN.includes(wish)) {
    return knock(holder, SIGNALS[wish]);
  }
  const written = await replaceDocument(requests, requestText(wish, holder));
  if (!written.ok) {
    return written;
  }
  const knocked = knock(holder, SIGNALS[wish]);
  if (!knocked.ok) {
    await removeFile(requests);
  }
  return knocked;
};

export interface Ear {
  /** Sleeps, or wakes early with what was wished. */
  rest(ms: number): Promise<readonly Wish[]>;
  /** Whether something was wished that is not answered yet. */
  isWished(): boolean;
  close(): void;
}

export interface EarParts {
  readonly host: Host;
  /** Where written wishes are left. */
  readonly requests: string;
  /** The supervisor itself. */
  readonly own: LockHolder;
}

/** Listen for signals: SIGTERM and SIGINT stop, SIGHUP reads the configuration again, SIGUSR1 looks now and reads written wishes. */
export const openEar = ({host, requests, own}: EarParts): Ear => {
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
  /** Moved aside before it is read: a request that is left in between is not removed with the one that was read. */
  const readWritten = async (): Promise<readonly Wish[]> => {
    const taken = `${requests}.${randomBytes(4).toString('hex')}`;
    if (!(await renameFile(requests, taken)).ok) {
      return [];
    }
    const read = await readOwn(taken, LONGEST_REQUEST);
    await removeFile(taken);
    return read.state === 'ok' ? WRITTEN.filter(wish => requestText(wish, own) === read.value.trim()) : [];
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
    isWished: () => heard.length > 0,
    close: () => {
      for (const [signal, listener] of Object.entries(listeners)) {
        process.off(signal, listener);
      }
    },
  };
};
