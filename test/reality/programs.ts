// The real programs of `npm run test:reality`: pinned versions from npm, each in a directory of its own in a cache outside the project.
import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import list from './programs.json' with {type: 'json'};

export type ProgramName = keyof typeof list;

interface Pinned {
  readonly package: string;
  readonly version: string;
  /** What it wants installed beside it. */
  readonly beside?: Readonly<Record<string, string>>;
}

export const PROGRAMS: Readonly<Record<ProgramName, Pinned>> = list;

/** $RIGTOP_REALITY_CACHE, else `rigtop-reality` where caches live (XDG base directory specification). */
export const cacheDirectory = (): string => {
  const {RIGTOP_REALITY_CACHE: own, XDG_CACHE_HOME: caches} = process.env;
  return own || join(caches || join(homedir(), '.cache'), 'rigtop-reality');
};

const directoryOf = (name: ProgramName): string => join(cacheDirectory(), `${name}@${PROGRAMS[name].version}`);

/** A file of an installed program's package directory. */
export const packageFile = (name: ProgramName, path: string): string =>
  join(directoryOf(name), 'node_modules', PROGRAMS[name].package, path);

/** The directory with the commands that npm made for it. */
export const binDirectory = (name: ProgramName): string => join(directoryOf(name), 'node_modules', '.bin');

const MINUTES_MS = 60_000;
/** The largest are 250 MB. */
const INSTALL_MS = 8 * MINUTES_MS;
/** More at a time only wait for the same line. */
const AT_A_TIME = 3;

/** Null when it is there; else npm's last words. A directory of that name is a finished one: it is renamed into place. */
const install = async (name: ProgramName): Promise<string | null> => {
  const place = directoryOf(name);
  if (existsSync(place)) {
    return null;
  }
  const {package: wanted, version, beside = {}} = PROGRAMS[name];
  const unfinished = `${place}.${process.pid}`;
  mkdirSync(unfinished, {recursive: true});
  writeFileSync(
    join(unfinished, 'package.json'),
    JSON.stringify({private: true, dependencies: {[wanted]: version, ...beside}, allowScripts: {[wanted]: true}}),
  );
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], {
      cwd: unfinished,
      timeout: INSTALL_MS,
    });
    renameSync(unfinished, place);
    return null;
  } catch (error) {
    rmSync(unfinished, {recursive: true, force: true});
    const {stderr = '', message} = error as Error & {readonly stderr?: string};
    return (
      stderr
        .split('\n')
        .find(line => line.startsWith('npm error'))
        ?.replace(/^npm error\s*/, '') ?? message
    );
  }
};

export interface Installed {
  readonly name: ProgramName;
  readonly version: string;
  /** Why it could not be had, in npm's words. */
  readonly missing: string | null;
}

/** Installs what the cache has not, a few at a time. Never throws: what could not be had is in the answer. */
export const installPrograms = async (): Promise<readonly Installed[]> => {
  const waiting = Object.keys(PROGRAMS) as ProgramName[];
  const answers = new Map<ProgramName, string | null>();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      answers.set(name, await install(name));
    }
  };
  await Promise.all(Array.from({length: AT_A_TIME}, work));
  return [...answers].map(([name, missing]) => ({name, version: PROGRAMS[name].version, missing}));
};
