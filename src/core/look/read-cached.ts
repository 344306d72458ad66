// Files that are read at every look but seldom change: read again only when inode, size or modification time differ.
import type {FileInfo, FileRead, Files} from '../os/host.ts';

const stampOf = (info: FileInfo): string => `${info.device}:${info.inode}:${info.size}:${info.mtimeMs}`;

/** A file written twice within its timestamp's step looks unchanged: one read this soon after its mtime is not kept. */
const RACY_MS = 2000;

/**
 * A reader with memory: `parse` runs once per version of a file, and an unchanged file yields the same object.
 * Missing and unreadable files are never remembered, nor what a link leads to. More than `maxBytes` is unknown; so is a link that leads
 * out of `within`.
 */
export const cachedReader = <T>(
  files: Files,
  epochMs: () => number,
  parse: (text: string) => T,
  maxBytes?: number,
): ((path: string, within?: string) => Promise<FileRead<T>>) => {
  const memory = new Map<string, {readonly stamp: string; readonly settled: boolean; readonly text: string; readonly value: T}>();
  return async (path, within) => {
    const info = await files.inspect(path);
    if (info.state !== 'ok') {
      memory.delete(path);
      return info;
    }
    const stamp = stampOf(info.value);
    const kept = memory.get(path);
    if (kept?.stamp === stamp && kept.settled) {
      return {state: 'ok', value: kept.value};
    }
    const content = await files.readText(path, maxBytes, within);
    if (content.state !== 'ok') {
      memory.delete(path);
      return content;
    }
    const value = kept?.text === content.value ? kept.value : parse(content.value);
    memory.set(path, {stamp, settled: info.value.kind === 'file' && epochMs() - info.value.mtimeMs > RACY_MS, text: content.value, value});
    return {state: 'ok', value};
  };
};
