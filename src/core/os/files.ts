// Reads files and directories, each answer three-valued: there, missing, or not to be known.

import {constants} from 'node:fs';
import {type FileHandle, lstat, readdir, realpath} from 'node:fs/promises';
import type {FileInfo, FileRead, Files} from './host.ts';
import {openRegular, RefusedFile, withoutLinks} from './regular-file.ts';

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const CHUNK = 64 * 1024;

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'too many levels of symbolic links',
    EMFILE: 'too many open files',
    ENFILE: 'too many open files',
    EISDIR: 'is a directory',
    EIO: 'input/output error',
    ESTALE: 'stale file handle',
    ENAMETOOLONG: 'name too long',
  }),
);

/** The obstacle in words; the code itself where nothing better is known. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof RefusedFile) {
    return error.message;
  }
  const code = codeOf(error);
  return REASONS.get(code) ?? (code === '' ? String(error) : code);
};

/** `ENOENT` and the like; empty when the error carries none. */
export const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

const failed = (error: unknown): FileRead<never> => {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' ? {state: 'missing'} : {state: 'unknown', because: reasonOf(error)};
};

const attempt = async <T>(read: () => Promise<FileRead<T>>): Promise<FileRead<T>> => {
  try {
    return await read();
  } catch (error) {
    return failed(error);
  }
};

const ok = <T>(value: T): FileRead<T> => ({state: 'ok', value});

/** Buffers that nobody reads into just now: one made for each file is garbage of megabytes before anybody collects it. */
const spare: Buffer[] = [];
const MOST_SPARE = 4;

/** Reads until the end, not until `size`: files of /proc say they are empty. Closes it. */
export const readOpened = async (handle: FileHandle, maxBytes: number): Promise<FileRead<string>> => {
  const chunk = spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  try {
    if ((await handle.stat()).size > maxBytes) {
      return {state: 'unknown', because: `larger than ${maxBytes} bytes`};
    }
    const full: Buffer[] = [];
    let length = 0;
    while (full.length * CHUNK + length <= maxBytes) {
      const {bytesRead} = await handle.read(chunk, length, CHUNK - length, null);
      if (bytesRead === 0) {
        const rest = chunk.subarray(0, length);
        return ok((full.length === 0 ? rest : Buffer.concat([...full, rest])).toString('utf8'));
      }
      length += bytesRead;
      if (length === CHUNK) {
        full.push(Buffer.from(chunk));
        length = 0;
      }
    }
    return {state: 'unknown', because: `larger than ${maxBytes} bytes`};
  } finally {
    await handle.close();
    if (spare.length < MOST_SPARE) {
      spare.push(chunk);
    }
  }
};

const readUpTo = async (path: string, maxBytes: number, within: string | undefined): Promise<FileRead<string>> =>
  readOpened(await openRegular(await withoutLinks(path, within), constants.O_RDONLY), maxBytes);

const readStart = async (path: string, bytes: number, within: string | undefined): Promise<FileRead<string>> => {
  const handle = await openRegular(await withoutLinks(path, within), constants.O_RDONLY);
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return ok(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
};

const readLastLines = async (path: string, bytes: number, within: string | undefined): Promise<FileRead<string>> => {
  const handle = await openRegular(await withoutLinks(path, within), constants.O_RDONLY);
  try {
    const stats = await handle.stat();
    const start = Math.max(0, stats.size - bytes);
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(Math.min(bytes, stats.size)), 0, Math.min(bytes, stats.size), start);
    const text = buffer.toString('utf8', 0, bytesRead);
    return ok(start === 0 ? text : text.slice(text.indexOf('\n') + 1));
  } finally {
    await handle.close();
  }
};

const kindOf = (stats: Awaited<ReturnType<typeof lstat>>): FileInfo['kind'] => {
  if (stats.isFile()) {
    return 'file';
  }
  if (stats.isDirectory()) {
    return 'directory';
  }
  if (stats.isSocket()) {
    return 'socket';
  }
  return stats.isSymbolicLink() ? 'link' : 'other';
};

/** The file system as it is; nothing here writes. */
export const realFiles: Files = {
  readText: (path, maxBytes = DEFAULT_MAX_BYTES, within?) => attempt(() => readUpTo(path, maxBytes, within)),
  readHead: (path, bytes, within?) => attempt(() => readStart(path, bytes, within)),
  readTail: (path, bytes, within?) => attempt(() => readLastLines(path, bytes, within)),
  list: path => attempt(async () => ok((await readdir(path)).sort())),
  listDirectories: path =>
    attempt(async () => ok((await readdir(path, {withFileTypes: true})).filter(entry => entry.isDirectory()).map(({name}) => name))),
  inspect: path =>
    attempt(async () => {
      const stats = await lstat(path);
      return ok({
        kind: kindOf(stats),
        size: stats.size,
        mtimeMs: stats.mtimeMs,
        inode: stats.ino,
        device: stats.dev,
        mode: stats.mode,
        uid: stats.uid,
      });
    }),
  realPath: path => attempt(async () => ok(await realpath(path))),
};
