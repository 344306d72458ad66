// Files that rigtop itself keeps: appended lines, whole documents, their directory. All private to the user, all proven to be on disk.
import {constants} from 'node:fs';
import {type FileHandle, lstat, lutimes, mkdir, open, readdir, rename, stat, unlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {codeOf, readOpened, reasonOf} from './files.ts';
import type {FileRead} from './host.ts';
import {type Demands, openRegular, RefusedFile} from './regular-file.ts';

/** What came of writing. A short write or a failed fsync(2) is a failure: the bytes are not safe. */
export type Written = {readonly ok: true} | {readonly ok: false; readonly because: string};

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const OTHERS_WRITE = 0o002;
const MOST_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;
const SLICE_BYTES = 64 * 1024;

/** What every file must be that rigtop keeps: its own user's, and nobody else may write it. Another's is that one's word. */
export const ownFile = (): Demands => ({...(process.geteuid === undefined ? {} : {owner: process.geteuid()}), without: 0o022});

/**
 * Make the directory where it is missing, and insist that it is the user's own and closed to others: whoever may write there could put
 * any file in place of ours. Throws RefusedFile, or what mkdir(2) says.
 */
export const ensureOwnDirectory = async (directory: string): Promise<void> => {
  await mkdir(directory, {recursive: true, mode: PRIVATE_DIRECTORY});
  const uid = process.geteuid?.();
  // Of a link both count: who made it, and whose the place is to which it leads.
  for (const {uid: owner, mode} of [await lstat(directory), await stat(directory)]) {
    if (uid !== undefined && owner !== uid) {
      throw new RefusedFile(`${directory} belongs to user ${owner}, not to user ${uid}`);
    }
    if ((mode & OTHERS_WRITE) !== 0 && (mode & constants.S_IFMT) === constants.S_IFDIR) {
      throw new RefusedFile(`every user may write in ${directory} (chmod o-w)`);
    }
  }
};

const attempt = async (act: () => Promise<void>): Promise<Written> => {
  try {
    await act();
    return {ok: true};
  } catch (error) {
    return {ok: false, because: reasonOf(error)};
  }
};

/** A name in a directory is on disk only when the directory is (fsync(2)). */
const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const endsInNewline = async (handle: FileHandle, size: number): Promise<boolean> => {
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
};

/**
 * Append one line with one write(2): with O_APPEND two writers never overwrite each other. A half line that a full disk or a crash
 * left behind is closed first. `durable` waits until it is on disk. The file is made with 0600, its directory with 0700.
 */
export const appendLine = (path: string, line: string, durable: boolean): Promise<Written> =>
  attempt(async () => {
    await ensureOwnDirectory(dirname(path));
    const handle = await openRegular(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, ownFile(), PRIVATE_FILE);
    try {
      const {size} = await handle.stat();
      const whole = size === 0 || (await endsInNewline(handle, size));
      const bytes = Buffer.from(`${whole ? '' : '\n'}${line}\n`);
      const {bytesWritten} = await handle.write(bytes);
      if (bytesWritten !== bytes.length) {
        throw new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written`);
      }
      if (durable) {
        await handle.sync();
        if (size === 0) {
          await syncDirectory(dirname(path));
        }
      }
    } finally {
      await handle.close();
    }
  });

/** Size in bytes and inode; null when there is no such file. */
export const measure = async (path: string): Promise<{readonly size: number; readonly inode: number} | null> => {
  try {
    const {size, ino} = await lstat(path);
    return {size, inode: ino};
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
};

export const renameFile = (from: string, to: string): Promise<Written> => attempt(() => rename(from, to));

/** Text of a file that rigtop keeps; unknown when it is another user's, open to others, a link, or no file at all. */
export const readOwn = async (path: string, maxBytes = MOST_BYTES): Promise<FileRead<string>> => {
  try {
    return await readOpened(await openRegular(path, constants.O_RDONLY, ownFile()), maxBytes);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? {state: 'missing'} : {state: 'unknown', because: reasonOf(error)};
  }
};

/** What was read of a file of rows: where it began, where the last whole row ends, and what is behind that. */
export interface RowsRead {
  readonly from: number;
  readonly end: number;
  readonly rest: string;
  readonly inode: number;
  /** Of the file at that moment; nothing is read behind it. */
  readonly size: number;
}

/**
 * Hand each whole row from byte `offset` on to `take`, without its newline; of more than `most` bytes the last ones, which begin in the
 * middle of a row. It is read in slices: a file of megabytes in one piece leaves holes in the allocator's heap, which it never gives
 * back. Throws RefusedFile, or what open(2) and read(2) say.
 */
export const readRows = async (
  path: string,
  offset: number,
  take: (row: string) => void,
  most = Number.POSITIVE_INFINITY,
): Promise<RowsRead> => {
  const handle = await openRegular(path, constants.O_RDONLY, ownFile());
  try {
    const {size, ino} = await handle.stat();
    const from = Math.max(offset, size - most);
    const slice = Buffer.allocUnsafeSlow(Math.max(0, Math.min(SLICE_BYTES, size - from)));
    let begun: Buffer[] = [];
    let [at, end] = [from, from];
    const finish = (last: Buffer): string => {
      const text = begun.length === 0 ? last.toString('utf8') : Buffer.concat([...begun, last]).toString('utf8');
      begun = [];
      return text;
    };
    while (at < size) {
      const {bytesRead} = await handle.read(slice, 0, Math.min(slice.length, size - at), at);
      if (bytesRead === 0) {
        break;
      }
      let start = 0;
      for (let stop = slice.indexOf(NEWLINE); stop !== -1 && stop < bytesRead; stop = slice.indexOf(NEWLINE, start)) {
        take(finish(slice.subarray(start, stop)));
        start = stop + 1;
        end = at + start;
      }
      begun.push(Buffer.from(slice.subarray(start, bytesRead)));
      at += bytesRead;
    }
    return {from, end, rest: finish(Buffer.alloc(0)), inode: ino, size};
  } finally {
    await handle.close();
  }
};

/**
 * Write a whole document under a name that nobody has yet: EEXIST is a failure, so that two never share an id. `durable` waits until it
 * is on disk.
 */
export const createDocument = (path: string, text: string, durable = true): Promise<Written> =>
  attempt(async () => {
    await ensureOwnDirectory(dirname(path));
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, PRIVATE_FILE);
    try {
      await handle.writeFile(text);
      if (durable) {
        await handle.sync();
      }
    } finally {
      await handle.close();
    }
  });

/** Put a whole document in place of what is there: a reader sees the old one or the new one, never half (rename(2)). */
export const replaceDocument = async (path: string, text: string, durable = true): Promise<Written> => {
  const aside = `${path}.${process.pid}.new`;
  await removeFile(aside);
  const written = await createDocument(aside, text, durable);
  return written.ok ? renameFile(aside, path) : written;
};

/** Set the time of a file to now: what it says still holds. Nothing is followed, nothing is made. */
export const touchFile = (path: string): Promise<Written> => {
  const now = new Date();
  return attempt(() => lutimes(path, now, now));
};

/** Remove it; a failure when somebody else just has. */
export const takeAway = async (path: string): Promise<Written> => {
  try {
    await unlink(path);
    return {ok: true};
  } catch (error) {
    return {ok: false, because: codeOf(error) === 'ENOENT' ? 'it was taken just now' : reasonOf(error)};
  }
};

export const removeFile = (path: string): Promise<Written> =>
  attempt(async () => {
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') {
        throw error;
      }
    }
  });

/** Files of a directory with their age; none when there is no such directory. */
export const listAges = async (directory: string, nowMs: number): Promise<readonly {readonly path: string; readonly ageMs: number}[]> => {
  try {
    const names = await readdir(directory);
    return await Promise.all(
      names.map(async name => {
        const path = join(directory, name);
        return {path, ageMs: nowMs - (await lstat(path)).mtimeMs};
      }),
    );
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
};
