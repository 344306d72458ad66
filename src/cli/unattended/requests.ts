// How a person speaks to a running supervisor: a signal for what signals say, a file for the rest. The supervisor's ear and the caller's mouth.
import {randomBytes} from 'node:crypto';
import type {Host} from '../../core/os/host.ts';
import type {LockHolder} from '../../core/os/lock-file.ts';
import {type Knocked, knock} from '../../core/os/signal-own.ts';
import {readOwn, removeFile, renameFile, replaceDocument} from '../../core/os/state-files.ts';
import type {Wish} from '../../supervise/loop-parts.ts';

/** Wishes that no signal stands for: they are written down. */
const WRITTEN = /^(?:resume|go-on|pause|forget .+)$/s;

const SIGNALS = {stop: 'SIGTERM', reload: 'SIGHUP'} as const;

/** A reference may hold a path. */
const LONGEST_REQUEST = 5000;

/** A request names whom it is for: one that was never answered must not be taken up by the next supervisor. */
const requestText = (wish: Wish, {pid, startTime}: Pick<LockHolder, 'pid' | 'startTime'>): string => `${wish} ${pid} ${startTime}`;

const signalOf = (wish: Wish): 'SIGTERM' | 'SIGHUP' | 'SIGUSR1' => (wish === 'stop' || wish === 'reload' ? SIGNALS[wish] : 'SIGUSR1');

/** Tell the supervisor that holds the lock. */
export const sendWish = async (holder: LockHolder, wish: Wish, requests: string): Promise<Knocked> => {
  if (!WRITTEN.test(wish)) {
    return knock(holder, signalOf(wish));
  }
  const written = await replaceDocument(requests, requestText(wish, holder));
  if (!written.ok) {
    return written;
  }
  const knocked = knock(holder, signalOf(wish));
  if (!knocked.ok) {
    await removeFile(requests);
  }
  return knocked;
};

/** The wish in a request that is for `own`; none in any other text. */
const wishIn = (text: string, own: LockHolder): readonly Wish[] => {
  const end = ` ${own.pid} ${own.startTime}`;
  const wish = text.endsWith(end) ? text.slice(0, -end.length) : '';
  return WRITTEN.test(wish) ? [wish as Wish] : [];
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
    return read.state === 'ok' ? wishIn(read.value.trim(), own) : [];
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
