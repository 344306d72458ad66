// Looks for agent locks below whole directories: slow, asked for by name only, and stopped at a deadline. Reads files.
import type {LockFile} from '../../../core/domain/town.ts';
import type {Host} from '../../../core/os/host.ts';
import {readLockFile} from './read-lock.ts';

/** Directories that hold what tools make or fetch, never a worker. */
const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  '.repo.git',
  'node_modules',
  'vendor',
  'target',
  'build',
  'dist',
  '.gradle',
  '.m2',
  'bazel-out',
  'bazel-bin',
  '.dolt-data',
  '.dolt-backup',
]);

/** Directories read at the same time. */
const WIDTH = 16;

export interface LockScan {
  readonly files: readonly LockFile[];
  /** Locks and directories that are there and could not be read. */
  readonly troubles: readonly {readonly path: string; readonly because: string}[];
  readonly directories: number;
  /** True when the deadline came first: what was not reached is unknown. */
  readonly stopped: boolean;
}

/** Every `.runtime/agent.lock` below `roots`, links not followed. `onProgress` is told how many directories were read so far. */
export const scanLocks = async (
  host: Host,
  roots: readonly string[],
  deadlineMs: number,
  onProgress: (directories: number) => void = () => {},
): Promise<LockScan> => {
  const endsAt = host.monotonicMs() + deadlineMs;
  const queue = [...roots];
  const files: LockFile[] = [];
  const troubles: {path: string; because: string}[] = [];
  let directories = 0;

  const visit = async (directory: string): Promise<void> => {
    const listed = await host.files.listDirectories(directory);
    directories += 1;
    if (listed.state !== 'ok') {
      if (listed.state === 'unknown') {
        troubles.push({path: directory, because: listed.because});
      }
      return;
    }
    for (const name of listed.value) {
      if (name === '.runtime') {
        const lock = await readLockFile(host, `${directory}/.runtime/agent.lock`);
        if (lock.state === 'ok') {
          files.push(lock.value);
        } else if (lock.state === 'unknown') {
          troubles.push({path: `${directory}/.runtime/agent.lock`, because: lock.because});
        }
      } else if (!SKIPPED.has(name)) {
        queue.push(`${directory}/${name}`);
      }
    }
  };

  while (queue.length > 0 && host.monotonicMs() < endsAt) {
    await Promise.all(queue.splice(-WIDTH).map(visit));
    onProgress(directories);
  }
  return {files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), troubles, directories, stopped: queue.length > 0};
};
