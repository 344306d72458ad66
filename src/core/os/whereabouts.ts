// Where a process stands and whose home it has, also where the directory was removed under it or the user is in no list.
import {readlinkSync} from 'node:fs';
import {homedir} from 'node:os';

const DELETED = ' (deleted)';

const tryTo = (ask: () => string): string | null => {
  try {
    return ask();
  } catch {
    return null;
  }
};

/**
 * The working directory. getcwd(3) fails for one that was removed: then its former path, which leads nowhere, so that nothing that is
 * named from there is found by mistake; `/` where the system does not tell it. The process itself moves to `/` then: no program can be
 * started from nowhere.
 */
export const workingDirectory = (): string => {
  const directory = tryTo(() => process.cwd());
  if (directory !== null) {
    return directory;
  }
  const link = tryTo(() => readlinkSync('/proc/self/cwd')) ?? '/';
  process.chdir('/');
  return link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : link;
};

/** HOME, else what the system's list of users says, else `/`: a user without an entry has no home. An empty HOME is none. */
export const homeDirectory = (env: Readonly<Record<string, string | undefined>>): string => env.HOME || (tryTo(homedir) ?? '/');
