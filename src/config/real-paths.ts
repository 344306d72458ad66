// Paths as the kernel names them, links resolved: working directories of processes are told that way. Reads, never writes.
import {realpath} from 'node:fs/promises';
import {dirname, join, relative} from 'node:path';
import type {Settings} from '../core/domain/settings.ts';

/** An absolute path with its links resolved as far as it exists: what has been removed keeps its own last parts. Never throws. */
export const realPathOf = async (path: string): Promise<string> => {
  for (let above = path; ; above = dirname(above)) {
    try {
      return join(await realpath(above), relative(above, path));
    } catch {
      if (above === dirname(above)) {
        return path;
      }
    }
  }
};

const isGlob = (path: string): boolean => /[*?]/.test(path);

/** Places by the names that processes know them by. What is protected keeps the name that was written, too. */
export const withRealPaths = async (settings: Settings): Promise<Settings> => {
  const {rigs, protect} = settings;
  const kept = await Promise.all(protect.paths.filter(path => !isGlob(path)).map(realPathOf));
  return {
    ...settings,
    rigs: await Promise.all(rigs.map(async rig => ({...rig, path: await realPathOf(rig.path)}))),
    protect: {...protect, paths: [...new Set([...protect.paths, ...kept])]},
  };
};
