// The ways to all machines that are meant, whoever leads there: those that are connected to, and those that publish.
import {isNatsAddress} from './nats-address.ts';
import type {NatsFlags} from './nats-flags.ts';
import {findNatsWays, followNatsWays} from './nats-ways.ts';
import {findWays, followWays, type Ways, type WaysParts} from './ways.ts';

export interface EveryWayParts extends WaysParts {
  readonly nats: NatsFlags;
}

const NONE: Ways = {ways: [], troubles: []};

/** Addresses of servers are no names; without any name beside them nothing of the configuration is meant. */
const named = (parts: EveryWayParts): WaysParts | null => {
  const asked = parts.asked.filter(word => !isNatsAddress(word));
  return asked.length === 0 && parts.asked.length > 0 ? null : {...parts, asked};
};

/** A machine that can be connected to is not shown a second time because it publishes too. */
const joined = (connected: Ways, published: Ways): Ways => {
  const names = new Set(connected.ways.map(({name}) => name));
  return {
    ways: [...connected.ways, ...published.ways.filter(({name}) => !names.has(name))],
    troubles: [...connected.troubles, ...published.troubles],
  };
};

/** As things are now. What is published comes as long as it is not closed. */
export const findEveryWay = async (parts: EveryWayParts): Promise<Ways & {readonly close: () => Promise<void>}> => {
  const connecting = named(parts);
  const [connected, published] = await Promise.all([
    connecting === null ? NONE : findWays(connecting),
    findNatsWays(parts.asked, parts.nats),
  ]);
  return {...joined(connected, published), close: published.close};
};

/** Tells whom there is at once, and whenever that changes. The answer ends it. */
export const followEveryWay = (parts: EveryWayParts, told: (ways: Ways) => void): (() => void) => {
  const connecting = named(parts);
  let [connected, published] = [NONE, NONE];
  const endConnected =
    connecting === null
      ? () => {}
      : followWays(connecting, ways => {
          connected = ways;
          told(joined(connected, published));
        });
  const endPublished = followNatsWays(parts.asked, parts.nats, ways => {
    published = ways;
    told(joined(connected, published));
  });
  return () => {
    endConnected();
    endPublished();
  };
};
