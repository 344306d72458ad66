// Which files of a directory some process holds a lock on, and who: the kernel's list joined with the files. Takes no lock itself.
import {join} from 'node:path';
import {type LockTable, lockHolder} from '../../../core/look/kernel-locks.ts';
import type {FileInfo, Host} from '../../../core/os/host.ts';

/** Lock files stay when they are let go, one for each conversation there ever was: more than the newest are not looked at. */
const MOST_LOCKS = 4096;
/** A directory written twice within its timestamp's step looks unchanged. */
const RACY_MS = 2000;

export interface HeldLock {
  readonly name: string;
  readonly file: string;
  readonly pid: number;
}

/**
 * A reader with memory: files are looked at again only when something came or went in their directory. A taken lock, be it for a
 * moment, would make its owner fail; so nobody asks by taking it.
 */
export const createLockReader = (host: Host): ((directory: string, wanted: RegExp, table: LockTable) => Promise<readonly HeldLock[]>) => {
  const seen = new Map<string, {readonly stamp: string; readonly infos: ReadonlyMap<string, FileInfo>}>();

  const infosOf = async (directory: string, wanted: RegExp): Promise<ReadonlyMap<string, FileInfo>> => {
    const own = await host.files.inspect(directory);
    if (own.state !== 'ok' || own.value.kind !== 'directory') {
      return new Map();
    }
    const {device, inode, mtimeMs} = own.value;
    const stamp = `${device}:${inode}:${mtimeMs}`;
    const before = seen.get(directory);
    if (before?.stamp === stamp) {
      return before.infos;
    }
    const listed = await host.files.list(directory);
    const infos = new Map<string, FileInfo>();
    for (const name of listed.state === 'ok' ? listed.value.filter(each => wanted.test(each)).slice(-MOST_LOCKS) : []) {
      const info = await host.files.inspect(join(directory, name));
      if (info.state === 'ok' && info.value.kind === 'file') {
        infos.set(name, info.value);
      }
    }
    if (host.epochMs() - mtimeMs > RACY_MS) {
      seen.set(directory, {stamp, infos});
    }
    return infos;
  };

  return async (directory, wanted, table) => {
    const inodes = new Set(table.known ? table.value.map(({inode}) => inode) : []);
    const held: HeldLock[] = [];
    for (const [name, info] of inodes.size === 0 ? [] : await infosOf(directory, wanted)) {
      const holder = inodes.has(info.inode) ? lockHolder(table, info) : null;
      if (holder?.known === true && holder.value !== null && holder.value > 0) {
        held.push({name, file: join(directory, name), pid: holder.value});
      }
    }
    return held;
  };
};
