// Appends one line to a file of another program, under that program's lock: opened here, without links, never by a name given to others. Writes.
import {constants} from 'node:fs';
import type {FileHandle} from 'node:fs/promises';
import {reasonOf} from './files.ts';
import type {Host} from './host.ts';
import {type Demands, openRegular} from './regular-file.ts';
import type {Written} from './state-files.ts';

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
/** As the town's own tools make it. */
const MODE = 0o644;
const LOCK_TIMEOUT_MS = 4000;
/** flock(1): seconds to wait for another writer. */
const LOCK_WAIT_S = '2';
/** Descriptor of the lock file in flock(1). */
const LOCK_FD = 3;

/**
 * flock(2) belongs to the open file: flock(1) takes it on the descriptor that it inherits and ends, and ours keeps it until it is closed.
 * Where there is no flock(1) the append alone has to do: one short write with O_APPEND is never torn (open(2)).
 */
const takeFlock = async (host: Host, lock: FileHandle): Promise<Written> => {
  const ran = await host.run('flock', ['-w', LOCK_WAIT_S, String(LOCK_FD)], {timeoutMs: LOCK_TIMEOUT_MS, inherit: lock.fd});
  if (ran.trouble === 'missing' || ran.exitCode === 0) {
    return {ok: true};
  }
  return {ok: false, because: ran.trouble ?? (ran.stderr.trim() || 'another writer holds its lock')};
};

/**
 * Append `line` to `path` while holding `path`.lock. Both must be the user's own regular files with one name that others cannot write, and
 * so must the directory have been found by the caller; they are made where they are missing.
 */
export const appendUnderLock = async (host: Host, path: string, line: string): Promise<Written> => {
  const demands: Demands = {owner: host.uid, without: 0o002, single: true};
  try {
    const lock = await openRegular(`${path}.lock`, APPEND, demands, MODE);
    try {
      const taken = await takeFlock(host, lock);
      if (!taken.ok) {
        return taken;
      }
      const feed = await openRegular(path, APPEND, demands, MODE);
      try {
        const bytes = Buffer.from(`${line}\n`);
        const {bytesWritten} = await feed.write(bytes);
        return bytesWritten === bytes.length
          ? {ok: true}
          : {ok: false, because: `only ${bytesWritten} of ${bytes.length} bytes were written`};
      } finally {
        await feed.close();
      }
    } finally {
      await lock.close();
    }
  } catch (error) {
    return {ok: false, because: reasonOf(error)};
  }
};
