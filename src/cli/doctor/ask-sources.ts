// What the sources say of their programs when doctor asks, and what is to be done where one could not be seen.
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {LookingSource} from '../../core/look/looking-source.ts';
import type {Host} from '../../core/os/host.ts';
import type {Surroundings} from './checkup.ts';

export const askSources = async (
  sources: readonly LookingSource[],
  host: Host,
  snapshot: Snapshot,
): Promise<Pick<Surroundings, 'checks' | 'cures'>> => ({
  checks: (await Promise.all(sources.map(({checkup}) => checkup?.(host, snapshot) ?? []))).flat(),
  cures: new Map(sources.flatMap(({cures}) => [...(cures ?? [])])),
});
