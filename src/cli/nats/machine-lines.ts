// The lines of one machine that publishes, on their way to whoever reads them: in helpings, no faster than they are dealt with.
import {monotonicNow} from '../../core/os/clock.ts';
import type {LineOptions} from '../../core/os/line-program.ts';
import {exactAge} from '../../words/ages.ts';
import {SILENT_MS} from '../remote/heartbeat.ts';
import type {Way} from '../remote/way.ts';
import {createLineChain} from './line-chain.ts';
import {type PublishedLine, unpackLine} from './published-line.ts';

/** Between two helpings: what came meanwhile is judged as one. */
const REST_MS = 500;

type Reader = Pick<LineOptions, 'maxLineBytes' | 'onLines' | 'onEnd'>;

export interface LinesParts {
  readonly name: string;
  /** Of the server, as it was given. */
  readonly address: string;
  /** Whether a machine that has long been silent is shown as it was last, beside the reason; else the reason alone. */
  readonly showsSilent: boolean;
  /** Whether anything is handed on now. */
  readonly isOpen: () => boolean;
  /** Age of a line by the server's clock. */
  readonly ageOf: (at: number) => number;
  /** Calls it when it is its turn. */
  readonly inTurn: (call: () => void) => void;
}

export interface MachineLines {
  readonly way: Way;
  take(line: PublishedLine, at: number): void;
  /** It may be handed on now. */
  wake(): void;
  /** The reader is told why nothing comes. */
  lose(because: string): void;
}

const ONE_WAY: Pick<Way, 'describeEnd' | 'spot'> = {
  describeEnd: ({stderr}) => ({because: stderr, hint: 'tried again by itself', again: true}),
  spot: () => ({because: 'it only publishes: there is no way in'}),
};

export const createMachineLines = ({name, address, showsSilent, isOpen, ageOf, inTurn}: LinesParts): MachineLines => {
  const chain = createLineChain();
  let newestAt = 0;
  let reader: Reader | null = null;
  /** It was shown as silent at this line, and is not shown again before another one comes. */
  let silentAt: number | null = null;
  let restUntil = 0;
  let isQueued = false;
  const lose = (because: string): void => reader?.onEnd({exitCode: null, signal: null, trouble: null, stderr: because});

  /** Answers how long the reader wants a rest. */
  const handOver = (to: Reader): number => {
    const lines = chain.rest().map(line => unpackLine(line, to.maxLineBytes));
    const broken = lines.indexOf(null);
    const whole = (broken < 0 ? lines : lines.slice(0, broken)).filter(line => line !== null);
    const restMs = whole.length === 0 ? 0 : to.onLines(whole);
    if (broken >= 0) {
      chain.drop();
      lose('it published what cannot be unpacked');
    }
    return restMs;
  };
  const deliver = (): void => {
    isQueued = false;
    const to = reader;
    if (to === null || chain.isEmpty()) {
      return;
    }
    const ageMs = ageOf(newestAt);
    const isSilent = ageMs > SILENT_MS;
    const restMs = showsSilent || !isSilent ? handOver(to) : 0;
    if (isSilent && reader === to) {
      silentAt = newestAt;
      lose(`it has published nothing for ${exactAge(ageMs)}`);
    }
    restUntil = monotonicNow() + Math.max(REST_MS, restMs);
  };
  const wake = (): void => {
    if (reader === null || isQueued || !isOpen() || silentAt === newestAt) {
      return;
    }
    isQueued = true;
    const wait = restUntil - monotonicNow();
    if (wait > 0) {
      setTimeout(inTurn, wait, deliver);
    } else {
      inTurn(deliver);
    }
  };
  const connect = (to: Reader) => {
    const end = (): void => {
      reader = reader === to ? null : reader;
    };
    reader = to;
    chain.rewind();
    wake();
    return {end};
  };

  return {
    way: {
      name,
      // Nobody has to wait for another: nothing is connected to.
      through: `${address} ${name}`,
      ageMs: () => Math.max(0, ageOf(newestAt)),
      isWaiting: () => isQueued,
      forget: chain.drop,
      connect,
      ...ONE_WAY,
    },
    take: (line, at) => {
      if (chain.take(line)) {
        newestAt = at;
        wake();
      }
    },
    wake,
    lose,
  };
};
