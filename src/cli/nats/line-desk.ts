// Takes what machines have published and hands each its own lines, once everything has come that was there before.
import {monotonicNow} from '../../core/os/clock.ts';
import {publishedNameTrouble} from '../remote/nats-address.ts';
import type {Way} from '../remote/way.ts';
import {createMachineLines, type LinesParts, type MachineLines} from './machine-lines.ts';
import {readHead} from './published-line.ts';

const MOST_MACHINES = 5_000;

export interface LineDesk {
  /** The server's clock, and how many lines are there already: as many have to come before anything is handed on. */
  begin(serverNow: number, there: number): void;
  /** `at` by the server's clock. */
  take(name: string, data: Uint8Array, at: number): void;
  /** What has come is handed on, whether it is all or not. */
  finishLoading(): void;
  /** The connection is gone; it is back. */
  lose(): void;
  regain(): void;
  /** Everything that was there has come. */
  readonly loaded: Promise<void>;
  ways(): readonly Way[];
}

export interface DeskParts extends Pick<LinesParts, 'address' | 'showsSilent'> {
  /** Another machine is there than were at first. */
  readonly changed: () => void;
}

/** One thing at a time, in order; the event loop gets its turn in between. */
const createTurns = (): ((call: () => void) => void) => {
  const queue: (() => void)[] = [];
  const next = (): void => {
    queue[0]?.();
    queue.shift();
    if (queue.length > 0) {
      setImmediate(next);
    }
  };
  return call => {
    queue.push(call);
    if (queue.length === 1) {
      setImmediate(next);
    }
  };
};

export const createLineDesk = ({address, showsSilent, changed}: DeskParts): LineDesk => {
  const machines = new Map<string, MachineLines>();
  const inTurn = createTurns();
  let clock = {server: 0, own: 0};
  let isConnected = true;
  let isLoaded = false;
  let missing = 0;
  let tellLoaded = (): void => {};
  const loaded = new Promise<void>(resolve => {
    tellLoaded = resolve;
  });
  const wakeAll = (): void => {
    for (const machine of machines.values()) {
      machine.wake();
    }
  };
  const finishLoading = (): void => {
    isLoaded = true;
    tellLoaded();
    wakeAll();
  };
  const add = (name: string): MachineLines => {
    const machine = createMachineLines({
      name,
      address,
      showsSilent,
      inTurn,
      isOpen: () => isConnected && isLoaded,
      ageOf: at => clock.server + (monotonicNow() - clock.own) - at,
    });
    machines.set(name, machine);
    if (isLoaded) {
      changed();
    }
    return machine;
  };
  const isWelcome = (name: string): boolean => machines.size < MOST_MACHINES && publishedNameTrouble(name) === null;

  return {
    loaded,
    finishLoading,
    ways: () => [...machines.values()].map(({way}) => way),
    begin: (serverNow, there) => {
      clock = {server: serverNow, own: monotonicNow()};
      missing = there;
      if (missing === 0) {
        finishLoading();
      }
    },
    take: (name, data, at) => {
      const line = readHead(data);
      const machine = machines.get(name) ?? (line !== null && isWelcome(name) ? add(name) : null);
      if (line !== null) {
        machine?.take(line, at);
      }
      missing -= 1;
      if (missing <= 0 && !isLoaded) {
        finishLoading();
      }
    },
    lose: () => {
      isConnected = false;
      for (const machine of machines.values()) {
        machine.lose(`the connection to ${address} was lost`);
      }
    },
    regain: () => {
      isConnected = true;
      wakeAll();
    },
  };
};
