// A file that other programs read and somebody else named: put in place of the one before, whole or not at all. Writes.
import {constants} from 'node:fs';
import {lstat, open, rename, unlink} from 'node:fs/promises';
import {codeOf, reasonOf} from './files.ts';
import {randomHex} from './random-hex.ts';

const READABLE = 0o644;

/** `refused`: something that is no regular file has that name. `missing`: there is no such directory. */
export type Published =
  | {readonly ok: true}
  | {readonly ok: false; readonly why: 'refused' | 'missing' | 'failed'; readonly because: string};

/** Why this name is not written to; null where it is. rename(2) would replace a link, and who made it expects the file behind it. */
const objection = async (path: string): Promise<string | null> => {
  try {
    const stats = await lstat(path);
    if (stats.isFile()) {
      return null;
    }
    return stats.isSymbolicLink() ? 'it is a symbolic link' : 'it is no regular file';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : reasonOf(error);
  }
};

/**
 * Written beside it under a name that nobody has and that collectors of `*.prom` do not read, then renamed (rename(2)): a reader sees the
 * old one or the new one. Mode 0644 whatever the umask.
 */
export const publishFile = async (path: string, text: string): Promise<Published> => {
  const objected = await objection(path);
  if (objected !== null) {
    return {ok: false, why: 'refused', because: objected};
  }
  const aside = `${path}.${process.pid}.${randomHex(4)}`;
  try {
    const handle = await open(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, READABLE);
    try {
      await handle.writeFile(text);
      await handle.chmod(READABLE);
    } finally {
      await handle.close();
    }
    await rename(aside, path);
    return {ok: true};
  } catch (error) {
    await unlink(aside).catch(() => undefined);
    return {ok: false, why: codeOf(error) === 'ENOENT' ? 'missing' : 'failed', because: reasonOf(error)};
  }
};
