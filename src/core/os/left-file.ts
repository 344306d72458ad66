// A small file that a running rigtop leaves for the others of its user, read in one synchronous turn by what must start fast. Reads only.
import {lstatSync} from 'node:fs';
import {readRegularSync} from './regular-file.ts';
import {ownFile} from './state-files.ts';

export interface Left {
  readonly text: string;
  /** When it was written or touched: milliseconds since the epoch. */
  readonly at: number;
}

/** Null where there is none that is a regular file of this user's, closed to others and no larger. */
export const readLeft = (path: string, maxBytes: number): Left | null => {
  try {
    const {mtimeMs} = lstatSync(path);
    return {text: readRegularSync(path, maxBytes, ownFile()).toString('utf8'), at: mtimeMs};
  } catch {
    return null;
  }
};
