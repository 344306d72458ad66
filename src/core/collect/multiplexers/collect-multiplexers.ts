// The multiplexers beside tmux, as far as they are installed. Reads only.

import type {SourceName, SourceStatus} from '../../domain/known.ts';
import type {MultiplexerKind, Server} from '../../domain/multiplexer.ts';
import type {Host} from '../../os/host.ts';
import {collectHerdr} from './herdr.ts';
import type {Listing} from './listing.ts';
import {collectZellij} from './zellij.ts';

export interface MultiplexerLook {
  readonly servers: readonly Server[];
  readonly sources: readonly SourceStatus[];
}

/** A program that is not installed is looked for again after this long; trying to start it costs as much as running it. */
const INSTALL_CHECK_MS = 60_000;

interface Watched {
  readonly kind: Exclude<MultiplexerKind, 'tmux'> & SourceName;
  readonly collect: (host: Host, timeoutMs: number) => Promise<Listing>;
}

const WATCHED: readonly Watched[] = [
  {kind: 'zellij', collect: collectZellij},
  {kind: 'herdr', collect: collectHerdr},
];

/** Records are plain data: equal text means equal facts. */
const same = (a: Server | undefined, b: Server): a is Server => a !== undefined && JSON.stringify(a) === JSON.stringify(b);

export const createMultiplexerCollector = (host: Host) => {
  const missingSince = new Map<string, number>();
  const before = new Map<string, Server>();

  const look = async ({kind, collect}: Watched, timeoutMs: number): Promise<{server: Server; source: SourceStatus} | null> => {
    const started = host.monotonicMs();
    if (started - (missingSince.get(kind) ?? Number.NEGATIVE_INFINITY) < INSTALL_CHECK_MS) {
      return null;
    }
    const {installed, server: seen} = await collect(host, timeoutMs);
    if (!installed) {
      missingSince.set(kind, started);
      return null;
    }
    const old = before.get(kind);
    const server = same(old, seen) ? old : seen;
    before.set(kind, server);
    const tookMs = host.monotonicMs() - started;
    return {server, source: {source: kind, target: server.name, state: server.state, detail: server.because, tookMs}};
  };

  return {
    collect: async (timeoutMs: number): Promise<MultiplexerLook> => {
      const seen = (await Promise.all(WATCHED.map(one => look(one, timeoutMs)))).filter(one => one !== null);
      return {servers: seen.map(({server}) => server), sources: seen.map(({source}) => source)};
    },
  };
};
