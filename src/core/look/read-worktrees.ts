// Work trees of a repository from its files (gitrepository-layout(5)): git is not run, so nothing that a repository names is. Reads only.
import {basename, dirname, join, resolve} from 'node:path';
import {NOT_ASKED} from '../domain/known.ts';
import type {Worktree} from '../domain/repo.ts';
import type {FileRead, Files} from '../os/host.ts';

/** The directory that all work trees of a repository share, links resolved; its trees are listed in `worktrees` below it. */
export interface Repository {
  readonly common: string;
  /** Top of the main work tree; of a bare repository the repository itself. */
  readonly mainRoot: string;
}

export interface WorktreeList {
  readonly worktrees: readonly Worktree[];
  /** Directories that the repository calls its own and that do not say so themselves. */
  readonly unproven: number;
}

const SMALL = 64 * 1024;
/** git adds them one by one, by hand or by a tool; a repository with more of them wants something else. */
const MOST_TREES = 1000;

const withoutNewline = (text: string): string => text.replace(/\r?\n$/, '');

const textOf = async (files: Files, path: string, within: string): Promise<string | null> => {
  const read = await files.readText(path, SMALL, within);
  return read.state === 'ok' ? withoutNewline(read.value) : null;
};

const kindAt = async (files: Files, path: string): Promise<string> => {
  const info = await files.inspect(path);
  return info.state === 'ok' ? info.value.kind : info.state;
};

const realPathOr = async (files: Files, path: string): Promise<string> => {
  const real = await files.realPath(path);
  return real.state === 'ok' ? real.value : path;
};

const parsePointer = (text: string | null): string | null => (text === null ? null : (/^gitdir: (.+)$/s.exec(text)?.[1] ?? null));

/** The `.git` of one directory: the repository's own directory for it; null when there is none. */
const gitDirectoryAt = async (files: Files, directory: string): Promise<string | null> => {
  const mark = join(directory, '.git');
  const kind = await kindAt(files, mark);
  if (kind === 'directory' || kind === 'link') {
    return mark;
  }
  const pointer = kind === 'file' ? parsePointer(await textOf(files, mark, directory)) : null;
  if (pointer !== null) {
    return resolve(directory, pointer);
  }
  const isBare =
    (await kindAt(files, join(directory, 'objects'))) === 'directory' && (await kindAt(files, join(directory, 'HEAD'))) === 'file';
  return isBare ? directory : null;
};

/** The repository that a directory lies in, found upwards as git finds it. */
export const findRepository = async (files: Files, start: string): Promise<FileRead<Repository>> => {
  for (let directory = start; ; directory = dirname(directory)) {
    const own = await gitDirectoryAt(files, directory);
    if (own !== null) {
      const shared = await textOf(files, join(own, 'commondir'), own);
      const real = await files.realPath(shared === null ? own : resolve(own, shared));
      if (real.state !== 'ok') {
        return {state: 'unknown', because: `${directory} points to a repository that cannot be looked at`};
      }
      const common = real.value;
      return {state: 'ok', value: {common, mainRoot: basename(common) === '.git' ? dirname(common) : common}};
    }
    if (directory === dirname(directory)) {
      return {state: 'missing'};
    }
  }
};

/** The branch that a HEAD names (gitrepository-layout(5)); null where it names none. */
export const branchIn = (head: string | null): string | null => {
  const branch = head === null ? undefined : /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  // What a repository that keeps its references in another format has there.
  return branch === undefined || branch === '.invalid' ? null : branch;
};

const ABSENT = 'gitdir file points to non-existent location';

/**
 * One linked work tree. It counts when the two point at each other; when it is gone, while nothing else is in its place: otherwise any
 * repository could call any directory its own. `null`: not proven.
 */
const readLinked = async (files: Files, {common, mainRoot}: Repository, id: string): Promise<Worktree | null> => {
  const own = join(common, 'worktrees', id);
  const text = await textOf(files, join(own, 'gitdir'), common);
  if (text === null) {
    return null;
  }
  const mark = resolve(own, text);
  const path = dirname(mark);
  const there = await kindAt(files, mark);
  const back = there === 'file' ? parsePointer(await textOf(files, mark, path)) : null;
  const isProven = back !== null && (await realPathOr(files, resolve(path, back))) === (await realPathOr(files, own));
  const isGone = there === 'missing' && (await kindAt(files, path)) === 'missing';
  if (basename(mark) !== '.git' || !(isProven || isGone)) {
    return null;
  }
  const locked = await textOf(files, join(own, 'locked'), common);
  return {
    path,
    mainRoot,
    main: false,
    branch: branchIn(await textOf(files, join(own, 'HEAD'), common)),
    locked,
    prunable: isGone && locked === null ? ABSENT : null,
    dirty: NOT_ASKED,
  };
};

/** All of them, the main one first. */
export const readWorktrees = async (files: Files, repository: Repository): Promise<WorktreeList> => {
  const {common, mainRoot} = repository;
  const head = await textOf(files, join(common, 'HEAD'), common);
  const main: Worktree = {
    path: mainRoot,
    mainRoot,
    main: true,
    branch: mainRoot === common ? null : branchIn(head),
    locked: null,
    prunable: null,
    dirty: NOT_ASKED,
  };
  const listed = await files.listDirectories(join(common, 'worktrees'));
  const ids = listed.state === 'ok' ? listed.value.slice(0, MOST_TREES) : [];
  const linked = await Promise.all(ids.map(id => readLinked(files, repository, id)));
  const proven = linked.filter(tree => tree !== null);
  return {
    worktrees: [main, ...proven],
    unproven: linked.length - proven.length + (listed.state === 'ok' ? listed.value.length - ids.length : 0),
  };
};
