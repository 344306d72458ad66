// Makes a file that nobody may have made before, whole or not at all. Writes.
import {linkSync, mkdirSync, unlinkSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {codeOf, reasonOf} from './files.ts';
import {randomHex} from './random-hex.ts';

export type Placed = {readonly result: 'placed' | 'taken'} | {readonly result: 'failed'; readonly because: string};

/**
 * Written under a name of its own and linked into place (link(2) never overwrites), so that whoever sees the file sees all of it.
 * Its directory is made where it is missing, below a parent that must exist.
 */
export const placeFile = (path: string, text: string, mode: number): Placed => {
  const own = `${path}.${process.pid}.${randomHex(4)}`;
  try {
    try {
      mkdirSync(dirname(path), {mode: 0o755});
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') {
        throw error;
      }
    }
    writeFileSync(own, text, {flag: 'wx', mode});
    try {
      linkSync(own, path);
      return {result: 'placed'};
    } finally {
      unlinkSync(own);
    }
  } catch (error) {
    return codeOf(error) === 'EEXIST' ? {result: 'taken'} : {result: 'failed', because: reasonOf(error)};
  }
};
