// The ways to machines that publish to NATS servers. The client is loaded only where such a server was named.
import {isNatsAddress, type NatsAddress, parseNatsAddress} from './nats-address.ts';
import type {NatsFlags} from './nats-flags.ts';
import type {Way} from './way.ts';
import type {Ways} from './ways.ts';

/** A server that could not be read at first is tried again. Later on the connection sees to itself. */
const AGAIN_MS = 5_000;

/** What has been found at one server. */
interface Reading {
  ways(): readonly Way[];
  close(): Promise<void>;
}

const addressesAmong = (words: readonly string[]): readonly NatsAddress[] =>
  words
    .filter(isNatsAddress)
    .map(parseNatsAddress)
    .filter(address => 'servers' in address);

const open = async (address: NatsAddress, flags: NatsFlags, showsSilent: boolean, changed: () => void): Promise<Reading | string> => {
  const {openNatsFleet} = await import('../nats/nats-fleet.ts');
  return openNatsFleet({address, ...flags, showsSilent, changed}).catch((error: Error) => `${address.text}: ${error.message}`);
};

const waysOf = (readings: readonly (Reading | string | null)[]): Ways => ({
  ways: readings.flatMap(each => (each === null || typeof each === 'string' ? [] : each.ways())),
  troubles: readings.filter(each => typeof each === 'string').map(trouble => `no machines from ${trouble}`),
});

/** Everything that is published now, for a report: a machine that has long been silent is its reason alone. */
export const findNatsWays = async (words: readonly string[], flags: NatsFlags): Promise<Ways & {readonly close: () => Promise<void>}> => {
  const readings = await Promise.all(addressesAmong(words).map(address => open(address, flags, false, () => {})));
  return {
    ...waysOf(readings),
    close: async () => {
      await Promise.all(readings.map(each => (typeof each === 'string' ? undefined : each.close())));
    },
  };
};

/** Tells what is published, and again when another machine has come. The answer ends it. */
export const followNatsWays = (words: readonly string[], flags: NatsFlags, told: (ways: Ways) => void): (() => void) => {
  const addresses = addressesAmong(words);
  const readings: (Reading | string | null)[] = addresses.map(() => null);
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;
  const tell = (): void => {
    if (!ended) {
      told(waysOf(readings));
    }
  };
  const begin = async (address: NatsAddress, at: number): Promise<void> => {
    const reading = await open(address, flags, true, tell);
    readings[at] = reading;
    if (ended && typeof reading !== 'string') {
      await reading.close();
    }
    tell();
    if (!ended && typeof reading === 'string') {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void begin(address, at);
      }, AGAIN_MS);
      timers.add(timer);
    }
  };
  addresses.forEach((address, at) => void begin(address, at));
  return () => {
    ended = true;
    for (const timer of timers) {
      clearTimeout(timer);
    }
    for (const reading of readings) {
      if (reading !== null && typeof reading !== 'string') {
        void reading.close();
      }
    }
  };
};
