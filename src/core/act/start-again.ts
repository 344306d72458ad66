// Starts again what a restart has proven gone, and waits until it is seen to be up. Through host.run and tmux only; nothing is signalled.
import {complaintOf} from '../../words/complaints.ts';
import {oneLine} from '../domain/command-line.ts';
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import type {StartOutcome} from '../domain/outcome.ts';
import {isInside} from '../domain/paths.ts';
import type {PlanStart, StartByCommand, StartInWindow} from '../domain/plan.ts';
import type {CommandResult, Host} from '../os/host.ts';
import {distrustSocket} from '../os/tmux-door.ts';

export interface StartParts {
  readonly host: Host;
  /** Whether a process is an agent program. */
  readonly isRuntime: (pid: number, processes: ProcessMap) => boolean;
}

const TMUX_MS = 5000;
const TABLE_MS = 8000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
const SHOWN_LINES = 8;

const lastLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(oneLine)
    .filter(line => line !== '')
    .slice(-SHOWN_LINES);

/** Names to be taken out of the environment, `*` at the end standing for any rest. */
const removed = (host: Host, patterns: readonly string[]): Record<string, undefined> => {
  const matches = (name: string): boolean =>
    patterns.some(pattern => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  return Object.fromEntries(
    Object.keys(host.env)
      .filter(matches)
      .map(name => [name, undefined]),
  );
};

const runCommand = (host: Host, way: StartByCommand): Promise<CommandResult> =>
  host.run(way.file, way.args, {timeoutMs: way.timeoutMs, cwd: way.cwd, environment: 'whole', env: removed(host, way.without)});

const setVariables = (way: StartInWindow): readonly string[] =>
  Object.entries(way.env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

/** Whether the session is still the one that was planned with: a name alone would start the program in somebody else's. */
const sameSession = async (host: Host, way: StartInWindow): Promise<boolean> => {
  const answer = await host.run(
    'tmux',
    ['-S', way.socket, 'display-message', '-p', '-t', `${way.id?.id}:`, '#{session_id} #{session_created}'],
    {
      timeoutMs: TMUX_MS,
    },
  );
  return answer.exitCode === 0 && answer.stdout.trim() === `${way.id?.id} ${way.id?.created}`;
};

const openWindow = async (host: Host, way: StartInWindow): Promise<CommandResult> => {
  const inside = ['-n', way.window, '-c', way.cwd, ...setVariables(way), '--', way.command];
  const args =
    way.id !== null && (await sameSession(host, way))
      ? ['new-window', '-d', '-t', `${way.id.id}:`, ...inside]
      : ['new-session', '-d', '-s', way.session, '-x', '200', '-y', '50', ...inside];
  const closed = await distrustSocket(host, way.socket);
  if (closed !== null) {
    return {stdout: '', stderr: `the tmux socket is ${closed}`, exitCode: 1, trouble: null, tookMs: 0};
  }
  // A server that this starts hands its environment on to everything in it, so it gets the person's own.
  // new-session fails on a name that is taken, so a session that came up in between is never written into.
  return host.run('tmux', ['-S', way.socket, ...args], {timeoutMs: TMUX_MS, environment: 'whole'});
};

/** How tmux before 3.7 writes a session's name: in a target, `.` and `:` would end it. */
const asOlderTmuxWrites = (name: string): string => name.replaceAll(/[.:]/g, '_');

/**
 * Process ids of the live panes of a session of exactly this name; null when the server did not answer. All panes are listed, because
 * newer versions keep names that no target can say.
 */
const paneHeads = async (host: Host, session: {readonly socket: string; readonly name: string}): Promise<readonly number[] | null> => {
  const answer = await host.run(
    'tmux',
    ['-u', '-S', session.socket, 'list-panes', '-a', '-F', '#{pane_dead} #{pane_pid} #{session_name}'],
    {timeoutMs: TMUX_MS},
  );
  if (answer.exitCode !== 0) {
    return null;
  }
  const live = answer.stdout.split('\n').flatMap(line => {
    const [, pid, name] = /^0 (\d+) (.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{pid: Number(pid), name}];
  });
  const named = (name: string): readonly number[] => live.filter(pane => pane.name === name).map(({pid}) => pid);
  const heads = named(session.name);
  return heads.length > 0 ? heads : named(asOlderTmuxWrites(session.name));
};

/** What is still missing before the thing counts as up; null when it is. */
const missingProof = async ({host, isRuntime}: StartParts, {proof}: PlanStart): Promise<string | null> => {
  const heads = proof.session === null ? [] : await paneHeads(host, proof.session);
  if (heads === null || (proof.session !== null && heads.length === 0)) {
    return `session ${proof.session?.name} is not there`;
  }
  const tables = await host.readTables(TABLE_MS);
  if (!tables.processes.known || !tables.listeners.known) {
    return 'the process and socket tables could not be read';
  }
  const {processes} = tables.processes.value;
  const isOurs = (pid: number): boolean => {
    const cwd = processes.get(pid)?.cwd;
    const livesThere = proof.cwd !== null && cwd?.known === true && isInside(cwd.value, proof.cwd);
    return livesThere || heads.includes(pid) || ancestorsOf(processes, pid).some(above => heads.includes(above));
  };
  if (proof.runtime && ![...processes.keys()].some(pid => isOurs(pid) && isRuntime(pid, processes))) {
    return 'no agent program runs in it';
  }
  const holders = tables.listeners.value.listeners
    .filter(({port}) => port === proof.port)
    .flatMap(({owners}) => (owners.known ? owners.value : []));
  if (proof.port !== null && !holders.some(isOurs)) {
    return holders.length === 0
      ? `nobody listens on port ${proof.port}`
      : `port ${proof.port} is held by ${holders.join(', ')}, which is not it`;
  }
  return null;
};

const waitForProof = async (parts: StartParts, start: PlanStart): Promise<string | null> => {
  const deadline = parts.host.monotonicMs() + start.proof.withinMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    const missing = await missingProof(parts, start);
    if (missing === null || parts.host.monotonicMs() >= deadline) {
      return missing;
    }
    await parts.host.sleep(wait);
  }
};

/** Start one thing and prove it. A starter that fails is not followed by a wait: nothing would come of it. */
export const startAgain = async (start: PlanStart, parts: StartParts): Promise<StartOutcome> => {
  const began = parts.host.monotonicMs();
  const {way} = start;
  const result = way.kind === 'command' ? await runCommand(parts.host, way) : await openWindow(parts.host, way);
  const output = lastLines(`${result.stdout}\n${result.stderr}`);
  const outcome = (state: StartOutcome['result'], because: string | null): StartOutcome => ({
    ref: start.ref,
    result: state,
    because,
    output,
    tookMs: Math.round(parts.host.monotonicMs() - began),
  });
  const failed = complaintOf(way.kind === 'command' ? way.file : 'tmux', result, 'last');
  if (failed !== null) {
    return outcome('failed', failed);
  }
  const missing = await waitForProof(parts, start);
  return missing === null ? outcome('up', null) : outcome('not-up', `after ${Math.round(start.proof.withinMs / 1000)} s: ${missing}`);
};
