// Synchronous reads of /proc into one reused buffer. Asynchronous reads of these tiny files cost 25 times as much, so the scanner runs
// elsewhere (a worker thread, or short slices) and reads directly.

import {lstatSync, opendirSync, readdirSync, readlinkSync, statSync} from 'node:fs';
import {codeOf, reasonOf} from './files.ts';
import {createReading, type IsLast} from './read-now.ts';

/** What a read of /proc/PID/… came to. `gone`: the process ended (ENOENT when opening, ESRCH when reading). */
export type ProcRead<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly gone: boolean; readonly because: string};

const failure = (error: unknown): ProcRead<never> => {
  const code = codeOf(error);
  return {ok: false, gone: code === 'ENOENT' || code === 'ESRCH', because: reasonOf(error)};
};

/** Given the path, so that tens of thousands of reads make no function each. */
const attempt = <T>(read: (path: string) => T, path: string): ProcRead<T> => {
  try {
    return {ok: true, value: read(path)};
  } catch (error) {
    return failure(error);
  }
};

export interface ProcReader {
  /** The whole file, at most `maxBytes` of it. The bytes are overwritten by the next read: copy what must stay. */
  bytes(path: string, maxBytes: number): ProcRead<Buffer>;
  /**
   * The same of a file that gives as much at once as there is room for, so that nothing comes after less: the areas of a process' memory
   * and its stat line do (fs/proc/base.c, seq_read), tables of more than a page do not.
   */
  filled(path: string, maxBytes: number): ProcRead<Buffer>;
  /** The same of one of the kernel's tables of TCP or UDP sockets: to say that nothing comes after its rows it walks all buckets of its hash again. */
  rows(path: string, maxBytes: number): ProcRead<Buffer>;
  link(path: string): ProcRead<string>;
  names(path: string): ProcRead<readonly string[]>;
  /** The same with pauses: to list 10 000 processes takes the kernel 10 ms. */
  namesInParts(path: string): Generator<void, ProcRead<readonly string[]>>;
  /** Owner of a path, by number. */
  owner(path: string): ProcRead<number>;
}

const isFilled: IsLast = (count, room) => count < room;

/** Longer than any row of /proc/net/tcp and tcp6. */
const ROW_BYTES = 512;
/** No page is smaller. */
const PAGE_BYTES = 4096;

/** The kernel prints whole rows until a page of them is full, or what was asked for (seq_read_iter in fs/seq_file.c). */
const hasNoMoreRows: IsLast = (count, room) => count < room && count <= PAGE_BYTES - ROW_BYTES;

const linkOf = (path: string): string => readlinkSync(path);
const namesIn = (path: string): readonly string[] => readdirSync(path);

/** A tenth of what the C library takes from the kernel at once. */
const PART_NAMES = 128;

const readingNames = function* (path: string): Generator<void, readonly string[]> {
  const directory = opendirSync(path, {bufferSize: PART_NAMES});
  try {
    const names: string[] = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      names.push(entry.name);
      if (names.length % PART_NAMES === 0) {
        yield;
      }
    }
    return names;
  } finally {
    directory.closeSync();
  }
};

/**
 * A name whose process ends while the kernel writes it down comes without its type, for which a Dir then asks: one process that is gone makes
 * the whole list ENOENT. It is rare (some of a thousand that end meanwhile), and the list is then read in one go.
 */
const namesInParts = function* (path: string): Generator<void, ProcRead<readonly string[]>> {
  try {
    return {ok: true, value: yield* readingNames(path)};
  } catch {
    return attempt(namesIn, path);
  }
};

const ownerOf = (path: string): number => lstatSync(path).uid;

export const createProcReader = (): ProcReader => {
  const readAll = createReading();
  const readUpTo = (path: string, maxBytes: number, isLast?: IsLast): ProcRead<Buffer> => {
    try {
      return {ok: true, value: readAll(path, maxBytes, isLast)};
    } catch (error) {
      return failure(error);
    }
  };
  return {
    bytes: readUpTo,
    filled: (path, maxBytes) => readUpTo(path, maxBytes, isFilled),
    rows: (path, maxBytes) => readUpTo(path, maxBytes, hasNoMoreRows),
    link: path => attempt(linkOf, path),
    names: path => attempt(namesIn, path),
    namesInParts,
    owner: path => attempt(ownerOf, path),
  };
};

const DELETED = ' (deleted)';

/** Steps upwards from a removed directory. Deeper ones are not told. */
const MOST_STEPS = 64;

export interface Directory {
  readonly directory: string;
  readonly deleted: boolean;
  /** See `cwdRemade` of a process. */
  readonly remade: string | null;
}

/** Whether two paths lead to one directory; null when the second leads nowhere, or either cannot be told. */
const isSame = (inside: string, named: string): boolean | null => {
  const same = attempt(path => {
    const [a, b] = [statSync(path), lstatSync(named)];
    return a.ino === b.ino && a.dev === b.dev;
  }, inside);
  return same.ok ? same.value : null;
};

/** The kernel keeps what is above a removed directory, so `..` leads out of it to those that still stand under their names. */
const remadeAbove = (link: string, removed: string): string | null => {
  let remade: string | null = null;
  let [inside, named] = [link, removed];
  for (let step = 0; step < MOST_STEPS && named !== ''; step += 1) {
    const same = isSame(inside, named);
    if (same === true) {
      break;
    }
    remade = same === false ? named : remade;
    inside = `${inside}/..`;
    named = named.slice(0, named.lastIndexOf('/'));
  }
  return remade;
};

/**
 * A working directory as the kernel prints it. The mark of a removed directory and a directory really called that read the same:
 * the second still exists under its printed name, as the same inode.
 */
export const readCwd = (path: string, reader: ProcReader): ProcRead<Directory> => {
  const link = reader.link(path);
  if (!link.ok) {
    return link;
  }
  const printed = link.value;
  if (!printed.endsWith(DELETED) || isSame(path, printed) === true) {
    return {ok: true, value: {directory: printed, deleted: false, remade: null}};
  }
  const directory = printed.slice(0, -DELETED.length);
  return {ok: true, value: {directory, deleted: true, remade: remadeAbove(path, directory)}};
};

/** Whether what a process of another mount namespace calls its directory is the one that we find under that name. */
export const isOurDirectory = (path: string, {directory, deleted}: Directory): boolean => !deleted && isSame(path, directory) === true;
