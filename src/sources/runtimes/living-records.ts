// What the records of agent programs are worth: each held against the process table by pid, start time and namespace. Pure.
import {hasEnded, type Process} from '../../core/domain/process.ts';
import type {LivingByPid, LivingRecord, RuntimeRecord} from '../../core/domain/runtime-record.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Vouching} from '../../core/judge/owners/owning-source.ts';
import type {Voucher} from '../../core/judge/owners/vouching.ts';
import {conversationsAtWork} from '../../core/look/index/origin.ts';
import {namesOf, scriptOf} from '../../core/look/index/program-of.ts';

/**
 * `living`: that very process runs. `left`: it runs no more. `elsewhere`: another container or machine wrote it, whose pids are not
 * these. Only `left` is a proof of absence, and only `living` vouches for anything.
 */
export interface RecordVerdict {
  readonly state: 'living' | 'left' | 'elsewhere' | 'unknown';
  readonly because: string;
}

const verdict = (state: RecordVerdict['state'], because: string): RecordVerdict => ({state, because});

/** Whether a process may be the program’s: by its name, or by the path that it or its script lies in. */
export const mayBe = (process: Process, program: string): boolean =>
  [...namesOf(process), process.argv[0] ?? '', scriptOf(process.argv)?.path ?? ''].some(word => word.includes(program));

const isElsewhere = ({domain}: RuntimeRecord, {self}: Snapshot): boolean =>
  (domain.namespace !== null && self.pidNamespace !== undefined && domain.namespace !== self.pidNamespace) ||
  (domain.machine !== null && self.machineId !== undefined && domain.machine !== self.machineId);

/** Judge one record by one look. */
export const judgeRecord = (record: RuntimeRecord, snapshot: Snapshot): RecordVerdict => {
  const {pid, startTime, domain, program} = record;
  if (isElsewhere(record, snapshot)) {
    return verdict('elsewhere', 'it was written in another container or on another machine, whose processes are not seen here');
  }
  if (domain.bootId !== null && snapshot.bootId !== null && domain.bootId !== snapshot.bootId) {
    return verdict('left', 'it is from before this machine was started');
  }
  const process = snapshot.processes.get(pid);
  if (process === undefined) {
    return snapshot.processesComplete
      ? verdict('left', `process ${pid} runs no more`)
      : verdict('unknown', 'the process table is incomplete');
  }
  if (hasEnded(process)) {
    return verdict('left', `process ${pid} has ended`);
  }
  // Elsewhere than on Linux start times are told in seconds, and not in what the record says.
  if (startTime !== null && snapshot.platform === 'linux' && startTime !== process.startTime) {
    return verdict('left', `its process has ended: ${pid} is another one now`);
  }
  if (process.uid !== snapshot.self.uid || !mayBe(process, program)) {
    return verdict('unknown', `process ${pid} does not look like ${program}`);
  }
  return verdict('living', `${program} ${pid} runs`);
};

/** Living records by pid. Where several name one process, the one that says its state comes first. */
export const livingRecords = (snapshot: Snapshot): LivingByPid => {
  const living = new Map<number, LivingRecord[]>();
  for (const store of snapshot.runtimeStores) {
    for (const record of store.records.known ? store.records.value : []) {
      const process = snapshot.processes.get(record.pid);
      if (process !== undefined && judgeRecord(record, snapshot).state === 'living') {
        living.set(record.pid, [...(living.get(record.pid) ?? []), {record, process}]);
      }
    }
  }
  for (const records of living.values()) {
    records.sort((a, b) => Number(b.record.state !== null) - Number(a.record.state !== null));
  }
  return living;
};

/**
 * A session that runs without a terminal is in use by its own word; one that a person started at a terminal says only that it runs. A
 * daemon is in use while a session of its program is there, or an agent of it was recognised. A conversation that is merely open in a
 * daemon, with no screen and nothing running, is nobody’s work.
 */
export const keptByRecords = ({snapshot, runtimes, records}: Vouching): readonly Voucher[] => {
  const atWork = conversationsAtWork(snapshot);
  const works = ({locked, background, conversation}: RuntimeRecord): boolean =>
    locked ? conversation !== null && atWork.has(conversation) : background;
  const all = [...records.values()].flat();
  const programs = new Set([
    ...[...runtimes.values()].map(({runtime}) => runtime),
    ...all.flatMap(({record}) => (record.role === 'session' && works(record) ? [record.program] : [])),
  ]);
  return [...records].flatMap(([pid, living]) => {
    const found = living.find(({record}) => (record.role === 'session' ? works(record) : programs.has(record.program)))?.record;
    return found === undefined
      ? []
      : [{pid, because: `${found.program} records it as a ${found.role} of its own (${found.file})`, vouches: () => true}];
  });
};
