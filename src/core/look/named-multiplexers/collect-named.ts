// A multiplexer whose sessions have names only, as far as it is installed. Reads only.

import type {Server} from '../../domain/multiplexer.ts';
import type {Host, ProcessTable} from '../../os/host.ts';
import type {ServerReader} from '../looking-source.ts';
import type {NamedMultiplexer} from './named-multiplexer.ts';
import {placeSessions} from './place-sessions.ts';
import type {Listing} from './session-listing.ts';

/** A program that is not installed is looked for again after this long; trying to start it costs as much as running it. */
const INSTALL_CHECK_MS = 60_000;

/** One that took all its time and told nothing hangs: it is asked again after this long, then after twice as long, up to the longest. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

interface Rest {
  readonly forMs: number;
  readonly until: number;
  readonly listing: Listing;
}

/** One fresh look at one multiplexer against one process table: what an action re-reads just before it acts. */
export const lookAtNamed = async (host: Host, multiplexer: NamedMultiplexer, table: ProcessTable, timeoutMs: number): Promise<Server> =>
  placeSessions(multiplexer, await multiplexer.collect(host, timeoutMs), table, host.uid);

/** Records are plain data: equal text means equal facts. */
const same = (a: Server | undefined, b: Server): a is Server => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** The sessions of one such multiplexer, as far as it is installed. */
export const createNamedReader = (host: Host, multiplexer: NamedMultiplexer): ServerReader => {
  const {kind, collect} = multiplexer;
  let missingSince = Number.NEGATIVE_INFINITY;
  let before: Server | undefined;
  let rest: Rest | null = null;

  /** A fresh listing, or what was said last while it rests. */
  const ask = async (timeoutMs: number, started: number): Promise<Listing> => {
    if (rest !== null && started < rest.until) {
      return rest.listing;
    }
    const listing = await collect(host, timeoutMs);
    const now = host.monotonicMs();
    if (listing.server.state === 'unknown' && listing.installed && now - started >= timeoutMs) {
      const forMs: number = rest === null ? FIRST_REST_MS : Math.min(rest.forMs * 2, LONGEST_REST_MS);
      rest = {forMs, until: now + forMs, listing};
    } else {
      rest = null;
    }
    return listing;
  };

  return {
    collect: async (timeoutMs, table) => {
      const started = host.monotonicMs();
      if (started - missingSince < INSTALL_CHECK_MS) {
        return {servers: [], sources: []};
      }
      const listing = await ask(timeoutMs, started);
      const tookMs = host.monotonicMs() - started;
      if (!listing.installed) {
        missingSince = started;
        return {servers: [], sources: []};
      }
      const seen = placeSessions(multiplexer, listing, await table, host.uid);
      before = same(before, seen) ? before : seen;
      return {servers: [before], sources: [{source: kind, target: before.name, state: before.state, detail: before.because, tookMs}]};
    },
  };
};
