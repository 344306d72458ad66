// A settings file of another program: read, and put in place of the one that was read, as a whole or not at all.
import {constants} from 'node:fs';
import {lstat, mkdir, open, realpath, rename, rmdir, unlink} from 'node:fs/promises';
import {dirname} from 'node:path';
import {isInside} from '../domain/paths.ts';
import {codeOf, readOpened, reasonOf} from './files.ts';
import {randomHex} from './random-hex.ts';
import {openRegular, RefusedFile} from './regular-file.ts';
import {ownFile, type Written} from './state-files.ts';

/** Claude Code keeps its history of projects in such a file. */
const MOST_BYTES = 32 * 1024 * 1024;
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const PERMISSIONS = 0o777;

/** What such a file says now. `missing`: nobody has written it yet. */
export type SettingsText =
  | {readonly state: 'ok'; readonly text: string; readonly isLinked: boolean}
  | {readonly state: 'missing'}
  | {readonly state: 'unusable'; readonly because: string};

/** People keep their settings in a directory of their own and link to them: what is written is the file behind the link. */
const realFile = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    const link = await lstat(path).catch(() => null);
    if (codeOf(error) === 'ENOENT' && link === null) {
      return path;
    }
    throw codeOf(error) === 'ENOENT' ? new RefusedFile('is a link to nothing') : error;
  }
};

const readReal = async (path: string, real: string): Promise<SettingsText> => {
  const read = await readOpened(await openRegular(real, constants.O_RDONLY, ownFile()), MOST_BYTES);
  switch (read.state) {
    case 'ok':
      return {state: 'ok', text: read.value, isLinked: (await lstat(path)).isSymbolicLink()};
    case 'missing':
      return {state: 'missing'};
    case 'unknown':
      return {state: 'unusable', because: read.because};
  }
};

/** A file of the user's own that nobody else may write, behind a link or not. */
export const readSettings = async (path: string): Promise<SettingsText> => {
  try {
    return await readReal(path, await realFile(path));
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? {state: 'missing'} : {state: 'unusable', because: reasonOf(error)};
  }
};

/**
 * Puts `text` in its place, where it still says what `before` was read from it (null: there was none): its program may have written it
 * meanwhile. Written beside it, to the disk, and renamed (rename(2)); the permissions stay.
 */
export const replaceSettings = async (path: string, before: string | null, text: string): Promise<Written> => {
  let aside: string | null = null;
  try {
    const real = await realFile(path);
    await mkdir(dirname(real), {recursive: true, mode: PRIVATE_DIRECTORY});
    const mode = (await lstat(real).catch(() => null))?.mode ?? PRIVATE_FILE;
    const written = `${real}.rigtop-${randomHex(4)}`;
    const handle = await open(written, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, PRIVATE_FILE);
    aside = written;
    try {
      await handle.writeFile(text);
      await handle.chmod(mode & PERMISSIONS);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const now = await readSettings(path);
    const same = now.state === 'missing' ? before === null : now.state === 'ok' && now.text === before;
    if (!same) {
      throw new RefusedFile(now.state === 'unusable' ? now.because : 'was changed meanwhile');
    }
    await rename(written, real);
    return {ok: true};
  } catch (error) {
    if (aside !== null) {
      await unlink(aside).catch(() => undefined);
    }
    return {ok: false, because: reasonOf(error)};
  }
};

/** Takes empty directories away from this one upwards, as they are where `replaceSettings` has made them: private, and below `home`. */
const removeEmpty = async (directory: string, home: string): Promise<void> => {
  if (directory === home || !isInside(directory, home)) {
    return;
  }
  const stat = await lstat(directory);
  if (stat.isDirectory() && (stat.mode & PERMISSIONS) === PRIVATE_DIRECTORY) {
    await rmdir(directory);
    await removeEmpty(dirname(directory), home);
  }
};

/** Takes the file away, where it still says what was read from it, and the directories that are empty without it. */
export const removeSettings = async (path: string, before: string, home: string): Promise<Written> => {
  try {
    const now = await readSettings(path);
    if (now.state !== 'ok' || now.text !== before) {
      throw new RefusedFile(now.state === 'unusable' ? now.because : 'was changed meanwhile');
    }
    await unlink(path);
  } catch (error) {
    return {ok: false, because: reasonOf(error)};
  }
  // What is not empty stays.
  await removeEmpty(dirname(path), home).catch(() => undefined);
  return {ok: true};
};
