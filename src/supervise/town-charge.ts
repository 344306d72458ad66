// What a Gas Town's own daemon is in charge of, and when everything there has to rest. Pure.
import type {Snapshot} from '../core/domain/snapshot.ts';

/** Why an unattended loop keeps its hands off an agent of this town; null when it need not. */
export const townInCharge = (snapshot: Snapshot, townName: string | null): string | null => {
  const town = townName === null ? undefined : snapshot.towns.find(candidate => candidate.name === townName);
  if (town === undefined) {
    return null;
  }
  const holder = town.records.daemon.lockHolder;
  if (!holder.known) {
    return `whether the daemon of ${town.name} runs is unknown: ${holder.because}`;
  }
  return holder.value === null ? null : `the daemon ${holder.value} of ${town.name} is in charge of it`;
};
