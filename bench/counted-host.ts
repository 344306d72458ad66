// The real machine, counting what is asked of it.
import type {Host} from '../src/core/os/host.ts';
import {createHost} from '../src/core/os/real-host.ts';
import {MARKERS} from '../src/sources/sources.ts';

export interface Counts {
  programs: number;
  reads: number;
  lists: number;
  inspections: number;
}

export interface CountedHost {
  readonly host: Host;
  /** Since the last call. */
  take(): Readonly<Counts>;
}

const none = (): Counts => ({programs: 0, reads: 0, lists: 0, inspections: 0});

/** What the kernel makes up when asked is no file that could be unchanged. */
const onDisk = (path: string): number => (path.startsWith('/proc/') ? 0 : 1);

export const createCountedHost = (env: Readonly<Record<string, string | undefined>>, cwd: string): CountedHost => {
  const real = createHost({markers: MARKERS, env, cwd});
  let counts = none();
  const {files} = real;
  return {
    host: {
      ...real,
      run: (...call) => {
        counts.programs += 1;
        return real.run(...call);
      },
      files: {
        ...files,
        readText: (path, ...more) => {
          counts.reads += onDisk(path);
          return files.readText(path, ...more);
        },
        readTail: (path, ...more) => {
          counts.reads += onDisk(path);
          return files.readTail(path, ...more);
        },
        list: path => {
          counts.lists += 1;
          return files.list(path);
        },
        inspect: path => {
          counts.inspections += 1;
          return files.inspect(path);
        },
      },
    },
    take: () => {
      const taken = counts;
      counts = none();
      return taken;
    },
  };
};
