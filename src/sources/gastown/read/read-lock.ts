// One agent lock, read by itself. Reads a file.
import type {LockFile} from '../../../core/domain/town.ts';
import type {FileInfo, FileRead, Host} from '../../../core/os/host.ts';
import {digestOf, parseLockRecord} from '../parse-records.ts';

/** What a lock's text holds, without where it lies. */
export const parseLockFile = (text: string, info: FileInfo): Omit<LockFile, 'path'> => ({
  digest: digestOf(text),
  content: parseLockRecord(text),
  modifiedAt: info.mtimeMs,
});

export const readLockFile = async (host: Host, path: string): Promise<FileRead<LockFile>> => {
  const info = await host.files.inspect(path);
  if (info.state !== 'ok') {
    return info;
  }
  const text = await host.files.readText(path);
  return text.state === 'ok' ? {state: 'ok', value: {path, ...parseLockFile(text.value, info.value)}} : text;
};
