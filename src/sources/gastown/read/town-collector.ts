// Every Gas Town that can be found, read from its files alone, under one deadline. Reads files.

import {type SourceStatus, unknown} from '../../../core/domain/known.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {Town} from '../../../core/domain/town.ts';
import {readKernelLocks} from '../../../core/look/kernel-locks.ts';
import type {Host} from '../../../core/os/host.ts';
import {withinDeadline} from '../../../core/os/within-deadline.ts';
import {countOf} from '../../../words/counts.ts';
import {createFileCache, type FileCache} from './file-cache.ts';
import {findTowns, type Search, type Seen} from './find-towns.ts';
import {blindTown, readTown} from './read-town.ts';
import {createWorkerReader} from './read-workers.ts';

export type {Seen} from './find-towns.ts';

export interface TownLook {
  readonly towns: readonly Town[];
  readonly sources: readonly SourceStatus[];
}

export interface TownCollector {
  /** Look at every town that settings, directories and environments name. `deadlineMs` is a duration; what is late is unknown. */
  collect(seen: Seen, deadlineMs: number): Promise<TownLook>;
  /** How often content was read and paths were inspected since creation. */
  counts(): ReturnType<FileCache['counts']>;
}

/** What keeps a town from being told whole, in the order of its weight. */
const troublesOf = (town: Town): readonly string[] => [
  ...(town.rigs.known ? town.rigs.value.flatMap(rig => rig.blind.map(each => `${each.path}: ${each.because}`)) : [town.rigs.because]),
  ...[town.records.heartbeats, town.records.daemon.pid, town.records.estop].flatMap(fact => (fact.known ? [] : [fact.because])),
  ...town.records.lockTroubles.map(each => `${each.path}: ${each.because}`),
];

const statusOf = (town: Town, tookMs: number): SourceStatus => {
  const [first, ...more] = troublesOf(town);
  if (first !== undefined) {
    const detail = more.length === 0 ? first : `${first} (and ${more.length} more)`;
    return {source: 'town', target: town.path, state: 'unknown', detail, tookMs};
  }
  const rigs = town.rigs.known ? town.rigs.value : [];
  const workers = town.workers.length + rigs.reduce((sum, rig) => sum + rig.workers.length, 0);
  return {source: 'town', target: town.path, state: 'ok', detail: `${countOf(rigs.length, 'rig')}, ${countOf(workers, 'worker')}`, tookMs};
};

/** Towns named by one path each keep their name; of two with the same name the second and later are called by their path. */
const withTellingNames = (towns: readonly Town[]): readonly Town[] =>
  towns.map((town, index) => (towns.slice(0, index).some(other => other.name === town.name) ? {...town, name: town.realPath} : town));

export const createTownCollector = (host: Host, settings: Settings): TownCollector => {
  const cache = createFileCache(host);
  const workers = createWorkerReader(cache, () => host.monotonicMs());
  /** Reads that hang (a dead network mount) are joined by later looks, never started again beside themselves. */
  const inFlight = new Map<string, Promise<unknown>>();
  let lastSearch: Search = {towns: [], misses: []};

  const joined = <T>(key: string, start: () => Promise<T>): Promise<T> => {
    const running = (inFlight.get(key) as Promise<T> | undefined) ?? start().finally(() => inFlight.delete(key));
    inFlight.set(key, running);
    return running;
  };

  const collect = async (seen: Seen, deadlineMs: number): Promise<TownLook> => {
    const startedAt = host.monotonicMs();
    const left = (): number => startedAt + deadlineMs - host.monotonicMs();
    const tookMs = (since: number): number => Math.round(host.monotonicMs() - since);
    const late = (target: string, since: number): SourceStatus => ({
      source: 'town',
      target,
      state: 'unknown',
      detail: `did not answer within ${deadlineMs} ms`,
      tookMs: tookMs(since),
    });
    const search = await withinDeadline(
      joined('search', () => findTowns(host, cache, settings, seen)),
      left(),
    );
    if (!search.inTime) {
      const status = late('search', startedAt);
      return {towns: lastSearch.towns.map(found => blindTown(found, `the search for towns ${status.detail}`)), sources: [status]};
    }
    lastSearch = search.value;
    const table = lastSearch.towns.length === 0 ? unknown('not looked at') : await readKernelLocks(host);
    const looks = await Promise.all(
      lastSearch.towns.map(async found => {
        for (const place of found.provenance === 'found' ? [found.realPath, ...found.paths] : []) {
          cache.confine(place);
        }
        const since = host.monotonicMs();
        const town = await withinDeadline(
          joined(found.realPath, () => readTown(cache, workers, found, table)),
          left(),
        );
        if (town.inTime) {
          return {town: town.value, status: statusOf(town.value, tookMs(since))};
        }
        const status = late(found.paths[0] ?? found.realPath, since);
        return {town: blindTown(found, `the town ${status.detail}`), status};
      }),
    );
    cache.endLook();
    return {
      towns: withTellingNames(looks.map(({town}) => town)),
      sources: [
        ...looks.map(({status}) => status),
        ...lastSearch.misses.map(
          ({path, state, because}): SourceStatus => ({source: 'town', target: path, state, detail: because, tookMs: 0}),
        ),
      ],
    };
  };

  return {collect, counts: cache.counts};
};
