// One private tmux server of the demo: its own socket directory, no configuration file. Runs tmux.
import type {CommandResult, Host} from '../core/os/host.ts';

const TIMEOUT_MS = 10_000;

export interface PaneRequest {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface DemoTmux {
  /** Name for `-L`. */
  readonly name: string;
  readonly socket: string;
  newSession(name: string, window: string, request: PaneRequest): Promise<void>;
  newWindow(session: string, window: string, request: PaneRequest): Promise<void>;
  /** A window whose pane stays when its program has ended. */
  newLastingWindow(session: string, window: string, request: PaneRequest): Promise<void>;
  killSession(name: string): Promise<void>;
  serverPid(): Promise<number>;
}

const variables = (env: PaneRequest['env'] = {}): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

/** The server inherits the host's environment; `TMUX_TMPDIR` of it is the demo's directory. */
export const demoTmux = (host: Host, directory: string, name: string): DemoTmux => {
  const run = async (...args: readonly string[]): Promise<CommandResult> => {
    const result = await host.run('tmux', ['-u', '-L', name, '-f', '/dev/null', ...args], {
      timeoutMs: TIMEOUT_MS,
      environment: 'whole',
      env: {LC_ALL: 'C.UTF-8'},
    });
    if (result.exitCode !== 0) {
      const why =
        result.trouble === 'missing' ? 'tmux is not installed' : result.stderr.trim() || result.trouble || `exit ${result.exitCode}`;
      throw new Error(`the demo needs tmux: ${why}`);
    }
    return result;
  };
  const newWindow = async (session: string, window: string, {cwd, argv, env: extra}: PaneRequest): Promise<void> => {
    await run('new-window', '-d', '-t', `=${session}:`, '-n', window, '-c', cwd, ...variables(extra), ...argv);
  };
  return {
    name,
    socket: `${directory}/tmux-${host.uid}/${name}`,
    newSession: async (session, window, {cwd, argv, env: extra}) => {
      await run('new-session', '-d', '-x', '120', '-y', '36', '-s', session, '-n', window, '-c', cwd, ...variables(extra), ...argv);
    },
    newWindow,
    newLastingWindow: async (session, window, request) => {
      // The option has to be there before the program ends, so it replaces one that waits.
      await newWindow(session, window, {...request, argv: ['cat']});
      const target = `=${session}:=${window}`;
      await run('set-option', '-w', '-t', target, 'remain-on-exit', 'on');
      await run('respawn-pane', '-k', '-t', target, '-c', request.cwd, ...variables(request.env), ...request.argv);
    },
    killSession: async session => {
      await run('kill-session', '-t', `=${session}`);
    },
    serverPid: async () => Number((await run('display-message', '-p', '#{pid}')).stdout.trim()),
  };
};
