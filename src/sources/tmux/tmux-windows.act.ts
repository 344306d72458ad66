// Windows of tmux in which something is started again, and the first processes of a session that was.
import type {Windows} from '../../core/act/acting-source.ts';
import type {StartInWindow} from '../../core/domain/plan.ts';
import type {CommandResult, Host} from '../../core/os/host.ts';
import {distrustSocket} from './read/tmux-door.ts';

const TMUX_MS = 5000;

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

export const tmuxWindows: Windows = {open: openWindow, heads: paneHeads};
