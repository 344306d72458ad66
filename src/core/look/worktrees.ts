// Work trees of repositories with slots, from their files when the list has changed; dirt asked of git seldom, where a person named the place.

import {join} from 'node:path';
import {complaintOf} from '../../words/complaints.ts';
import {type Known, known, type SourceStatus, unknown} from '../domain/known.ts';
import type {Worktree} from '../domain/repo.ts';
import type {Settings} from '../domain/settings.ts';
import type {Host} from '../os/host.ts';
import {openGit, STATUS} from './ask-git.ts';
import {findRepository, readWorktrees, type WorktreeList} from './read-worktrees.ts';

const GIT_TIMEOUT_MS = 1500;
/** `git status` reads the whole tree: no more often than this for one work tree. */
const DIRT_LIFE_MS = 30_000;
/** A branch may be switched without the list's directory changing; look again after this. */
const LIST_LIFE_MS = 10_000;

interface Listed extends WorktreeList {
  readonly at: number;
  readonly stamp: string;
}

export interface WorktreeCollector {
  /** Work trees of these repositories (tops of their main work trees). */
  collect(mainRoots: Iterable<string>): Promise<{readonly worktrees: readonly Worktree[]; readonly sources: readonly SourceStatus[]}>;
}

const NOT_NAMED = unknown('git is asked only of repositories that you have named');

/** What git says of uncommitted work: asked seldom, and behind the looks. */
const createDirt = (host: Host) => {
  const dirt = new Map<string, {readonly at: number; readonly dirty: Worktree['dirty']}>();
  let sweep: Promise<void> | null = null;
  let swept = false;

  const askForDirt = async (path: string): Promise<Known<boolean>> => {
    const git = await openGit(host, path);
    if (!git.known) {
      return git;
    }
    const result = await git.value.ask([...STATUS, '--porcelain', '--untracked-files=normal'], {timeoutMs: GIT_TIMEOUT_MS});
    const failed = complaintOf('git', result);
    return failed === null ? known(result.stdout !== '') : unknown(failed);
  };

  const lookForDirt = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) {
      const kept = dirt.get(path);
      if (kept === undefined || host.monotonicMs() - kept.at > DIRT_LIFE_MS) {
        const dirty = await askForDirt(path);
        dirt.set(path, {at: host.monotonicMs(), dirty});
      }
    }
  };

  return {
    of: (path: string): Worktree['dirty'] | undefined => dirt.get(path)?.dirty,
    /** The first sweep is awaited so that a single report is whole; later ones run behind the looks. */
    sweep: async (paths: readonly string[]): Promise<void> => {
      const first = !swept;
      swept = true;
      sweep ??= lookForDirt(paths).finally(() => {
        sweep = null;
      });
      if (first) {
        const enough = new AbortController();
        await Promise.race([sweep, host.sleep(GIT_TIMEOUT_MS, enough.signal)]);
        enough.abort();
      }
    },
  };
};

const sourceOf = (target: string, listed: Listed | string, tookMs: number): SourceStatus => {
  if (typeof listed === 'string') {
    return {source: 'worktrees', target, state: 'unknown', detail: listed, tookMs};
  }
  const {worktrees, unproven} = listed;
  const claims = unproven === 0 ? '' : `; ${unproven} more that do not point back to it are left out`;
  return {source: 'worktrees', target, state: 'ok', detail: `${worktrees.length} work trees${claims}`, tookMs};
};

export const createWorktreeCollector = (host: Host, settings: Settings): WorktreeCollector => {
  const lists = new Map<string, Listed>();
  const dirt = createDirt(host);
  const shown = new Map<string, Worktree>();
  const named = new Set([...settings.repos, ...settings.rigs.map(({path}) => path)]);

  const list = async (mainRoot: string): Promise<Listed | string> => {
    const repository = await findRepository(host.files, mainRoot);
    if (repository.state !== 'ok') {
      return repository.state === 'unknown' ? repository.because : 'not a git repository';
    }
    const directory = await host.files.inspect(join(repository.value.common, 'worktrees'));
    const stamp = `${repository.value.common} ${directory.state === 'ok' ? directory.value.mtimeMs : directory.state}`;
    const kept = lists.get(mainRoot);
    if (kept !== undefined && kept.stamp === stamp && host.monotonicMs() - kept.at < LIST_LIFE_MS) {
      return kept;
    }
    const next = {at: host.monotonicMs(), stamp, ...(await readWorktrees(host.files, repository.value))};
    lists.set(mainRoot, next);
    return next;
  };

  /** The same object while neither the listed record nor its dirt changed. */
  const withDirt = (worktree: Worktree, isNamed: boolean): Worktree => {
    const next = {...worktree, dirty: isNamed ? (dirt.of(worktree.path) ?? worktree.dirty) : NOT_NAMED};
    const kept = shown.get(worktree.path);
    if (kept !== undefined && JSON.stringify(kept) === JSON.stringify(next)) {
      return kept;
    }
    shown.set(worktree.path, next);
    return next;
  };

  return {
    collect: async mainRoots => {
      const started = host.monotonicMs();
      const found: {readonly worktree: Worktree; readonly isNamed: boolean}[] = [];
      const sources: SourceStatus[] = [];
      for (const mainRoot of mainRoots) {
        const listed = await list(mainRoot);
        sources.push(sourceOf(mainRoot, listed, host.monotonicMs() - started));
        for (const worktree of typeof listed === 'string' ? [] : listed.worktrees) {
          found.push({worktree, isNamed: named.has(mainRoot)});
        }
      }
      const paths = found.filter(({worktree, isNamed}) => isNamed && worktree.prunable === null).map(({worktree}) => worktree.path);
      await dirt.sweep(paths);
      return {worktrees: found.map(({worktree, isNamed}) => withDirt(worktree, isNamed)), sources};
    },
  };
};
