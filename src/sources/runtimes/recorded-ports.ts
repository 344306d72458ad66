// Servers whose port another program has recorded as theirs: what mise and portless start is somebody's, whoever its parent is. Pure.
import {ancestorsOf} from '../../core/domain/forest.ts';
import {isInside} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import type {PortRecord} from '../../core/domain/runtime-record.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {RecordedPort} from '../../core/judge/owners/vouching.ts';
import {mayBe} from './living-records.ts';

/**
 * Neither kind of record tells a start time, and each outlives its server: the holder has to be below the process of the record, or to
 * work in its directory, besides.
 */
const isMeant = (snapshot: Snapshot, program: string, {pid, directory}: PortRecord, holder: Process): boolean => {
  if (pid !== null) {
    const starter = snapshot.processes.get(pid);
    return (
      starter !== undefined && mayBe(starter, program) && (holder.pid === pid || ancestorsOf(snapshot.processes, holder.pid).includes(pid))
    );
  }
  return directory !== null && holder.cwd.known && !holder.cwdDeleted && isInside(holder.cwd.value, directory);
};

/** Holders of ports that a record means, by pid. */
export const recordedPorts = (snapshot: Snapshot): ReadonlyMap<number, RecordedPort> => {
  const found = new Map<number, RecordedPort>();
  for (const {program, ports = []} of snapshot.runtimeStores) {
    for (const record of ports) {
      const owners = snapshot.listeners.flatMap(({port, owners: each}) => (port === record.port && each.known ? each.value : []));
      for (const pid of owners) {
        const holder = snapshot.processes.get(pid);
        if (holder?.uid === snapshot.self.uid && holder.state !== 'Z' && isMeant(snapshot, program, record, holder)) {
          found.set(pid, {because: `${program} records it as ${record.service} on port ${record.port}`, file: record.file});
        }
      }
    }
  }
  return found;
};
