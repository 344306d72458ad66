// A tmux server of a test's own: private socket directory, no config, gone with its scope. The default server is never touched.
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, MARKER, sight} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

const execute = promisify(execFile);

export interface TmuxPane {
  readonly id: string;
  readonly pid: number;
  readonly dead: boolean;
}

export interface PrivateTmux {
  /** TMUX_TMPDIR: rigtop finds the server when it is given this. */
  readonly tmpdir: string;
  /** Name for `-L`. */
  readonly name: string;
  readonly socket: string;
  /** What a program needs to see this server and no other: no TMUX, no TMUX_PANE. Carries the marker. */
  readonly env: Readonly<Record<string, string>>;
  /** tmux ARGS on this server; standard output without its last newline. Throws with tmux's own words. */
  run(...args: string[]): Promise<string>;
  /** Start a detached session (the server too, when it is the first); the pane's id. */
  newSession(
    name: string,
    options?: {readonly cwd?: string; readonly command?: readonly string[]; readonly env?: Readonly<Record<string, string>>},
  ): Promise<TmuxPane>;
  panes(target?: string): Promise<readonly TmuxPane[]>;
  serverProcess(): Promise<ProcessId>;
  killServer(): Promise<void>;
}

const cleanEnv = (): Record<string, string> => {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (
      value !== undefined &&
      !/^(TMUX|TMUX_PANE|TMUX_TMPDIR|NO_COLOR|FORCE_COLOR|CI)$|^(GT|ECLUSE|ZELLIJ|HERDR|BOTMUX|VITEST|RIGTOP)_/.test(name)
    ) {
      clean[name] = value;
    }
  }
  return clean;
};

export interface TmuxOptions {
  readonly name?: string;
  readonly columns?: number;
  readonly rows?: number;
  /** Share a socket directory with another private server. */
  readonly tmpdir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The server starts with the first session. Shells in it are /bin/sh without start-up files. */
export const privateTmux = async (
  scope: Scope,
  {name = 'main', columns = 120, rows = 36, tmpdir, env: extra = {}}: TmuxOptions = {},
): Promise<PrivateTmux> => {
  const directory = tmpdir ?? (await scope.tempDir());
  const marker = scope.marker();
  const env = {
    ...cleanEnv(),
    SHELL: '/bin/sh',
    PS1: '$ ',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ...extra,
    TMUX_TMPDIR: directory,
    [MARKER]: marker,
  };
  const run = async (...args: string[]): Promise<string> => {
    const {stdout} = await execute('tmux', ['-u', '-L', name, '-f', '/dev/null', ...args], {
      env,
      timeout: 20_000,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
    });
    return stdout.replace(/\n$/, '');
  };
  const panes = async (target?: string): Promise<readonly TmuxPane[]> => {
    const list = await run(
      'list-panes',
      ...(target === undefined ? ['-a'] : ['-s', '-t', target]),
      '-F',
      '#{pane_id} #{pane_pid} #{pane_dead}',
    );
    return list.split('\n').map(line => {
      const [id = '', pid, dead] = line.split(' ');
      return {id, pid: Number(pid), dead: dead === '1'};
    });
  };
  const killServer = async (): Promise<void> => {
    await run('kill-server').catch(() => undefined);
    await waitFor('the private tmux server to end', () =>
      run('list-sessions').then(
        () => false,
        () => true,
      ),
    );
  };
  scope.add(killServer);
  return {
    tmpdir: directory,
    name,
    socket: join(directory, `tmux-${process.getuid?.() ?? 0}`, name),
    env,
    run,
    newSession: async (session, {cwd, command = [], env: more = {}} = {}) => {
      const variables = Object.entries(more).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const made = await run(
        ...['new-session', '-d', '-s', session, '-x', String(columns), '-y', String(rows), '-P', '-F', '#{pane_id} #{pane_pid}'],
        ...(cwd === undefined ? [] : ['-c', cwd]),
        ...variables,
        ...command,
      );
      const [id = '', pid] = made.split(' ');
      // tmux answers before the child has become its program: until then it is a copy of the server, and rightly protected as one.
      await waitFor('the pane to become its program', () => sight(Number(pid))?.comm !== 'tmux: server');
      return {id, pid: Number(pid), dead: false};
    },
    panes,
    serverProcess: async () => identify(Number(await run('display-message', '-p', '#{pid}'))),
    killServer,
  };
};
