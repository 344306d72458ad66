// A lock that is a file: made only where there is none, and named after its holder, so that a dead holder's lock can be told. Node has no flock(2).
import {constants} from 'node:fs';
import {link, open, unlink} from 'node:fs/promises';
import {dirname} from 'node:path';
import {codeOf, reasonOf} from './files.ts';
import {randomHex} from './random-hex.ts';
import {openRegular} from './regular-file.ts';
import {ensureOwnDirectory, ownFile} from './state-files.ts';

export interface LockHolder {
  readonly pid: number;
  readonly startTime: number;
  readonly bootId: string | null;
}

export type Locked =
  | {
      readonly state: 'held';
      /** Read anew: a lock can be taken away by hand, or by a host that shares the directory. `gone`: there is none any more. */
      check(): Promise<'ours' | 'gone' | 'another' | 'unknown'>;
      /** Does not throw: what cannot be removed is cleared by the next one, once we are gone. */
      release(): Promise<void>;
    }
  | {readonly state: 'busy'; readonly holder: LockHolder | null}
  | {readonly state: 'failed'; readonly because: string};

export interface LockParts {
  readonly own: LockHolder;
  /** Whether a process is still the same one: `false` only when that is proven. */
  isAlive(holder: LockHolder): boolean;
}

/** Bytes of a lock; a longer file is none, and does not parse. */
const LONGEST = 4096;

const parseHolder = (text: string): LockHolder | null => {
  try {
    const {pid, startTime, bootId} = JSON.parse(text) as Partial<LockHolder>;
    return typeof pid === 'number' && typeof startTime === 'number' && (typeof bootId === 'string' || bootId === null)
      ? {pid, startTime, bootId}
      : null;
  } catch {
    return null;
  }
};

/** Who a lock names; null when there is none, or it cannot be read or understood. */
export const readLockHolder = async (path: string): Promise<LockHolder | null> => {
  const text = await read(path).catch(() => null);
  return text === null ? null : parseHolder(text);
};

const sameHolder = (a: LockHolder, b: LockHolder): boolean => a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;

/** A holder of another boot is gone: pids start afresh. An unreadable lock may be one that is just being written: busy. */
const isStale = (holder: LockHolder | null, {own, isAlive}: LockParts): boolean =>
  holder !== null && ((holder.bootId !== null && own.bootId !== null && holder.bootId !== own.bootId) || !isAlive(holder));

/** Whose a lock is that holds `now`; ours holds `own`. */
const whoseLock = (now: string | null, own: string): 'ours' | 'gone' | 'another' => {
  if (now === null) {
    return 'gone';
  }
  return now === own ? 'ours' : 'another';
};

/** Write the holder under a name of its own and link(2) it into place: whoever sees the lock sees all of it. */
const place = async (path: string, text: string): Promise<boolean> => {
  const own = `${path}.${process.pid}.${randomHex(4)}`;
  const handle = await open(own, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(text);
    // Or a loss of power could leave a lock of nobody, which nobody dares to clear.
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await unlink(own);
  }
};

const read = async (path: string): Promise<string | null> => {
  try {
    const handle = await openRegular(path, constants.O_RDONLY, ownFile());
    try {
      const {buffer, bytesRead} = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
};

/**
 * Remove a dead holder's lock, one remover at a time: between the look of another and its unlink(2) the lock may have been taken by a
 * living one. Removers take a lock of their own, in which no one but a remover that died stands in the way of the next.
 */
const clear = async (path: string, stale: LockHolder, parts: LockParts): Promise<void> => {
  const alone = await takeLock(`${path}.clear`, parts);
  if (alone.state !== 'held') {
    return;
  }
  try {
    const seen = parseHolder((await read(path)) ?? '');
    if (seen !== null && sameHolder(seen, stale)) {
      await unlink(path);
    }
  } finally {
    await alone.release();
  }
};

const ATTEMPTS = 3;

/** Take the lock, or say who has it. Does not wait. */
export const takeLock = async (path: string, parts: LockParts): Promise<Locked> => {
  const text = JSON.stringify(parts.own);
  try {
    await ensureOwnDirectory(dirname(path));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await place(path, text)) {
        return {
          state: 'held',
          check: () =>
            read(path).then(
              now => whoseLock(now, text),
              () => 'unknown',
            ),
          release: async () => {
            if ((await read(path).catch(() => null)) === text) {
              await unlink(path).catch(() => undefined);
            }
          },
        };
      }
      const seen = await read(path);
      const holder = seen === null ? null : parseHolder(seen);
      if (seen !== null && (holder === null || !isStale(holder, parts))) {
        return {state: 'busy', holder};
      }
      if (holder !== null) {
        await clear(path, holder, parts);
      }
    }
    return {state: 'busy', holder: null};
  } catch (error) {
    return {state: 'failed', because: reasonOf(error)};
  }
};
