// The git work tree that a directory lies in, found by looking for `.git` upwards; git itself is never asked. Reads only.

import {basename, dirname, join, resolve} from 'node:path';
import type {Checkout} from '../domain/snapshot.ts';
import type {Host} from '../os/host.ts';
import {branchIn} from './read-worktrees.ts';

/** How long an answer about one directory is believed. Work trees come and go by people's hands, not by the second. */
const LIFE_MS = 10_000;

type Root = Omit<Checkout, 'directory'>;

interface Belief {
  readonly answer: Promise<Root | null>;
  readonly at: number;
  /** A directory on a dead network mount never answers; asking again would take one more thread of the few that read files. */
  readonly settled: () => boolean;
}

export interface CheckoutCollector {
  /** Checkouts of these directories; one that lies in none has no entry. The same map, and the same records, while nothing changes. */
  collect(directories: Iterable<string>): Promise<ReadonlyMap<string, Checkout>>;
}

const sameMap = (a: ReadonlyMap<string, Checkout>, b: ReadonlyMap<string, Checkout>): boolean =>
  a.size === b.size && [...a].every(([directory, checkout]) => b.get(directory) === checkout);

const readLine = async (host: Host, path: string): Promise<string | null> => {
  const text = await host.files.readText(path, 64 * 1024, dirname(path));
  return text.state === 'ok' ? text.value.trim() : null;
};

/** Whether the repository's own entry names this work tree: any directory can call itself one of somebody's. */
const pointsBack = async (host: Host, gitDirectory: string, root: string): Promise<boolean> => {
  const entry = await readLine(host, join(gitDirectory, 'gitdir'));
  const real = entry === null ? null : await host.files.realPath(dirname(resolve(gitDirectory, entry)));
  return real === null || real.state !== 'ok' || real.value === root;
};

/**
 * Main work tree behind a `.git` file (gitrepository-layout(5)): a linked work tree's directory names the shared one in `commondir`;
 * a submodule's has none, and is a repository of its own. Where the pointer leads nowhere the path still tells.
 */
const mainRootOf = async (host: Host, root: string, gitDirectory: string): Promise<string> => {
  const common = await readLine(host, join(gitDirectory, 'commondir'));
  const listed = /^(.+)\/worktrees\/[^/]+$/.exec(gitDirectory)?.[1];
  const linked = common === null ? listed : resolve(gitDirectory, common);
  if (linked === undefined || linked !== listed || !(await pointsBack(host, gitDirectory, root))) {
    return root;
  }
  return basename(linked) === '.git' ? dirname(linked) : linked;
};

/** Where a `.git` file says that the rest of it is; null where it says nothing. */
const pointedAt = async (host: Host, root: string): Promise<string | null> => {
  const pointer = /^gitdir: (.+)$/m.exec((await readLine(host, join(root, '.git'))) ?? '')?.[1];
  return pointer === undefined ? null : resolve(root, pointer);
};

/** `root` with its branch, which stands in a file of its git directory: git itself is not asked. */
const checkedOut = async (host: Host, root: string, gitDirectory: string, mainRoot: string): Promise<Root> => {
  const branch = branchIn(await readLine(host, join(gitDirectory, 'HEAD')));
  return {root, mainRoot, ...(branch === null ? {} : {branch})};
};

export const createCheckoutCollector = (host: Host): CheckoutCollector => {
  const beliefs = new Map<string, Belief>();
  let before: ReadonlyMap<string, Checkout> = new Map();

  const find = async (directory: string): Promise<Root | null> => {
    const mark = await host.files.inspect(join(directory, '.git'));
    if (mark.state === 'ok' && (mark.value.kind === 'directory' || mark.value.kind === 'link')) {
      return checkedOut(host, directory, join(directory, '.git'), directory);
    }
    if (mark.state === 'ok' && mark.value.kind === 'file') {
      const gitDirectory = await pointedAt(host, directory);
      return gitDirectory === null
        ? {root: directory, mainRoot: directory}
        : checkedOut(host, directory, gitDirectory, await mainRootOf(host, directory, gitDirectory));
    }
    const above = dirname(directory);
    return above === directory ? null : rootOf(above);
  };

  const rootOf = (directory: string): Promise<Root | null> => {
    const now = host.monotonicMs();
    const believed = beliefs.get(directory);
    if (believed !== undefined && (now - believed.at < LIFE_MS || !believed.settled())) {
      return believed.answer;
    }
    let settled = false;
    const answer = find(directory).finally(() => {
      settled = true;
    });
    beliefs.set(directory, {answer, at: now, settled: () => settled});
    return answer;
  };

  const forgetOld = (): void => {
    const now = host.monotonicMs();
    for (const [directory, {at, settled}] of beliefs) {
      if (now - at > 2 * LIFE_MS && settled()) {
        beliefs.delete(directory);
      }
    }
  };

  return {
    collect: async directories => {
      const found = await Promise.all(
        [...new Set(directories)].map(async (directory): Promise<readonly [string, Checkout] | null> => {
          const root = directory.startsWith('/') ? await rootOf(directory) : null;
          if (root === null) {
            return null;
          }
          const old = before.get(directory);
          const same = old !== undefined && old.root === root.root && old.mainRoot === root.mainRoot && old.branch === root.branch;
          return [directory, same ? old : {directory, ...root}];
        }),
      );
      forgetOld();
      const after = new Map(found.filter(entry => entry !== null));
      before = sameMap(before, after) ? before : after;
      return before;
    },
  };
};
