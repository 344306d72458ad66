// What a program that rigtop runs is given: where programs are, who and where one is, how to write; no keys and no tokens. Where it is found.
import {accessSync, constants, statSync} from 'node:fs';
import {isAbsolute, join} from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Everything that tmux, zellij, herdr, git, ps and lsof need to find their sockets, files and terminals. A server is trusted by its
 * client with all of the client's environment (tmux sends it as MSG_IDENTIFY_ENVIRON), so it gets no more than this.
 */
const LEAST: ReadonlySet<string> = new Set([
  'PATH',
  'LD_LIBRARY_PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  'TERM',
  'TERMINFO',
  'TERMINFO_DIRS',
  'COLORTERM',
  'TERM_PROGRAM',
  'TERM_PROGRAM_VERSION',
  'NO_COLOR',
  'TMUX_TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'ZELLIJ_SOCKET_DIR',
  'ZELLIJ_CONFIG_DIR',
  'ZELLIJ_CONFIG_FILE',
  'HERDR_SOCKET_PATH',
  'HERDR_CONFIG_DIR',
  'HERDR_CONFIG_PATH',
  'HERDR_STATE_DIR',
]);

/** What a session takes from whoever attaches to it or makes it (tmux(1), update-environment): addresses, not secrets. */
const OF_A_SESSION = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'WINDOWID',
  'KRB5CCNAME',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'SSH_CONNECTION',
  'SSH_TTY',
] as const;

/** Directories of PATH by their whole names: an empty one and `.` mean the directory one happens to be in, which may be anybody's. */
const directoriesOf = (path: string | undefined): readonly string[] => (path ?? '').split(':').filter(isAbsolute);

/** The least that a program needs. */
export const leastEnvironment = (env: Env): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && (LEAST.has(entry[0]) || entry[0].startsWith('LC_')),
    ),
  ),
  ...(env.PATH === undefined ? {} : {PATH: directoriesOf(env.PATH).join(':')}),
});

/** The same for a client that shows a session in this terminal. */
export const clientEnvironment = (env: Env): Record<string, string> => ({
  ...leastEnvironment(env),
  ...Object.fromEntries(OF_A_SESSION.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]]))),
});

/** A directory of PATH that may not be searched holds nothing that could be run. */
const isFile = (path: string): boolean => {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isFile() === true;
  } catch {
    return false;
  }
};

const mayRun = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The program that a name means, as an absolute path: the first executable file in a directory of PATH that is named from the root. A
 * path stays as it is. `denied`: there is a file of that name, and it may not be run.
 */
export const locateProgram = (file: string, path: string | undefined): {readonly program: string} | 'missing' | 'denied' => {
  if (file.includes('/')) {
    return {program: file};
  }
  const there = directoriesOf(path)
    .map(directory => join(directory, file))
    .filter(isFile);
  const program = there.find(mayRun);
  if (program !== undefined) {
    return {program};
  }
  return there.length > 0 ? 'denied' : 'missing';
};
