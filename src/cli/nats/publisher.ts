// Publishes the looks of this machine: the first whole, then what changed, and a whole one now and then. It listens to nothing.
import {randomBytes} from 'node:crypto';
import {intervalAfter} from '../../core/domain/pace.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Observer} from '../documents/snapshot-document.ts';
import {HEARTBEAT_MS} from '../remote/heartbeat.ts';
import {createReporter} from '../remote/report-changes.ts';
import {MOST_CHANGES} from './bucket.ts';
import {encodeLine, type LineHead} from './published-line.ts';

/** What came of one line. `forbidden`: trying again changes nothing. */
export type Sent = {readonly ok: true} | {readonly ok: false; readonly forbidden: boolean; readonly because: string};

export interface PublisherParts {
  readonly look: () => Promise<Snapshot>;
  readonly observer: Observer;
  /** Waits until the server has it. */
  readonly send: (data: Uint8Array) => Promise<Sent>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly intervalMs: number;
  /** How long to wait behind a line that did not arrive. */
  readonly backOff: {next(): number; reset(): void};
  /** Why a line did not arrive; null when one has. */
  readonly tell: (because: string | null) => void;
}

const newChain = (observer: Observer) => ({mark: randomBytes(4).toString('hex'), number: 0, report: createReporter(observer)});

/** Goes on for ever; resolves with the reason where the server forbids it. One line at a time: what could not be sent is made up for by a whole look. */
export const publishLooks = async ({look, observer, send, sleep, intervalMs, backOff, tell}: PublisherParts): Promise<string> => {
  let chain = newChain(observer);
  let calm = 0;
  for (;;) {
    if (chain.number > MOST_CHANGES) {
      chain = newChain(observer);
    }
    const line = chain.report(await look());
    calm = line === null ? calm + 1 : 0;
    const head: LineHead = chain;
    const sent: Sent | null = line === null ? null : await send(encodeLine(head, line));
    if (sent?.ok === false) {
      if (sent.forbidden) {
        return sent.because;
      }
      tell(sent.because);
      chain = newChain(observer);
      await sleep(backOff.next());
      continue;
    }
    if (sent !== null) {
      chain = {...chain, number: chain.number + 1};
      backOff.reset();
      tell(null);
    }
    await sleep(Math.min(intervalAfter(calm, intervalMs), HEARTBEAT_MS));
  }
};
