// Whom a command of an agent would run as, and where: from the hook's own surroundings and what it is told.
import {userInfo} from 'node:os';
import {realFiles} from '../../core/os/files.ts';
import type {Caller} from '../../guard/facts.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a tool's shell has as the hook has it: all else may have been set for the hook alone. */
const SHARED = [
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'SHELL',
  'CLAUDE_PID',
  'OPENCODE_PID',
  'TMUX_PANE',
  'TMUX_TMPDIR',
  'COMPOSE_PROJECT_NAME',
  'PM2_HOME',
];

const userName = (env: Env): string => {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? env.LOGNAME ?? '';
  }
};

/** Top of the project that a directory is in: the nearest one above with a `.git`, else itself. */
const projectRoot = async (directory: string): Promise<string> => {
  for (let at = directory; at !== '/' && at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if ((await realFiles.inspect(`${at}/.git`)).state === 'ok') {
      return at;
    }
  }
  return directory;
};

/** `$TMUX` is `SOCKET,PID,SESSION`. */
const tmuxOf = (env: Env, uid: number): Caller['tmux'] => {
  const directory = `${env.TMUX_TMPDIR ?? '/tmp'}/tmux-${uid}`;
  const [socket = ''] = (env.TMUX ?? '').split(',');
  return {directory, socket: socket === '' ? `${directory}/default` : socket, pane: socket === '' ? null : (env.TMUX_PANE ?? null)};
};

export interface CallerParts {
  readonly env: Env;
  readonly cwd: string;
  readonly home: string;
}

export const readCaller = async ({env, cwd, home}: CallerParts): Promise<Caller> => {
  const uid = process.geteuid?.() ?? -1;
  return {
    runtimePid: null,
    uid,
    user: userName(env),
    home,
    cwd,
    root: await projectRoot(cwd),
    variables: new Map(SHARED.flatMap(name => (env[name] === undefined ? [] : [[name, env[name] ?? ''] as const]))),
    tmux: tmuxOf(env, uid),
  };
};
