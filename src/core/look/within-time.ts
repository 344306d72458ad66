// One source's answer within its time, or the reason why there is none: what is late or broken never reaches the others.

import type {SourceName, SourceStatus} from '../domain/known.ts';
import type {Host} from '../os/host.ts';
import {withinDeadline} from '../os/within-deadline.ts';

export type Guarded<T> = T & {readonly trouble: readonly SourceStatus[]};

/** What `read` answers within `limitMs`; otherwise `nothing`, with the trouble. */
export type Guard = <T extends object>(source: SourceName, limitMs: number, nothing: T, read: () => Promise<T>) => Promise<Guarded<T>>;

/** The reason in an error that nobody expected. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * A guard with memory: a source that still hangs in an earlier look is not started beside itself, and what it answers in the end is
 * dropped, since it shows a world that has passed.
 */
export const createGuard = (host: Host): Guard => {
  const busy = new Set<SourceName>();
  return async (source, limitMs, nothing, read) => {
    const started = host.monotonicMs();
    const failed = (detail: string) => ({
      ...nothing,
      trouble: [{source, target: 'all', state: 'unknown', detail, tookMs: host.monotonicMs() - started}] as const,
    });
    if (busy.has(source)) {
      return failed('it still hangs in an earlier look');
    }
    busy.add(source);
    try {
      const answer = await withinDeadline(
        read().finally(() => busy.delete(source)),
        limitMs,
      );
      return answer.inTime ? {...answer.value, trouble: []} : failed(`it did not answer within ${Math.round(limitMs)} ms`);
    } catch (error) {
      return failed(`it broke: ${reasonOf(error)}`);
    }
  };
};
