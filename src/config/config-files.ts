// Which files may hold configuration, and what they say: reads, never writes.
import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {dirname, isAbsolute, join, resolve} from 'node:path';

const PROJECT_FILE = '.rigtop.toml';
const LARGEST_BYTES = 1024 * 1024;

export interface ConfigPlace {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config FILE`. */
  readonly path?: string | undefined;
}

export interface Candidate {
  readonly path: string;
  /** Asked for by name: that it is missing is a fault. */
  readonly required: boolean;
  /** Found by walking up from the working directory: whoever may write there must not steer rigtop. */
  readonly found: boolean;
}

/** `~` and `~/x`; nothing else (`~user` needs the user database). */
export const expandHome = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;

/** Where the user's own file is: the XDG base directory specification ignores relative values. */
const userConfigPath = ({home, env}: ConfigPlace): string => {
  const base = env.XDG_CONFIG_HOME;
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.config'), 'rigtop', 'config.toml');
};

/** Lowest precedence first: the user's file, project files from far to near, then the one named on the command line. */
export const configCandidates = (place: ConfigPlace): readonly Candidate[] => {
  const above: Candidate[] = [];
  for (let directory = resolve(place.cwd); ; directory = dirname(directory)) {
    above.unshift({path: join(directory, PROJECT_FILE), required: false, found: true});
    if (directory === dirname(directory)) {
      break;
    }
  }
  return place.path === undefined
    ? [{path: userConfigPath(place), required: false, found: false}, ...above]
    : [...above, {path: resolve(place.cwd, expandHome(place.path, place.home)), required: true, found: false}];
};

export type ConfigText =
  | {readonly state: 'ok'; readonly text: string}
  | {readonly state: 'missing'}
  | {readonly state: 'unusable'; readonly because: string};

const unusable = (because: string): ConfigText => ({state: 'unusable', because});

const readOpened = async (file: FileHandle, candidate: Candidate): Promise<ConfigText> => {
  const info = await file.stat();
  const uid = process.getuid?.();
  if (!info.isFile()) {
    return unusable('is not a regular file');
  }
  if (candidate.found && uid !== undefined && info.uid !== uid && info.uid !== 0) {
    return unusable(`belongs to user ${info.uid}, not to you: not read`);
  }
  if (candidate.found && (info.mode & 0o002) !== 0) {
    return unusable('can be written by every user: not read (chmod o-w)');
  }
  if (info.size > LARGEST_BYTES) {
    return unusable(`is larger than ${LARGEST_BYTES} bytes`);
  }
  try {
    return {state: 'ok', text: new TextDecoder('utf-8', {fatal: true}).decode(await file.readFile())};
  } catch (error) {
    return unusable(error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${(error as Error).message})`);
  }
};

/** Never waits: O_NONBLOCK opens a FIFO without a writer (fifo(7)), which is then refused for not being a file. */
export const readConfigText = async (candidate: Candidate): Promise<ConfigText> => {
  try {
    const file = await open(candidate.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readOpened(file, candidate);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return missing && !candidate.required ? {state: 'missing'} : unusable(missing ? 'does not exist' : `cannot be read (${code})`);
  }
};
