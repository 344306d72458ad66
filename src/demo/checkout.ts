// Makes git repositories and linked work trees by hand (gitrepository-layout(5)): git is not needed to show a fleet. Writes files.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const write = (path: string, text: string): void => writeFileSync(path, `${text}\n`);

/** An empty repository on branch main. */
export const makeRepository = (root: string): void => {
  const git = join(root, '.git');
  for (const folder of ['objects', 'refs/heads', 'worktrees']) {
    mkdirSync(join(git, folder), {recursive: true});
  }
  write(join(git, 'HEAD'), 'ref: refs/heads/main');
  write(join(git, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false');
};

/** A work tree of the repository at `root`, on a branch of its own. */
export const makeWorktree = (root: string, path: string, branch: string): void => {
  const link = join(root, '.git', 'worktrees', branch);
  mkdirSync(link, {recursive: true});
  mkdirSync(path, {recursive: true});
  write(join(link, 'HEAD'), `ref: refs/heads/${branch}`);
  write(join(link, 'commondir'), '../..');
  write(join(link, 'gitdir'), join(path, '.git'));
  write(join(path, '.git'), `gitdir: ${link}`);
};
