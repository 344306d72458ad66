// Which files may hold configuration, whose they are, and what they say: reads, never writes, never waits.
import {createHash} from 'node:crypto';
import {constants, type Stats} from 'node:fs';
import {lstat, open, realpath, stat} from 'node:fs/promises';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {LARGEST_BYTES, MOST_PROJECT_FILES} from './limits.ts';

export const PROJECT_FILE = '.rigtop.toml';

export interface ConfigPlace {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config FILE`. */
  readonly path?: string | undefined;
}

/**
 * `own`: the user's file. `named`: `--config FILE`, the person's word whoever wrote it; that it is missing is a fault.
 * `found`: by walking up from the working directory, and so perhaps anybody's.
 */
export type ConfigOrigin = 'own' | 'named' | 'found';

export interface Candidate {
  readonly path: string;
  readonly origin: ConfigOrigin;
}

/** `~` and `~/x`; nothing else (`~user` needs the user database). */
export const expandHome = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;

/** Where the user's own file is: the XDG base directory specification ignores relative values. */
const userConfigPath = ({home, env}: ConfigPlace): string => {
  const base = env.XDG_CONFIG_HOME;
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.config'), 'rigtop', 'config.toml');
};

/** The file that is the person's own word: the one named on the command line, else the user's. */
const ownCandidate = (place: ConfigPlace): Candidate =>
  place.path === undefined
    ? {path: userConfigPath(place), origin: 'own'}
    : {path: resolve(place.cwd, expandHome(place.path, place.home)), origin: 'named'};

/** Project files that there could be, the nearest first. */
const projectPaths = (cwd: string): readonly string[] => {
  const paths: string[] = [];
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    paths.push(join(directory, PROJECT_FILE));
    if (directory === dirname(directory)) {
      return paths;
    }
  }
};

export type ConfigText =
  /** `digest`: SHA-256 of the bytes, worked out where an approval hangs on it. */
  | {readonly state: 'ok'; readonly text: string; readonly digest: () => string}
  | {readonly state: 'missing'}
  /** Meant for us and not to be had: what it protects is not known. */
  | {readonly state: 'unusable'; readonly because: string}
  /** Somebody else's: as good as not there, and worth a note. */
  | {readonly state: 'ignored'; readonly because: string};

const unusable = (because: string): ConfigText => ({state: 'unusable', because});
const ignored = (because: string): ConfigText => ({state: 'ignored', because});

const OTHERS_MAY_WRITE = 0o002;
const GROUP_MAY_WRITE = 0o020;

/** Why somebody else could have written this, in words; null when only this user and root could. A link has no mode of its own. */
const strangerOf = (info: Stats, origin: ConfigOrigin): string | null => {
  const uid = process.geteuid?.() ?? info.uid;
  if (info.uid !== uid && info.uid !== 0) {
    return `belongs to user ${info.uid}, not to you`;
  }
  if (info.isSymbolicLink()) {
    return null;
  }
  if ((info.mode & OTHERS_MAY_WRITE) !== 0) {
    return 'can be written by every user (chmod o-w)';
  }
  // What a project says is pinned or only protects; one's own file says what is run.
  const group = origin === 'own' && (info.mode & GROUP_MAY_WRITE) !== 0 && info.gid !== process.getegid?.();
  return group ? `can be written by group ${info.gid}, which is not yours (chmod g-w)` : null;
};

/** Read without trusting what was said of the file before: another one may stand in its place since. */
const readOpened = async (path: string, seen: Stats): Promise<ConfigText> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const info = await file.stat();
    if (!info.isFile() || info.ino !== seen.ino || info.dev !== seen.dev) {
      return unusable('was replaced while it was read');
    }
    const bytes = Buffer.alloc(LARGEST_BYTES + 1);
    let length = 0;
    for (let taken = -1; taken !== 0 && length < bytes.length; length += taken) {
      taken = (await file.read(bytes, length, bytes.length - length, null)).bytesRead;
    }
    if (length > LARGEST_BYTES) {
      return unusable(`is larger than ${LARGEST_BYTES} bytes`);
    }
    const content = bytes.subarray(0, length);
    return {
      state: 'ok',
      text: new TextDecoder('utf-8', {fatal: true}).decode(content),
      digest: () => createHash('sha256').update(content).digest('hex'),
    };
  } finally {
    await file.close();
  }
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'failed';

const readCandidate = async ({path, origin}: Candidate): Promise<ConfigText> => {
  const entry = await lstat(path);
  const refuse = origin === 'found' ? ignored : unusable;
  const stranger = origin === 'named' ? null : strangerOf(entry, origin);
  if (stranger !== null) {
    return refuse(`${stranger}: not read`);
  }
  if (origin === 'found' && entry.isSymbolicLink() && !(await realpath(path)).startsWith(join(await realpath(dirname(path)), '/'))) {
    return unusable('is a link that leads out of its directory');
  }
  const info = await stat(path);
  const behind = origin === 'named' ? null : strangerOf(info, origin);
  if (behind !== null) {
    return refuse(`${behind}: not read`);
  }
  // Before it is opened: opening some devices does something.
  if (!info.isFile()) {
    return unusable('is not a regular file');
  }
  return info.size > LARGEST_BYTES ? unusable(`is larger than ${LARGEST_BYTES} bytes`) : readOpened(path, info);
};

export const readConfigText = async (candidate: Candidate): Promise<ConfigText> => {
  try {
    return await readCandidate(candidate);
  } catch (error) {
    if (error instanceof TypeError) {
      return unusable('is not UTF-8 text');
    }
    const code = codeOf(error);
    const {origin} = candidate;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      return unusable(`cannot be read (${code})`);
    }
    return origin === 'named' ? unusable('does not exist') : {state: 'missing'};
  }
};

/** A directory above that this user may not even search holds nothing of theirs. */
const isHidden = async (path: string): Promise<boolean> => {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'EACCES';
  }
};

export interface ReadCandidate {
  readonly candidate: Candidate;
  readonly read: ConfigText;
}

/** Every file that is there, lowest precedence first: project files from far to near between the user's own and the one named. */
export const readConfigFiles = async (place: ConfigPlace): Promise<readonly ReadCandidate[]> => {
  const own = ownCandidate(place);
  const projects: ReadCandidate[] = [];
  let counted = 0;
  for (const path of projectPaths(place.cwd)) {
    const candidate: Candidate = {path, origin: 'found'};
    const read = path === own.path || (await isHidden(path)) ? ({state: 'missing'} as const) : await readConfigText(candidate);
    counted += read.state === 'ok' || read.state === 'unusable' ? 1 : 0;
    const most = counted > MOST_PROJECT_FILES && read.state === 'ok';
    projects.unshift({candidate, read: most ? unusable(`is one of more than ${MOST_PROJECT_FILES}: not read`) : read});
  }
  const named = {candidate: own, read: await readConfigText(own)};
  const all = own.origin === 'named' ? [...projects, named] : [named, ...projects];
  return all.filter(({read}) => read.state !== 'missing');
};
