// How a person speaks to a running supervisor: a signal for what signals say, a file for the rest.
import {randomBytes} from 'node:crypto';
import type {Host} from '../../core/os/host.ts';
import type {LockHolder} from '../../core/os/lock-file.ts';
import {type Signalled, signalOwn} from '../../core/os/signal-own.ts';
import {readOwn, removeFile, renameFile, replaceDocument} from '../../core/os/state-files.ts';
import type {ControlRequest} from '../../supervise/loop-parts.ts';

/** Requests that no signal stands for: they are written down. */
const WRITTEN = /^(?:resume|go-on|pause|forget .+)$/s;

const SIGNALS = {stop: 'SIGTERM', reload: 'SIGHUP'} as const;

/** A reference may hold a path. */
const LONGEST_REQUEST = 5000;

/** A request names whom it is for: one that was never answered must not be taken up by the next supervisor. */
const requestText = (controlRequest: ControlRequest, {pid, startTime}: Pick<LockHolder, 'pid' | 'startTime'>): string =>
  `${controlRequest} ${pid} ${startTime}`;

const signalOf = (controlRequest: ControlRequest): 'SIGTERM' | 'SIGHUP' | 'SIGUSR1' =>
  controlRequest === 'stop' || controlRequest === 'reload' ? SIGNALS[controlRequest] : 'SIGUSR1';

/** Tell the supervisor that holds the lock. */
export const sendControlRequest = async (holder: LockHolder, controlRequest: ControlRequest, requests: string): Promise<Signalled> => {
  if (!WRITTEN.test(controlRequest)) {
    return signalOwn(holder, signalOf(controlRequest));
  }
  const written = await replaceDocument(requests, requestText(controlRequest, holder));
  if (!written.ok) {
    return written;
  }
  const signalled = signalOwn(holder, signalOf(controlRequest));
  if (!signalled.ok) {
    await removeFile(requests);
  }
  return signalled;
};

/** The control request in a file that is for `own`; none in any other text. */
const controlRequestIn = (text: string, own: LockHolder): readonly ControlRequest[] => {
  const end = ` ${own.pid} ${own.startTime}`;
  const controlRequest = text.endsWith(end) ? text.slice(0, -end.length) : '';
  return WRITTEN.test(controlRequest) ? [controlRequest as ControlRequest] : [];
};

export interface RequestListener {
  /** Sleeps, or wakes early with what was requested. */
  rest(ms: number): Promise<readonly ControlRequest[]>;
  /** Whether something was requested that is not answered yet. */
  isRequested(): boolean;
  close(): void;
}

export interface RequestListenerParts {
  readonly host: Host;
  /** Where written requests are left. */
  readonly requests: string;
  /** The supervisor itself. */
  readonly own: LockHolder;
}

/** Listen for signals: SIGTERM and SIGINT stop, SIGHUP reads the configuration again, SIGUSR1 looks now and reads written requests. */
export const listenForRequests = ({host, requests, own}: RequestListenerParts): RequestListener => {
  let heard: ControlRequest[] = [];
  let wake = new AbortController();
  const hear = (controlRequest: ControlRequest) => (): void => {
    heard.push(controlRequest);
    wake.abort();
  };
  const listeners = {SIGTERM: hear('stop'), SIGINT: hear('stop'), SIGHUP: hear('reload'), SIGUSR1: hear('look')};
  for (const [signal, listener] of Object.entries(listeners)) {
    process.on(signal, listener);
  }
  /** Moved aside before it is read: a request that is left in between is not removed with the one that was read. */
  const readWritten = async (): Promise<readonly ControlRequest[]> => {
    const taken = `${requests}.${randomBytes(4).toString('hex')}`;
    if (!(await renameFile(requests, taken)).ok) {
      return [];
    }
    const read = await readOwn(taken, LONGEST_REQUEST);
    await removeFile(taken);
    return read.state === 'ok' ? controlRequestIn(read.value.trim(), own) : [];
  };
  return {
    rest: async ms => {
      // A request that came during a round is answered at once.
      if (heard.length === 0) {
        await host.sleep(ms, wake.signal).catch(() => undefined);
      }
      const controlRequests = heard;
      heard = [];
      wake = new AbortController();
      return controlRequests.includes('look') ? [...controlRequests, ...(await readWritten())] : controlRequests;
    },
    isRequested: () => heard.length > 0,
    close: () => {
      for (const [signal, listener] of Object.entries(listeners)) {
        process.off(signal, listener);
      }
    },
  };
};
