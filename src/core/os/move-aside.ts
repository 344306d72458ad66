// Renames a file only while it holds what was read before, and puts it back when somebody was faster. Writes.
import {createHash} from 'node:crypto';
import {linkSync, lstatSync, renameSync, unlinkSync} from 'node:fs';
import {codeOf, reasonOf} from './files.ts';
import {readRegularSync} from './regular-file.ts';

export type Moved = {readonly result: 'moved' | 'missing'} | {readonly result: 'changed' | 'failed'; readonly because: string};

/** A lock is a few lines; what is larger is none, and is left alone. */
const MOST_BYTES = 1024 * 1024;

const digestAt = (path: string): string => createHash('sha256').update(readRegularSync(path, MOST_BYTES)).digest('hex');

const exists = (path: string): boolean => lstatSync(path, {throwIfNoEntry: false}) !== undefined;

/** A writer replaced the file between our reading and our rename(2): its file goes back, unless it has written yet another one. */
const putBack = (path: string, aside: string): void => {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error;
    }
  }
  unlinkSync(aside);
};

/**
 * Move `path` to `aside`, a name that nobody has, if its content still has this SHA-256. All in one synchronous turn, so that
 * only other processes can come in between; what was moved is read again, because one of them may have. Never overwrites.
 */
export const moveAside = (path: string, aside: string, digest: string): Moved => {
  try {
    const info = lstatSync(path, {throwIfNoEntry: false});
    if (info === undefined) {
      return {result: 'missing'};
    }
    if (!info.isFile()) {
      return {result: 'changed', because: 'it is no regular file any more'};
    }
    if (digestAt(path) !== digest) {
      return {result: 'changed', because: 'its content is another one now'};
    }
    if (exists(aside)) {
      return {result: 'failed', because: `${aside} exists already`};
    }
    renameSync(path, aside);
    if (digestAt(aside) !== digest) {
      putBack(path, aside);
      return {result: 'changed', because: 'it was written anew just then'};
    }
    return {result: 'moved'};
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? {result: 'missing'} : {result: 'failed', because: reasonOf(error)};
  }
};
