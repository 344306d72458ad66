// What Codex, Qwen Code and Copilot write down of their processes. Parsers, pure; named fields only.

import {isPid, type JsonRecord, numberField, recordField, textField} from '../../core/domain/json-fields.ts';
import type {PidDomain, RuntimeRecord} from '../../core/domain/runtime-record.ts';

const NO_DOMAIN: PidDomain = {bootId: null, namespace: null, machine: null};

const BARE = {
  background: true,
  startTime: null,
  domain: NO_DOMAIN,
  locked: false,
  conversation: null,
  directory: null,
  state: null,
  question: null,
  stateSince: null,
} as const;

/** `app-server-daemon/daemon.pid` and `daemon-updater.pid` of Codex. */
export const parseCodexDaemon = (record: JsonRecord, file: string): RuntimeRecord | null => {
  const pid = numberField(record, 'pid');
  const identity = recordField(record, 'processIdentity') ?? {};
  return isPid(pid)
    ? {
        ...BARE,
        program: 'codex',
        file,
        role: 'daemon',
        pid,
        startTime: numberField(identity, 'startTicks'),
        domain: {...NO_DOMAIN, bootId: textField(identity, 'bootId')},
      }
    : null;
};

/** A lock that a process holds on a file of its own: `thread-writer-locks/ID.lock` of Codex, `session-state/ID/inuse.PID.hold` of Copilot. */
export const lockedSession = (program: string, file: string, pid: number, conversation: string): RuntimeRecord => ({
  ...BARE,
  program,
  file,
  role: 'session',
  // A thread of Codex runs in its daemon, whoever shows it; Copilot runs at a terminal.
  background: program === 'codex',
  pid,
  locked: true,
  conversation,
});

/** First line of a Codex conversation: where it works. */
export const parseCodexMeta = (line: JsonRecord): string | null => {
  const meta = recordField(line, 'payload') ?? recordField(line, 'session_meta') ?? line;
  return textField(meta, 'cwd');
};

/** `sessions/PID.json` of Qwen Code: `procStart` is `BOOT:TICKS`. */
export const parseQwenSession = (record: JsonRecord, file: string): RuntimeRecord | null => {
  const pid = numberField(record, 'pid');
  const [, bootId = null, ticks] = /^([0-9a-f-]+):(\d{1,15})$/.exec(textField(record, 'procStart') ?? '') ?? [];
  return isPid(pid)
    ? {
        ...BARE,
        program: 'qwen',
        file,
        role: 'session',
        background: textField(record, 'kind') !== 'tui',
        pid,
        startTime: ticks === undefined ? null : Number(ticks),
        domain: {...NO_DOMAIN, bootId, namespace: numberField(record, 'pidNs')},
        conversation: textField(record, 'sessionId'),
        directory: textField(record, 'cwd'),
      }
    : null;
};
