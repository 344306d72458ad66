// What a tree that was left behind is: which of its members tells, which one speaks for it, and what stands between them and its root. Pure.
import type {Process} from '../../domain/process.ts';
import {isCarrier} from '../../look/index/program-of.ts';
import {isBackgroundService, isLauncher, type SideKind, sideKindOf} from '../programs/side-programs.ts';
import type {Reparented} from './reparented.ts';

export interface Companion {
  readonly reparented: Reparented;
  /** Pids of the tree that nothing but starters of companions stands above. */
  readonly reached: ReadonlySet<number>;
  /** The process of the tree that tells what it is. */
  readonly telling: Process;
  readonly kind: SideKind | null;
  /** The process whose environment speaks for the tree. */
  readonly witness: Process;
}

/**
 * Those of a tree with nothing between them and its root but what starts companions: any other program is their supervisor. The tree comes
 * root first, parents before children.
 */
const reachedIn = ({root, tree}: Reparented): ReadonlySet<number> => {
  const reached = new Set([root.pid]);
  if (tree.length === 1) {
    return reached;
  }
  const passing = new Set<number>();
  for (const process of tree) {
    if (passing.has(process.ppid)) {
      reached.add(process.pid);
    }
    if (reached.has(process.pid) && (isCarrier(process) || isLauncher(process) || sideKindOf(process) !== null)) {
      passing.add(process.pid);
    }
  }
  return reached;
};

/** A tree is told by the oldest of its members that is a known companion, whatever order the table came in; its root carries it. */
export const readCompanion = (reparented: Reparented): Companion => {
  const {root, tree} = reparented;
  const reached = reachedIn(reparented);
  const found = tree
    .toSorted((a, b) => a.bornMs - b.bornMs || a.pid - b.pid)
    .map(process => ({process, kind: sideKindOf(process)}))
    .find(each => each.kind !== null && reached.has(each.process.pid));
  const witness = [root, found?.process ?? root].find(process => process.env.known) ?? root;
  return {reparented, reached, telling: found?.process ?? root, kind: found?.kind ?? null, witness};
};

/** A carried database is as much a background program as one that stands alone: a shell or runner above it changes nothing. */
export const carriesService = ({reparented, reached, kind}: Companion): boolean =>
  kind === null && reparented.tree.some(process => reached.has(process.pid) && isBackgroundService(process));
