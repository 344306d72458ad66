// What the records of agent programs are worth: each held against the process table by pid, start time and namespace. Pure.
import {knownValue} from '../../core/domain/known.ts';
import type {Process} from '../../core/domain/process.ts';
import type {RuntimeRecord} from '../../core/domain/runtime-record.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
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
  if (process.state === 'Z' || process.state === 'X') {
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

/** A record whose process lives. */
export interface LivingRecord {
  readonly record: RuntimeRecord;
  readonly process: Process;
}

/** Living records by pid. Where several name one process, the one that says its state comes first. */
export const livingRecords = (snapshot: Snapshot): ReadonlyMap<number, readonly LivingRecord[]> => {
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

export type LivingByPid = ReturnType<typeof livingRecords>;

export interface LivingRecords {
  readonly byPid: LivingByPid;
  /** Whether a record says that its process is in use, whatever pane it came from. */
  vouches(record: RuntimeRecord): boolean;
}

/** Conversations of which something runs: what an agent starts bears their id. */
export const conversationsAtWork = ({processes}: Snapshot): ReadonlySet<string> =>
  new Set(
    [...processes.values()].flatMap(({env, state}) => {
      const words = state === 'Z' ? undefined : knownValue(env);
      return words === undefined ? [] : [words.CODEX_THREAD_ID, words.CLAUDE_CODE_SESSION_ID].filter(id => id !== undefined);
    }),
  );

/**
 * A session that runs without a terminal is in use by its own word; one that a person started at a terminal says only that it runs. A
 * daemon is in use while a session of its program is there: `programs` are those of which an agent was recognised. A conversation that
 * is merely open in a daemon, with no screen and nothing running, is nobody’s work.
 */
export const vouchingRecords = (snapshot: Snapshot, byPid: LivingByPid, programs: ReadonlySet<string>): LivingRecords => {
  const atWork = conversationsAtWork(snapshot);
  const works = ({locked, background, conversation}: RuntimeRecord): boolean =>
    locked ? conversation !== null && atWork.has(conversation) : background;
  const hosted = new Set(
    [...byPid.values()].flat().flatMap(({record}) => (record.role === 'session' && works(record) ? [record.program] : [])),
  );
  return {
    byPid,
    vouches: record =>
      (record.role === 'session' && works(record)) ||
      (record.role !== 'session' && (programs.has(record.program) || hosted.has(record.program))),
  };
};
