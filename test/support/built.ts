// The built program, up to date with its sources: built at most once, however many test files ask for it at the same time.
import {execFile} from 'node:child_process';
import {mkdirSync, readdirSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {waitFor} from './wait-for.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = join(top, 'node_modules', '.rigtop-build');
const STALE_LOCK_MS = 120_000;

/** The installed command's own file. */
export const BINARY = join(top, 'dist', 'rigtop.js');

const newest = (directory: string): number =>
  Math.max(
    ...readdirSync(directory, {recursive: true, withFileTypes: true}).map(entry =>
      entry.isFile() ? statSync(join(entry.parentPath, entry.name)).mtimeMs : 0,
    ),
  );

/** Every build sets the mode of the launcher, and rewrites only what has changed: the change time tells when it ran (chmod(2)). */
const builtAt = (): number => statSync(BINARY, {throwIfNoEntry: false})?.ctimeMs ?? 0;

const lock = (): boolean => {
  const held = statSync(LOCK, {throwIfNoEntry: false});
  if (held !== undefined && Date.now() - held.mtimeMs > STALE_LOCK_MS) {
    rmSync(LOCK, {recursive: true, force: true});
  }
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
};

const sourcesAt = (): number => Math.max(newest(join(top, 'src')), newest(join(top, 'scripts')));

let ready: Promise<string> | null = null;

const build = async (): Promise<string> => {
  await waitFor('another build to end', lock, {deadlineMs: STALE_LOCK_MS});
  try {
    if (builtAt() < sourcesAt()) {
      await promisify(execFile)(process.execPath, [join(top, 'scripts', 'build.mjs')], {cwd: top});
    }
  } finally {
    rmSync(LOCK, {recursive: true, force: true});
  }
  return BINARY;
};

/** Path of `dist/rigtop.js`; with RIGTOP_TEST_BINARY set, another build is tested instead: an installed package. */
export const builtBinary = (): Promise<string> => {
  const {RIGTOP_TEST_BINARY: other} = process.env;
  ready ??= other ? Promise.resolve(other) : build();
  return ready;
};
