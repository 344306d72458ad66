// Who has a file or a directory open, stands in it or runs it, as lsof(8) and fuser(1) look for it.
import {readFileSync, statSync} from 'node:fs';
import {type Known, known, unknown} from '../domain/known.ts';
import {isInside, parentDirectory} from '../domain/paths.ts';
import {monotonicNow} from './clock.ts';
import {createProcReader, type ProcReader} from './proc-read.ts';

type IsMeant = (link: string, followed: string) => boolean;

/** `PATH` that very file, `PATH/*` a directory with what lies in it, `PATH/**` with everything below. */
const testOf = (path: string): IsMeant | null => {
  const below = /\/\*\*?$/.exec(path);
  if (below !== null) {
    const directory = path.slice(0, below.index) || '/';
    return below[0] === '/**' ? link => isInside(link, directory) : link => link === directory || parentDirectory(link) === directory;
  }
  const wanted = statSync(path, {throwIfNoEntry: false});
  if (wanted === undefined) {
    return null;
  }
  return (link, followed) => {
    // The name decides where it can; another name may still be the same file.
    if (link === path) {
      return true;
    }
    const found = link.startsWith('/') && wanted.nlink > 1 && wanted.isFile() ? statSync(followed, {throwIfNoEntry: false}) : undefined;
    return found !== undefined && found.ino === wanted.ino && found.dev === wanted.dev;
  };
};

const mapped = (root: string, pid: string, isMeant: IsMeant): boolean => {
  try {
    return readFileSync(`${root}/${pid}/maps`, 'utf8')
      .split('\n')
      .some(line => {
        const path = line.slice(73).trim();
        return path.startsWith('/') && isMeant(path, path);
      });
  } catch {
    return false;
  }
};

const linksOf = (reader: ProcReader, root: string, pid: string): readonly string[] => {
  const descriptors = reader.names(`${root}/${pid}/fd`);
  return ['cwd', 'root', 'exe', ...(descriptors.ok ? descriptors.value.map(name => `fd/${name}`) : [])];
};

/** Pids, ascending. Unknown where /proc cannot be listed or it takes longer than `deadlineMs`. */
export const readOpenFiles = (path: string, deadlineMs: number, root = '/proc'): Known<readonly number[]> => {
  const reader = createProcReader();
  const isMeant = testOf(path);
  const names = reader.names(root);
  const end = monotonicNow() + deadlineMs;
  if (!names.ok) {
    return unknown(`${root} cannot be listed: ${names.because}`);
  }
  const pids: number[] = [];
  for (const name of isMeant === null ? [] : names.value.filter(each => /^\d+$/.test(each))) {
    if (monotonicNow() > end) {
      return unknown(`who has ${path} open was not found within ${Math.round(deadlineMs)} ms`);
    }
    const isHolder = linksOf(reader, root, name).some(link => {
      const at = `${root}/${name}/${link}`;
      const target = reader.link(at);
      return target.ok && isMeant?.(target.value, at) === true;
    });
    if (isMeant !== null && (isHolder || mapped(root, name, isMeant))) {
      pids.push(Number(name));
    }
  }
  return known(pids.sort((a, b) => a - b));
};
