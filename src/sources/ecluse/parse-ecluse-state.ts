// Text of `.ecluse/state.json` → recorded sessions, and of a pid file → pid and start token. A corrupt file is unknown, never "empty". Pure.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {SlotRecord} from '../../core/domain/repo.ts';

/** What the state file itself says of a session; its worktree and pid files are looked at separately. */
export type RecordedSession = Omit<SlotRecord, 'worktreeRealPath' | 'worktreeExists' | 'pidFiles'> & {
  readonly pidFilePaths: readonly string[];
};

type Table = Readonly<Record<string, unknown>>;

const STATE_VERSION = 1;
/** The tool has at most 255 slots; what names more of anything was not written by it. */
const MOST_SESSIONS = 512;
const MOST_EACH = 64;
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(item => typeof item === 'string') : []);
const sizeOf = (value: unknown): number => {
  if (Array.isArray(value)) {
    return value.length;
  }
  return isTable(value) ? Object.keys(value).length : 0;
};
const isPort = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535;

const parsePending = (value: unknown): RecordedSession['pending'] => {
  const id = isTable(value) ? text(value.id) : null;
  const since = isTable(value) ? text(value.since) : null;
  return id === null || since === null ? null : {id, since};
};

const parseSession = (entry: Table): RecordedSession | null => {
  const slug = text(entry.slug);
  const slot = entry.slot;
  const worktreePath = text(entry.worktree_path);
  // `status` is left out when active; a word this reader does not know must not pass for active.
  const status = entry.status ?? 'active';
  if (slug === null || typeof slot !== 'number' || !Number.isInteger(slot) || slot < 1 || worktreePath === null) {
    return null;
  }
  if (status !== 'active' && status !== 'pending' && status !== 'stopped') {
    return null;
  }
  const sizes = [entry.port_overrides, entry.services_subset, entry.pid_files].map(sizeOf);
  if (sizes.some(size => size > MOST_EACH)) {
    return null;
  }
  const overrides = isTable(entry.port_overrides) ? entry.port_overrides : {};
  const subset = entry.services_subset;
  return {
    slug,
    slot,
    mode: text(entry.mode) ?? 'host',
    branch: text(entry.branch),
    worktreePath,
    status,
    pending: parsePending(entry.pending_op),
    composeProject: text(entry.compose_project),
    portOverrides: Object.fromEntries(Object.entries(overrides).flatMap(([name, port]) => (isPort(port) ? [[name, port]] : []))),
    processManager: text(entry.process_manager),
    tmuxSession: text(entry.tmux_session),
    servicesSubset: Array.isArray(subset) && subset.length > 0 ? texts(subset) : null,
    startedAt: text(entry.started_at),
    pidFilePaths: texts(entry.pid_files),
  };
};

/** Parse the state file. Half-written, of a newer version, or with an entry that makes no sense: unknown with the reason. */
export const parseEcluseState = (content: string): Known<readonly RecordedSession[]> => {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    return unknown('state.json is not valid JSON (half-written?)');
  }
  if (!isTable(document) || !Array.isArray(document.sessions)) {
    return unknown('state.json has no list of sessions');
  }
  if (document.version !== STATE_VERSION) {
    const version = typeof document.version === 'number' ? `version ${document.version}` : 'a version that is no number';
    return unknown(`state.json is of ${version}; version ${STATE_VERSION} is known`);
  }
  if (document.sessions.length > MOST_SESSIONS) {
    return unknown(`state.json names ${document.sessions.length} sessions; no more than ${MOST_SESSIONS} are read`);
  }
  const sessions: RecordedSession[] = [];
  for (const entry of document.sessions) {
    const session = isTable(entry) ? parseSession(entry) : null;
    if (session === null) {
      return unknown(`entry ${sessions.length + 1} of state.json cannot be read`);
    }
    sessions.push(session);
  }
  return known(sessions);
};

/** Two lines: pid, then the start token (missing in old files). Pid is null when the first line is not a pid. */
export const parsePidFile = (content: string): {readonly pid: number | null; readonly startToken: string | null} => {
  const [first = '', second = ''] = content.split('\n').map(line => line.trim());
  const pid = /^[1-9]\d{0,9}$/.test(first) ? Number(first) : null;
  return {pid, startToken: second === '' ? null : second};
};
