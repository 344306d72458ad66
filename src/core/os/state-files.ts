// Files that rigtop itself keeps: appended lines, whole documents, their directory. All private to the user, all proven to be on disk.
import {constants} from 'node:fs';
import {type FileHandle, mkdir, open, readdir, rename, stat, unlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {codeOf, reasonOf} from './files.ts';

/** What came of writing. A short write or a failed fsync(2) is a failure: the bytes are not safe. */
export type Written = {readonly ok: true} | {readonly ok: false; readonly because: string};

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const NEWLINE = 0x0a;

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
    await mkdir(dirname(path), {recursive: true, mode: PRIVATE_DIRECTORY});
    const handle = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, PRIVATE_FILE);
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
    const {size, ino} = await stat(path);
    return {size, inode: ino};
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
};

export const renameFile = (from: string, to: string): Promise<Written> => attempt(() => rename(from, to));

/** Text from byte `offset` on, of the file's size at that moment. Throws what open(2) and read(2) say. */
export const readFrom = async (
  path: string,
  offset: number,
): Promise<{readonly text: Buffer; readonly inode: number; readonly size: number}> => {
  const handle = await open(path, constants.O_RDONLY);
  try {
    const {size, ino} = await handle.stat();
    const text = Buffer.alloc(Math.max(0, size - offset));
    const {bytesRead} = text.length === 0 ? {bytesRead: 0} : await handle.read(text, 0, text.length, offset);
    return {text: text.subarray(0, bytesRead), inode: ino, size};
  } finally {
    await handle.close();
  }
};

/** Write a whole document under a name that nobody has yet: EEXIST is a failure, so that two never share an id. */
export const createDocument = (path: string, text: string): Promise<Written> =>
  attempt(async () => {
    await mkdir(dirname(path), {recursive: true, mode: PRIVATE_DIRECTORY});
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, PRIVATE_FILE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });

/** Put a whole document in place of what is there: a reader sees the old one or the new one, never half (rename(2)). */
export const replaceDocument = async (path: string, text: string): Promise<Written> => {
  const aside = `${path}.${process.pid}.new`;
  await removeFile(aside);
  const written = await createDocument(aside, text);
  return written.ok ? renameFile(aside, path) : written;
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
        return {path, ageMs: nowMs - (await stat(path)).mtimeMs};
      }),
    );
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
};
