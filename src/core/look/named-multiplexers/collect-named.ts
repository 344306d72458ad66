// The multiplexers beside tmux, as far as they are installed. Reads only.

import {collectHerdr} from '../../../sources/herdr/read/herdr-sessions.ts';
import {collectZellij} from '../../../sources/zellij/read/zellij-sessions.ts';
import type {SourceName, SourceStatus} from '../../domain/known.ts';
import type {Server} from '../../domain/multiplexer.ts';
import type {NamedKind} from '../../domain/session-server.ts';
import type {Host, ProcessTable} from '../../os/host.ts';
import {placeSessions} from './place-sessions.ts';
import type {Listing} from './session-listing.ts';

export interface MultiplexerLook {
  readonly servers: readonly Server[];
  readonly sources: readonly SourceStatus[];
}

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

interface Watched {
  readonly kind: NamedKind & SourceName;
  readonly collect: (host: Host, timeoutMs: number) => Promise<Listing>;
}

const COLLECT: Readonly<Record<NamedKind, Watched['collect']>> = {zellij: collectZellij, herdr: collectHerdr};

const WATCHED: readonly Watched[] = [
  {kind: 'zellij', collect: COLLECT.zellij},
  {kind: 'herdr', collect: COLLECT.herdr},
];

/** One fresh look at one multiplexer against one process table: what an action re-reads just before it acts. */
export const lookAtNamed = async (host: Host, kind: NamedKind, table: ProcessTable, timeoutMs: number): Promise<Server> =>
  placeSessions(kind, await COLLECT[kind](host, timeoutMs), table, host.uid);

/** Records are plain data: equal text means equal facts. */
const same = (a: Server | undefined, b: Server): a is Server => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

export const createMultiplexerCollector = (host: Host) => {
  const missingSince = new Map<string, number>();
  const before = new Map<string, Server>();
  const rests = new Map<string, Rest>();

  /** A fresh listing, or what was said last while it rests. */
  const ask = async ({kind, collect}: Watched, timeoutMs: number, started: number): Promise<Listing> => {
    const rest = rests.get(kind);
    if (rest !== undefined && started < rest.until) {
      return rest.listing;
    }
    const listing = await collect(host, timeoutMs);
    const now = host.monotonicMs();
    if (listing.server.state === 'unknown' && listing.installed && now - started >= timeoutMs) {
      const forMs = rest === undefined ? FIRST_REST_MS : Math.min(rest.forMs * 2, LONGEST_REST_MS);
      rests.set(kind, {forMs, until: now + forMs, listing});
    } else {
      rests.delete(kind);
    }
    return listing;
  };

  const look = async (
    watched: Watched,
    timeoutMs: number,
    table: Promise<ProcessTable | null>,
  ): Promise<{server: Server; source: SourceStatus} | null> => {
    const {kind} = watched;
    const started = host.monotonicMs();
    if (started - (missingSince.get(kind) ?? Number.NEGATIVE_INFINITY) < INSTALL_CHECK_MS) {
      return null;
    }
    const listing = await ask(watched, timeoutMs, started);
    const tookMs = host.monotonicMs() - started;
    if (!listing.installed) {
      missingSince.set(kind, started);
      return null;
    }
    const seen = placeSessions(kind, listing, await table, host.uid);
    const old = before.get(kind);
    const server = same(old, seen) ? old : seen;
    before.set(kind, server);
    return {server, source: {source: kind, target: server.name, state: server.state, detail: server.because, tookMs}};
  };

  return {
    collect: async (timeoutMs: number, table: Promise<ProcessTable | null>): Promise<MultiplexerLook> => {
      const seen = (await Promise.all(WATCHED.map(one => look(one, timeoutMs, table)))).filter(one => one !== null);
      return {servers: seen.map(({server}) => server), sources: seen.map(({source}) => source)};
    },
  };
};
