// Looks again and again for a reader elsewhere: a line when something changed, less often while nothing does, until nobody reads.

import type {SourceStatus} from '../../core/domain/known.ts';
import {intervalAfter} from '../../core/domain/pace.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Collector} from '../../core/look/collector.ts';
import type {Host} from '../../core/os/host.ts';
import type {Observer} from '../documents/snapshot-document.ts';
import type {Io} from '../io.ts';
import {HEARTBEAT_MS} from './heartbeat.ts';
import {createReporter} from './report-changes.ts';

export interface FollowParts {
  readonly host: Host;
  readonly collector: Collector;
  /** The look with what the screens of its agents say. */
  readonly withScreens: (look: Snapshot) => Promise<Snapshot>;
  readonly observer: Observer;
  readonly sources: readonly SourceStatus[];
  readonly intervalMs: number;
}

/** Resolves once stdout is closed: the connection is gone, or whoever read it. */
export const followLooks = async (
  {host, collector, withScreens, observer, sources, intervalMs}: FollowParts,
  io: Pick<Io, 'out' | 'closed'>,
): Promise<void> => {
  const report = createReporter(observer);
  let calm = 0;
  while (!io.closed.aborted) {
    const look = await withScreens(await collector.look());
    const line = report({...look, sources: [...look.sources, ...sources]});
    calm = line === null ? calm + 1 : 0;
    if (line !== null) {
      io.out(line);
    }
    await host.sleep(Math.min(intervalAfter(calm, intervalMs), HEARTBEAT_MS), io.closed).catch(() => undefined);
  }
};
