// Work trees of repositories with slots: one `git worktree list` per repository when its list has changed, dirt looked at seldom. Reads only.
import {join} from 'node:path';
import {known, type SourceStatus, unknown} from '../domain/known.ts';
import type {Worktree} from '../domain/repo.ts';
import type {CommandResult, Host} from '../os/host.ts';
import {parseWorktrees} from './parse-worktrees.ts';

const GIT_TIMEOUT_MS = 1500;
/** `git status` reads the whole tree: no more often than this for one work tree. */
const DIRT_LIFE_MS = 30_000;
/** A branch may be switched without the list's directory changing; look again after this. */
const LIST_LIFE_MS = 10_000;

interface Listed {
  readonly at: number;
  readonly stamp: string;
  readonly worktrees: readonly Worktree[];
}

export interface WorktreeCollector {
  /** Work trees of these repositories (tops of their main work trees). */
  collect(mainRoots: Iterable<string>): Promise<{readonly worktrees: readonly Worktree[]; readonly sources: readonly SourceStatus[]}>;
}

const troubleOf = (result: CommandResult): string =>
  result.trouble === null ? (result.stderr.split('\n')[0] ?? '') : `git: ${result.trouble}`;

export const createWorktreeCollector = (host: Host): WorktreeCollector => {
  const lists = new Map<string, Listed>();
  const dirt = new Map<string, {readonly at: number; readonly dirty: Worktree['dirty']}>();
  const shown = new Map<string, Worktree>();
  let sweep: Promise<void> | null = null;
  let swept = false;

  // The index lock is another's: a look must never make a commit of somebody fail (git-status(1), background refresh).
  const git = (cwd: string, args: readonly string[]): Promise<CommandResult> =>
    host.run('git', ['-C', cwd, ...args], {timeoutMs: GIT_TIMEOUT_MS, env: {GIT_OPTIONAL_LOCKS: '0'}});

  const stampOf = async (mainRoot: string): Promise<string> => {
    const directory = await host.files.inspect(join(mainRoot, '.git', 'worktrees'));
    return directory.state === 'ok' ? `${directory.value.mtimeMs}` : directory.state;
  };

  const lookForDirt = async (paths: readonly string[]): Promise<void> => {
    for (const path of paths) {
      const kept = dirt.get(path);
      if (kept === undefined || host.monotonicMs() - kept.at > DIRT_LIFE_MS) {
        const result = await git(path, ['status', '--porcelain', '-z', '--untracked-files=normal']);
        const dirty = result.exitCode === 0 ? known(result.stdout !== '') : unknown(troubleOf(result));
        dirt.set(path, {at: host.monotonicMs(), dirty});
      }
    }
  };

  const list = async (mainRoot: string): Promise<Listed | string> => {
    const stamp = await stampOf(mainRoot);
    const kept = lists.get(mainRoot);
    if (kept !== undefined && kept.stamp === stamp && host.monotonicMs() - kept.at < LIST_LIFE_MS) {
      return kept;
    }
    const result = await git(mainRoot, ['worktree', 'list', '--porcelain', '-z']);
    if (result.exitCode !== 0) {
      return troubleOf(result);
    }
    const next = {at: host.monotonicMs(), stamp, worktrees: parseWorktrees(result.stdout)};
    lists.set(mainRoot, next);
    return next;
  };

  /** The same object while neither the listed record nor its dirt changed. */
  const withDirt = (worktree: Worktree): Worktree => {
    const next = {...worktree, dirty: dirt.get(worktree.path)?.dirty ?? worktree.dirty};
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
      const worktrees: Worktree[] = [];
      const sources: SourceStatus[] = [];
      for (const mainRoot of mainRoots) {
        const listed = await list(mainRoot);
        const tookMs = host.monotonicMs() - started;
        if (typeof listed === 'string') {
          sources.push({source: 'worktrees', target: mainRoot, state: 'unknown', detail: listed, tookMs});
        } else {
          worktrees.push(...listed.worktrees);
          sources.push({source: 'worktrees', target: mainRoot, state: 'ok', detail: `${listed.worktrees.length} work trees`, tookMs});
        }
      }
      const paths = worktrees.filter(worktree => worktree.prunable === null).map(worktree => worktree.path);
      const first = !swept;
      swept = true;
      sweep ??= lookForDirt(paths).finally(() => {
        sweep = null;
      });
      // The first sweep is awaited so that a single report is whole; later ones run behind the looks.
      if (first) {
        const enough = new AbortController();
        await Promise.race([sweep, host.sleep(GIT_TIMEOUT_MS, enough.signal)]);
        enough.abort();
      }
      return {
        worktrees: worktrees.map(withDirt),
        sources,
      };
    },
  };
};
