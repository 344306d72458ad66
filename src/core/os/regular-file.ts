// Opens a file only when it is one: regular, reached by no link, and whose it has to be. Never waits, whatever lies there.
import {closeSync, constants, type Dirent, fstatSync, lstatSync, openSync, readSync, type Stats} from 'node:fs';
import {type FileHandle, lstat, open, realpath} from 'node:fs/promises';
import {isInside} from '../domain/paths.ts';

/** What has to be true of a file beside being regular. */
export interface Demands {
  /** Whose it must be. */
  readonly owner?: number;
  /** Permission bits that nobody may have on it: 0o022 keeps others from writing. */
  readonly without?: number;
  /** It may have no second name: another user can link(2) a file of ours to where ours is expected. */
  readonly single?: true;
}

/** Why a file was not opened, in words. Neither open(2) nor read(2) has failed. */
export class RefusedFile extends Error {}

const NEVER_WAIT = constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

const kindOf = (found: Stats | Dirent): string => {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['is a directory', found.isDirectory()],
    ['is a symbolic link', found.isSymbolicLink()],
    ['is a FIFO, not a regular file', found.isFIFO()],
    ['is a socket, not a regular file', found.isSocket()],
  ];
  return kinds.find(([, is]) => is)?.[0] ?? 'is a device, not a regular file';
};

/** Why this file is not what was demanded; null when it is. */
const objection = (stats: Stats, {owner, without = 0, single}: Demands): string | null => {
  if (!stats.isFile()) {
    return kindOf(stats);
  }
  if (owner !== undefined && stats.uid !== owner) {
    return `belongs to user ${stats.uid}, not to user ${owner}`;
  }
  if ((stats.mode & without) !== 0) {
    return `is open to others (mode ${(stats.mode & 0o777).toString(8)})`;
  }
  return single === true && stats.nlink !== 1 ? `has ${stats.nlink} names` : null;
};

const insist = (stats: Stats | undefined, demands: Demands): void => {
  const because = stats === undefined ? null : objection(stats, demands);
  if (because !== null) {
    throw new RefusedFile(because);
  }
};

/**
 * Open it. Looked at before, because merely opening a device may do something (watchdog(4), a tape that rewinds); looked at again once it
 * is open, because in between it may have become another file; a link that was put there meanwhile is not followed (ELOOP). Throws
 * RefusedFile, or what lstat(2) and open(2) say. With O_CREAT the file need not be there.
 */
export const openRegular = async (path: string, flags: number, demands: Demands = {}, mode?: number): Promise<FileHandle> => {
  const before = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && (flags & constants.O_CREAT) !== 0) {
      return undefined;
    }
    throw error;
  });
  insist(before, demands);
  const handle = await open(path, flags | NEVER_WAIT, mode);
  try {
    insist(await handle.stat(), demands);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/**
 * The path by which to read a file that may be a link: the file itself, or where the link leads as long as that is inside `within`.
 * Throws RefusedFile for one that leads out, or what realpath(3) says.
 */
export const withoutLinks = async (path: string, within: string | undefined): Promise<string> => {
  if (within === undefined) {
    return (await lstat(path)).isSymbolicLink() ? realpath(path) : path;
  }
  const [real, ground] = await Promise.all([realpath(path), realpath(within)]);
  if (!isInside(real, ground)) {
    throw new RefusedFile(`a symbolic link leads out of ${within}`);
  }
  return real;
};

/** The same in one synchronous turn, whole. Throws RefusedFile for more than `maxBytes` too. */
export const readRegularSync = (path: string, maxBytes: number, demands: Demands = {}): Buffer => {
  insist(lstatSync(path), demands);
  const file = openSync(path, constants.O_RDONLY | NEVER_WAIT);
  try {
    insist(fstatSync(file), demands);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = readSync(file, buffer, length, buffer.length - length, null);
    }
    if (length > maxBytes) {
      throw new RefusedFile(`larger than ${maxBytes} bytes`);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
};
