// Reading small files again and again: one lstat each, content only when it changed. Reads files.
import {isInside} from '../../../core/domain/paths.ts';
import type {FileInfo, FileRead, Host} from '../../../core/os/host.ts';

/**
 * A file written less than this before it was read may change again within the same timestamp (file systems tick as coarsely as
 * two seconds), so its content is not trusted the next time.
 */
const RACY_MS = 2_000;

interface Entry {
  readonly info: FileInfo;
  readonly trusted: boolean;
  readonly value: unknown;
  look: number;
}

export interface FileCache {
  /** Parsed content of a file. `parse` must be pure: its result is kept while mtime, size and inode stay. */
  read<T>(path: string, parse: (text: string, info: FileInfo) => T): Promise<FileRead<T>>;
  /** The same of the last `bytes` of a file that only grows. */
  readTail<T>(path: string, bytes: number, parse: (text: string) => T): Promise<FileRead<T>>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<FileRead<readonly string[]>>;
  /** From now on no link in this directory is followed out of it: it was found, and what it holds is a stranger's word. */
  confine(directory: string): void;
  /** lstat, following one link: what a path is. */
  inspect(path: string): Promise<FileRead<FileInfo>>;
  /** Forget what was not asked for since the last call. */
  endLook(): void;
  /** Since creation: how often content was read, how often only inspected. */
  counts(): {readonly reads: number; readonly inspections: number};
}

const sameFile = (a: FileInfo, b: FileInfo): boolean =>
  a.mtimeMs === b.mtimeMs && a.inode === b.inode && a.size === b.size && a.device === b.device && a.kind === b.kind;

export const createFileCache = (host: Host): FileCache => {
  const entries = new Map<string, Entry>();
  let look = 0;
  let reads = 0;
  let inspections = 0;

  const confined = new Set<string>();
  const groundOf = (path: string): string | undefined => [...confined].find(directory => isInside(path, directory));

  const inspect = async (path: string): Promise<FileRead<FileInfo>> => {
    inspections += 1;
    const info = await host.files.inspect(path);
    if (info.state !== 'ok' || info.value.kind !== 'link') {
      return info;
    }
    const target = await host.files.realPath(path);
    return target.state === 'ok' ? host.files.inspect(target.value) : target;
  };

  const cached = async <T>(key: string, path: string, load: (info: FileInfo) => Promise<FileRead<T>>): Promise<FileRead<T>> => {
    const info = await inspect(path);
    if (info.state !== 'ok') {
      entries.delete(key);
      return info;
    }
    const entry = entries.get(key);
    if (entry?.trusted === true && sameFile(entry.info, info.value)) {
      entry.look = look;
      return {state: 'ok', value: entry.value as T};
    }
    reads += 1;
    const trusted = info.value.mtimeMs < host.epochMs() - RACY_MS;
    const answer = await load(info.value);
    if (answer.state === 'ok') {
      entries.set(key, {info: info.value, trusted, value: answer.value, look});
    } else {
      entries.delete(key);
    }
    return answer;
  };

  return {
    read: (path, parse) =>
      cached(`file ${path}`, path, async info => {
        const text = await host.files.readText(path, undefined, groundOf(path));
        return text.state === 'ok' ? {state: 'ok', value: parse(text.value, info)} : text;
      }),
    readTail: (path, bytes, parse) =>
      cached(`tail ${path}`, path, async () => {
        const text = await host.files.readTail(path, bytes, groundOf(path));
        return text.state === 'ok' ? {state: 'ok', value: parse(text.value)} : text;
      }),
    list: path => cached(`list ${path}`, path, () => host.files.list(path)),
    confine: directory => {
      confined.add(directory);
    },
    inspect,
    endLook: () => {
      for (const [key, entry] of entries) {
        if (entry.look !== look) {
          entries.delete(key);
        }
      }
      look += 1;
    },
    counts: () => ({reads, inspections}),
  };
};
