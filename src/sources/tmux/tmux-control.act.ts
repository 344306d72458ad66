// The tmux commands of an action: what is there now, disarm, end. Ids only, identity tested inside the server in the same command.
import {
  type Control,
  type Ended,
  openedSince,
  type PaneNow,
  panesOfSession,
  type ServerNow,
  type SessionOfServer,
  type SessionToEnd,
} from '../../core/act/acting-source.ts';
import {confirmServer} from '../../core/act/server-end.ts';
import type {PlanPane} from '../../core/domain/plan.ts';
import type {Host} from '../../core/os/host.ts';
import {complaintOf} from '../../words/complaints.ts';
import {isTmuxServer, isTmuxSocket} from './tmux-program.ts';
import {tmuxWindows} from './tmux-windows.act.ts';

/** A tmux server that needs longer than this is not answering. */
const TMUX_TIMEOUT_MS = 2000;
const PROBE_TIMEOUT_MS = 500;

const FIELDS = [
  'pid',
  'session_id',
  'session_created',
  'session_attached',
  'window_id',
  'pane_id',
  'pane_pid',
  'pane_dead',
  'remain-on-exit',
  'session_name',
] as const;

// Names come last: they are the only fields that may hold anything.
const FORMAT = FIELDS.map(field => `#{${field}}`).join('\t');

const parseRow = (row: string): (PaneNow & {readonly serverPid: number}) | null => {
  const [pid, sessionId, created, attached, windowId, paneId, panePid, dead, remains, ...name] = row.split('\t');
  if (sessionId === undefined || windowId === undefined || !/^%\d+$/.test(paneId ?? '') || name.length === 0) {
    return null;
  }
  return {
    serverPid: Number(pid),
    sessionId,
    created: Number(created),
    attached: Number(attached),
    windowId,
    paneId: paneId as string,
    pid: Number(panePid),
    dead: dead === '1',
    remains: remains !== 'off' && remains !== '0',
    sessionName: name.join('\t'),
  };
};

type Ran =
  | {readonly ok: true; readonly stdout: string}
  | {readonly ok: false; readonly because: string /** The server answered that it holds nothing. */; readonly empty: boolean};

/** A server without sessions (tmux(1), exit-empty off) fails to list panes: it has no current target, 3.3a and later. */
const NO_SESSIONS = /^no (?:current target|sessions?\b)/;

const runTmux = async (host: Host, socket: string, args: readonly string[]): Promise<Ran> => {
  const ran = await host.run('tmux', ['-u', '-S', socket, ...args], {timeoutMs: TMUX_TIMEOUT_MS});
  const because = complaintOf('tmux', ran);
  return because === null ? {ok: true, stdout: ran.stdout} : {ok: false, because, empty: NO_SESSIONS.test(ran.stderr.trim())};
};

/** The answer of a server that has no panes: its pid alone. */
const readEmptyServer = async (host: Host, socket: string): Promise<ServerNow> => {
  const ran = await runTmux(host, socket, ['display-message', '-p', '#{pid}']);
  const pid = ran.ok ? Number(ran.stdout.trim()) : 0;
  return Number.isSafeInteger(pid) && pid > 1
    ? {state: 'ok', serverPid: pid, panes: []}
    : {state: 'unknown', because: ran.ok ? 'tmux answered in a form that is not understood' : ran.because};
};

/** Every pane of the server on `socket`. Absence is not read from words but proven by the socket (docs/safety.md, rule 1). */
const readServer = async (host: Host, socket: string): Promise<ServerNow> => {
  const ran = await runTmux(host, socket, ['list-panes', '-a', '-F', FORMAT]);
  if (ran.ok ? ran.stdout.trim() === '' : ran.empty) {
    return readEmptyServer(host, socket);
  }
  if (!ran.ok) {
    const answer = await host.probeSocket(socket, PROBE_TIMEOUT_MS);
    return answer === 'missing' || answer === 'refused' ? {state: 'absent'} : {state: 'unknown', because: ran.because};
  }
  const rows = ran.stdout.split('\n').filter(row => row !== '');
  const panes = rows.map(parseRow);
  const first = panes[0];
  return first === undefined || first === null || panes.includes(null)
    ? {state: 'unknown', because: 'tmux answered in a form that is not understood'}
    : {state: 'ok', serverPid: first.serverPid, panes: panes.filter(pane => pane !== null)};
};

/** `$3` and `%7` and nothing else ever become part of a command. */
const isSessionId = (id: string): boolean => /^\$\d+$/.test(id);
const isPaneId = (id: string): boolean => /^%\d+$/.test(id);

/** Whether something would start a program again in one of these panes when it ends (a `pane-died` hook). */
const readRespawn = async (host: Host, socket: string, panes: readonly string[]): Promise<boolean> => {
  const shows = panes.filter(isPaneId).flatMap(pane => [';', 'show-options', '-A', '-H', '-q', '-p', '-v', '-t', pane, 'pane-died']);
  const ran = await runTmux(host, socket, shows.slice(1));
  return !ran.ok || ran.stdout.trim() !== '';
};

/** Hooks that run when a pane, a window or a session is gone (tmux(1), HOOKS), and what can open one. */
const AT_END =
  /^(?:pane-exited|window-unlinked|session-closed|session-window-changed|client-(?:detached|session-changed))(?:\[\d+\])? .*\b(?:new-session|new-window|neww?|split-window|respawn-(?:pane|window)|run(?:-shell)?|if(?:-shell)?)\b/m;

const readAnswersEnd = async (host: Host, socket: string): Promise<boolean> => {
  const ran = await runTmux(host, socket, ['show-hooks', '-g', ';', 'show-hooks', '-g', '-w']);
  return ran.ok && AT_END.test(ran.stdout);
};

/**
 * Keep panes from staying and from being started again once their programs end. Pane options shadow those of window, session and
 * server (tmux(1), 3.0 and later), so that nothing but these panes is changed. The reason when it failed.
 */
const disarm = async (host: Host, socket: string, panes: readonly string[]): Promise<string | null> => {
  const sets = panes
    .filter(isPaneId)
    .flatMap(pane => [';', 'set-option', '-p', '-t', pane, 'remain-on-exit', 'off', ';', 'set-hook', '-p', '-t', pane, 'pane-died', '']);
  if (sets.length === 0) {
    return null;
  }
  const ran = await runTmux(host, socket, sets.slice(1));
  return ran.ok ? null : ran.because;
};

/** End a session if the same server still knows it by this id and creation time. One command: nothing can come in between. */
export const killSession = async (host: Host, {socket, id, created, serverPid}: SessionOfServer): Promise<string | null> => {
  if (!isSessionId(id)) {
    return `${id} is no session id`;
  }
  const same = `#{&&:#{==:#{session_id},${id}},#{==:#{session_created},${created}}}`;
  const here = serverPid === null ? same : `#{&&:#{==:#{pid},${serverPid}},${same}}`;
  const ran = await runTmux(host, socket, ['if-shell', '-F', '-t', `${id}:`, here, `kill-session -t '${id}'`]);
  return ran.ok ? null : ran.because;
};

/** End a pane if it still holds the same process on the same server; pid 0: if it still holds none. */
export const killPane = async (host: Host, socket: string, serverPid: number, paneId: string, pid: number): Promise<string | null> => {
  if (!isPaneId(paneId)) {
    return `${paneId} is no pane id`;
  }
  // A dead pane has no pid since 3.8: that is read as 0.
  const same = `#{&&:#{==:#{pid},${serverPid}},#{==:#{pane_pid},${pid === 0 ? '' : pid}}}`;
  const ran = await runTmux(host, socket, ['if-shell', '-F', '-t', paneId, same, `kill-pane -t '${paneId}'`]);
  return ran.ok ? null : ran.because;
};

/** End one session and look whether it is gone. A pane that was opened in it since the plan was made keeps it. */
const endSession = async (host: Host, session: SessionToEnd): Promise<Ended> => {
  const before = await readServer(host, session.socket);
  const panes = panesOfSession(before, session);
  const unplanned = panes.filter(({paneId}) => !session.panes.includes(paneId)).map(({paneId}) => paneId);
  if (unplanned.length > 0) {
    return {result: 'refused', because: openedSince(unplanned)};
  }
  const failed = panes.length > 0 ? await killSession(host, session) : null;
  const after = await confirmServer(host, panes.length > 0 ? await readServer(host, session.socket) : before, session.serverPid);
  if (after.state === 'unknown') {
    return {result: 'survived', because: `nobody knows whether it is gone: ${after.because}`};
  }
  return panesOfSession(after, session).length > 0
    ? {result: 'survived', because: failed ?? 'tmux still shows it'}
    : {result: 'gone', because: null};
};

const endPane = async (host: Host, {session, serverPid, paneId, pid}: PlanPane): Promise<Ended> => {
  const isThere = (server: ServerNow): boolean =>
    server.state === 'ok' && server.serverPid === serverPid && server.panes.some(pane => pane.paneId === paneId && pane.pid === pid);
  const before = await readServer(host, session.socket);
  const failed = isThere(before) && serverPid !== null ? await killPane(host, session.socket, serverPid, paneId, pid) : null;
  const after = await confirmServer(host, isThere(before) ? await readServer(host, session.socket) : before, serverPid);
  if (after.state === 'unknown') {
    return {result: 'survived', because: `nobody knows whether it is gone: ${after.because}`};
  }
  return isThere(after) ? {result: 'survived', because: failed ?? 'tmux still shows it'} : {result: 'gone', because: null};
};

/** The end of any child makes the server wait for all that have ended: it is given one that ends at once. */
const reap = async (host: Host, socket: string): Promise<string | null> => {
  const ran = await runTmux(host, socket, ['run-shell', '-b', 'true']);
  return ran.ok ? null : ran.because;
};

export const tmuxControl: Control = {
  name: 'tmux',
  isOwn: isTmuxSocket,
  serves: isTmuxServer,
  readServer,
  endSession,
  endPane,
  reap,
  respawn: {isArmed: readRespawn, answersEnd: readAnswersEnd, disarm},
  windows: tmuxWindows,
};
