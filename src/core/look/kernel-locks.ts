// Who holds a flock, by the kernel's own list: asking does not need to take the lock. Parser pure; the reader reads /proc/locks.
import {type Known, known, unknown} from '../domain/known.ts';
import type {FileInfo, Host} from '../os/host.ts';

export interface KernelLock {
  readonly pid: number;
  /** `major:minor` of the device in hexadecimal, as printed. */
  readonly device: string;
  readonly inode: number;
}

/** Lines of /proc/locks (proc_locks(5)): `1: FLOCK  ADVISORY  WRITE 708 08:01:4423 0 EOF`. Waiters (`->`) hold nothing. */
export const parseKernelLocks = (text: string): readonly KernelLock[] =>
  text.split('\n').flatMap(line => {
    const [, type, , , pid, where] = line.trim().split(/\s+/);
    const place = /^([0-9a-f]+:[0-9a-f]+):(\d+)$/.exec(where ?? '');
    const [, device, inode] = place ?? [];
    return type === undefined || type === '->' || device === undefined ? [] : [{pid: Number(pid), device, inode: Number(inode)}];
  });

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** st_dev as /proc/locks prints it. The bits of major and minor are interleaved (glibc gnu_dev_major, makedev(3)). */
export const deviceName = (device: number): string => {
  const wide = BigInt(device);
  const major = Number(((wide >> 8n) & 0xfffn) | ((wide >> 32n) & 0xfffff000n));
  const minor = Number((wide & 0xffn) | ((wide >> 12n) & 0xffffff00n));
  return `${hex(major)}:${hex(minor)}`;
};

export type LockTable = Known<readonly KernelLock[]>;

/** The list as it is now; unknown where the kernel offers none. */
export const readKernelLocks = async (host: Host): Promise<LockTable> => {
  if (host.platform !== 'linux') {
    return unknown(`${host.platform} does not tell who holds a lock`);
  }
  const text = await host.files.readText('/proc/locks');
  return text.state === 'ok' ? known(parseKernelLocks(text.value)) : unknown('/proc/locks cannot be read');
};

/**
 * Pid that holds a flock on this very file, null for nobody. On file systems that show programs another device number than the
 * kernel uses (btrfs, overlayfs) only the inode can match: that proves nothing, hence unknown.
 */
export const lockHolder = (table: LockTable, file: FileInfo): Known<number | null> => {
  if (!table.known) {
    return table;
  }
  const sameInode = table.value.filter(lock => lock.inode === file.inode);
  const exact = sameInode.find(lock => lock.device === deviceName(file.device));
  if (exact !== undefined) {
    return known(exact.pid);
  }
  return sameInode.length === 0 ? known(null) : unknown('a lock on the same inode of another device exists');
};
