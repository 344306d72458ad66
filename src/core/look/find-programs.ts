// Which programs that plans may call are on PATH, and where. Looked up seldom, by looking at files: nothing is run. Reads only.
import {isAbsolute, join} from 'node:path';
import type {Host} from '../os/host.ts';

/** What plans call that is no source's own. */
const WANTED = ['docker', 'tmux'];

const LIFE_MS = 30_000;
const EXECUTABLE = 0o111;

/** Absolute path by name, of those that are there. `others`: starters and stoppers of the sources, the proper way to restart what they own. */
export const createProgramFinder = (host: Host, others: readonly string[]): (() => Promise<ReadonlyMap<string, string>>) => {
  const wanted = [...new Set([...others, ...WANTED])];
  let found: ReadonlyMap<string, string> = new Map();
  let at = Number.NEGATIVE_INFINITY;

  // A link is followed by realPath, because package managers put links on PATH.
  const isProgram = async (path: string): Promise<boolean> => {
    const real = await host.files.realPath(path);
    const info = real.state === 'ok' ? await host.files.inspect(real.value) : real;
    return info.state === 'ok' && info.value.kind === 'file' && (info.value.mode & EXECUTABLE) !== 0;
  };

  const locate = async (name: string, directories: readonly string[]): Promise<string | null> => {
    for (const directory of directories) {
      if (await isProgram(join(directory, name))) {
        return join(directory, name);
      }
    }
    return null;
  };

  return async () => {
    if (host.monotonicMs() - at >= LIFE_MS) {
      const directories = (host.env.PATH ?? '').split(':').filter(isAbsolute);
      const located = await Promise.all(wanted.map(async name => [name, await locate(name, directories)] as const));
      found = new Map(located.flatMap(([name, path]) => (path === null ? [] : [[name, path]])));
      at = host.monotonicMs();
    }
    return found;
  };
};
