// What Claude Code keeps below `~/.claude`: a file per living session, the roster of its daemon, the daemon’s lock. Parsers, pure.
// Only named fields are taken: beside them lie tokens, keys and prompts, which are nobody’s business here.

import {isPid, isRecord, type JsonRecord, numberField, recordField, textField, timeField} from '../../core/domain/json-fields.ts';
import type {PidDomain, RecordedState, RuntimeJob, RuntimeRecord} from '../../core/domain/runtime-record.ts';

const NO_DOMAIN: PidDomain = {bootId: null, namespace: null, machine: null};
const STATES: readonly RecordedState[] = ['idle', 'busy', 'waiting', 'shell'];

/** Start times are written as text: field 22 of /proc/PID/stat, verbatim. */
const ticksOf = (record: JsonRecord, name: string): number | null => {
  const text = textField(record, name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
};

/** `linux:<machine-id>:pid:[4026531836]`. */
const domainOf = (text: string | null): PidDomain => {
  const [, machine = null, namespace] = /^linux:([^:]*):pid:\[(\d+)\]$/.exec(text ?? '') ?? [];
  return namespace === undefined ? NO_DOMAIN : {...NO_DOMAIN, machine: machine || null, namespace: Number(namespace)};
};

/** `sessions/PID.json`, null where it names no process. */
export const parseClaudeSession = (record: JsonRecord, file: string): RuntimeRecord | null => {
  const pid = numberField(record, 'pid');
  if (!isPid(pid)) {
    return null;
  }
  const entrypoint = textField(record, 'entrypoint');
  return {
    program: 'claude',
    file,
    role: 'session',
    // `claude -p` calls itself interactive as well; only the way in tells.
    background: textField(record, 'kind') === 'bg' || (entrypoint !== null && entrypoint !== 'cli'),
    pid,
    startTime: ticksOf(record, 'procStart'),
    domain: domainOf(textField(record, 'pidDomain')),
    locked: false,
    conversation: textField(record, 'sessionId'),
    directory: textField(record, 'cwd'),
    state: STATES.find(state => state === textField(record, 'status')) ?? null,
    question: textField(record, 'waitingFor'),
    stateSince: numberField(record, 'statusUpdatedAt'),
  };
};

const worker = (entry: JsonRecord, file: string, role: 'session' | 'host', pid: number | null, startTime: number | null) =>
  isPid(pid)
    ? [
        {
          program: 'claude',
          file,
          role,
          background: true,
          pid,
          startTime,
          domain: NO_DOMAIN,
          locked: false,
          conversation: textField(entry, 'sessionId'),
          directory: textField(entry, 'cwd'),
          state: null,
          question: null,
          stateSince: null,
        },
      ]
    : [];

/** `daemon/roster.json`: of each worker the process that holds its terminal, and the session itself once that is known. */
export const parseClaudeRoster = (roster: JsonRecord, file: string): readonly RuntimeRecord[] =>
  Object.values(recordField(roster, 'workers') ?? {})
    .filter(isRecord)
    .flatMap(entry => [
      ...worker(entry, file, 'host', numberField(entry, 'pid'), ticksOf(entry, 'procStart')),
      ...worker(entry, file, 'session', numberField(entry, 'replPid'), ticksOf(entry, 'replProcStart')),
    ]);

/** `daemon.lock`: the daemon that serves all sessions of the user. It outlives the daemon where that was killed. */
export const parseClaudeDaemon = (lock: JsonRecord, file: string): RuntimeRecord | null => {
  const pid = numberField(lock, 'pid');
  return isPid(pid)
    ? {
        program: 'claude',
        file,
        role: 'daemon',
        background: true,
        pid,
        startTime: ticksOf(lock, 'procStart'),
        domain: NO_DOMAIN,
        locked: false,
        conversation: null,
        directory: null,
        state: null,
        question: null,
        stateSince: null,
      }
    : null;
};

/** A job that waits for an answer goes on as well; every other word says that it has ended. */
const AT_WORK = /^(?:working|blocked)$/;

/** `jobs/ID/state.json`: what a background session was asked to do. It names no process, and outlives it. */
export const parseClaudeJob = (job: JsonRecord, file: string, id: string): RuntimeJob | null => {
  const state = textField(job, 'state');
  return state === null
    ? null
    : {
        id,
        file,
        conversations: [textField(job, 'sessionId'), textField(job, 'resumeSessionId')].filter(each => each !== null),
        directory: textField(job, 'cwd'),
        runs: AT_WORK.test(state),
        state,
        updatedAt: timeField(job, 'updatedAt'),
      };
};
