// Asks git about one checkout, where that cannot run a program of the checkout: the user's own, in files that say nothing of programs.
import {join, resolve} from 'node:path';
import {type Known, known, unknown} from '../domain/known.ts';
import type {CommandResult, Host} from '../os/host.ts';
import {findDanger, parseGitConfig, usesWorktreeConfig} from './git-config.ts';
import {findRepository} from './read-worktrees.ts';

const CONFIG_BYTES = 256 * 1024;

/** Where git is pointed to: it finds nothing by itself, neither upwards nor a bare repository that lies there as ordinary files. */
interface GitDirectories {
  readonly gitDirectory: string;
  readonly worktree: string;
}

export interface GitOptions {
  readonly timeoutMs: number;
  readonly maxBytes?: number;
}

export interface Git {
  /** Run it there. Whatever it is asked must not change anything, nor show differences (diff.external, textconv). */
  ask(args: readonly string[], options: GitOptions): Promise<CommandResult>;
}

/** Why a file of the repository is not to be believed: not the user's own; null when it is. */
const foreign = async ({files, uid}: Host, path: string): Promise<string | null> => {
  const info = await files.inspect(path);
  if (info.state !== 'ok') {
    return info.state === 'missing' ? null : `${path}: ${info.because}`;
  }
  return info.value.uid === uid ? null : `${path} belongs to user ${info.value.uid}`;
};

/** Why its configuration forbids asking; null when it allows it. */
const readConfig = async (
  {files}: Host,
  path: string,
  within: string,
): Promise<{readonly because: string | null; readonly more: boolean}> => {
  const text = await files.readText(path, CONFIG_BYTES, within);
  if (text.state === 'missing') {
    return {because: null, more: false};
  }
  const entries = text.state === 'ok' ? parseGitConfig(text.value) : null;
  if (entries === null) {
    return {because: `its configuration ${path} cannot be understood${text.state === 'unknown' ? `: ${text.because}` : ''}`, more: false};
  }
  const danger = findDanger(entries);
  return {
    because: danger === null ? null : `its configuration may run programs (${danger}); git is not asked`,
    more: usesWorktreeConfig(entries),
  };
};

const groundOf = async (host: Host, directory: string): Promise<Known<GitDirectories>> => {
  const {files} = host;
  const mark = await files.inspect(join(directory, '.git'));
  const repository = mark.state === 'ok' ? await findRepository(files, directory) : mark;
  if (mark.state !== 'ok' || repository.state !== 'ok') {
    return unknown(mark.state === 'missing' || repository.state === 'missing' ? 'not a git repository' : 'its .git cannot be looked at');
  }
  const {common} = repository.value;
  const pointer = mark.value.kind === 'file' ? await files.readText(join(directory, '.git'), CONFIG_BYTES, directory) : null;
  const target = pointer?.state === 'ok' ? /^gitdir: (.+?)\r?\n?$/s.exec(pointer.value)?.[1] : undefined;
  const gitDirectory = target === undefined ? common : resolve(directory, target);
  for (const path of [directory, join(directory, '.git'), gitDirectory, common, join(common, 'config')]) {
    const because = await foreign(host, path);
    if (because !== null) {
      return unknown(because);
    }
  }
  const shared = await readConfig(host, join(common, 'config'), common);
  const own = shared.more ? await readConfig(host, join(gitDirectory, 'config.worktree'), gitDirectory) : null;
  const because = shared.because ?? own?.because ?? null;
  return because === null ? known({gitDirectory, worktree: directory}) : unknown(because);
};

/** Said by git(1), git-config(1): no monitor, no hook, no other configuration, no lock, no question, nothing fetched. */
const SWITCHED_OFF = [
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.quotePath=false', 'safe.bareRepository=explicit'],
  ...['log.showSignature=false', 'submodule.recurse=false', 'protocol.allow=never'],
].flatMap(setting => ['-c', setting]);

const ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/**
 * git for the checkout whose top `directory` is; unknown with the reason where it is not asked. For places that the person has named: what
 * is merely found is not asked about at all.
 */
export const openGit = async (host: Host, directory: string): Promise<Known<Git>> => {
  const ground = await groundOf(host, directory);
  if (!ground.known) {
    return ground;
  }
  const {gitDirectory, worktree} = ground.value;
  const where = [`--git-dir=${gitDirectory}`, `--work-tree=${worktree}`];
  return known({ask: (args, options) => host.run('git', [...SWITCHED_OFF, ...where, ...args], {...options, env: ENVIRONMENT})});
};

/** `git status` without submodules, whose own configuration it would follow. */
export const STATUS = ['status', '--ignore-submodules=all', '-z'] as const;
