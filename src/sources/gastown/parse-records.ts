// The small runtime files of a town, text → record. None of them is trusted to be well-formed. Pure.
import {createHash} from 'node:crypto';
import {
  isPid,
  isRecord,
  type JsonRecord,
  numberField,
  parseRecord,
  recordField,
  textField,
  timeField,
} from '../../core/domain/json-fields.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {
  DeaconHeartbeat,
  DogRecord,
  Estop,
  LockRecord,
  RestartRecord,
  RigOperation,
  TownDaemon,
  TownHeartbeat,
} from '../../core/domain/town.ts';

type Read<T> = Known<T>;

const fromRecord = <T>(text: string, make: (record: JsonRecord) => T): Read<T> => {
  const record = parseRecord(text);
  return record === null ? unknown('not a JSON object') : known(make(record));
};

/** `agent.lock`: `{pid, acquired_at, session_id?, hostname?}`. Without a pid it is no lock. */
export const parseLockRecord = (text: string): Read<LockRecord> => {
  const record = parseRecord(text);
  if (record === null) {
    return unknown(text.trim() === '' ? 'the file is empty' : 'not a JSON object');
  }
  const pid = numberField(record, 'pid');
  return isPid(pid)
    ? known({
        pid,
        acquiredAt: timeField(record, 'acquired_at'),
        sessionId: textField(record, 'session_id'),
        hostname: textField(record, 'hostname'),
      })
    : unknown('no process id in it');
};

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `.runtime/heartbeats/<session>.json`; older ones hold nothing but their modification time. */
export const parseHeartbeat = (text: string, session: string, modifiedAt: number): TownHeartbeat => {
  const record = parseRecord(text) ?? {};
  return {
    session,
    at: timeField(record, 'timestamp') ?? modifiedAt,
    state: textField(record, 'state'),
    bead: textField(record, 'bead'),
  };
};

export const parseDeaconHeartbeat = (text: string, modifiedAt: number): Read<DeaconHeartbeat> =>
  fromRecord(text, record => ({
    at: timeField(record, 'timestamp') ?? modifiedAt,
    cycle: numberField(record, 'cycle'),
    lastAction: textField(record, 'last_action'),
  }));

export const parsePaused = (text: string): Read<{reason: string | null; by: string | null; at: number | null} | null> =>
  fromRecord(text, record =>
    record.paused === false
      ? null
      : {reason: textField(record, 'reason'), by: textField(record, 'paused_by'), at: timeField(record, 'paused_at')},
  );

export const parseDog = (text: string, name: string): Read<DogRecord> =>
  fromRecord(text, record => ({name, state: textField(record, 'state'), work: textField(record, 'work')}));

/** `.beads-wisp/config/<rig>.json`: `{rig, values: {status?, auto_restart?}, blocked: [keys]}`. */
export const parseOperation = (text: string): Read<RigOperation> =>
  fromRecord(text, record => {
    const values = recordField(record, 'values') ?? {};
    const autoRestart = values.auto_restart;
    const blocked = record.blocked;
    return {
      status: textField(values, 'status'),
      autoRestart: typeof autoRestart === 'boolean' ? autoRestart : null,
      blocked: Array.isArray(blocked) ? blocked.filter(key => typeof key === 'string') : [],
    };
  });

/** One line `trigger<TAB>RFC 3339<TAB>reason`; an empty file is a manual freeze at the file's time. */
export const parseEstop = (text: string, path: string, modifiedAt: number): Estop => {
  const [trigger = '', at = '', ...reason] = text.split('\n', 1)[0]?.split('\t') ?? [];
  const ms = Date.parse(at);
  return {path, trigger: trigger === '' ? 'manual' : trigger, at: Number.isNaN(ms) ? modifiedAt : ms, reason: reason.join(' ').trim()};
};

/** `PID`, `PID\nNONCE` or `PID|START`: the pid on the first line, or null. What follows proves nothing about pid reuse. */
export const parsePid = (text: string): number | null => {
  const digits = /^\s*(\d+)\s*(?:[|\n]|$)/.exec(text)?.[1];
  const pid = digits === undefined ? null : Number(digits);
  return isPid(pid) ? pid : null;
};

export const parseDaemonState = (text: string): TownDaemon['state'] =>
  fromRecord(text, record => {
    const pid = numberField(record, 'pid');
    return {
      running: record.running === true,
      pid: isPid(pid) ? pid : null,
      startedAt: timeField(record, 'started_at'),
      lastHeartbeat: timeField(record, 'last_heartbeat'),
    };
  });

/** `restart_state.json`: `{agents: {<id>: {last_restart, restart_count, backoff_until, crash_loop_since?}}}`. */
export const parseRestarts = (text: string): Read<readonly RestartRecord[]> =>
  fromRecord(text, record =>
    Object.entries(recordField(record, 'agents') ?? {}).flatMap(([agent, value]) =>
      isRecord(value)
        ? [
            {
              agent,
              count: numberField(value, 'restart_count') ?? 0,
              lastRestart: timeField(value, 'last_restart'),
              backoffUntil: timeField(value, 'backoff_until'),
              crashLoopSince: timeField(value, 'crash_loop_since'),
            },
          ]
        : [],
    ),
  );

/** `daemon/dolt-state.json`: pid of the town's database server while it says that it runs. */
export const parseDoltPid = (text: string): number | null => {
  const record = parseRecord(text);
  const pid = record === null || record.running === false ? null : numberField(record, 'pid');
  return isPid(pid) ? pid : null;
};
