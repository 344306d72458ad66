// Helpers that one living owner started again and again: copies of one command line in one directory, by when they began. Pure.
import {knownValue} from '../../domain/known.ts';
import type {Process} from '../../domain/process.ts';
import type {Look} from '../../look/index/look.ts';
import {isCarrier, isShellName, namesOf, scriptOf} from '../../look/index/program-of.ts';
import {type SideKind, sideKindOf} from '../programs/side-programs.ts';

/** Copies that begin closer together than this are one set: workers of a pool, started in a loop. */
const SAME_SET_MS = 300;

export interface Pile {
  readonly kind: SideKind | null;
  /** Sets of copies, the oldest first. One set alone is a pool. */
  readonly generations: readonly (readonly Process[])[];
}

/** What a child of an owner is: told by itself, or by what a runner or shell carries for it. */
const helperKind = (look: Pick<Look, 'treeOf'>, child: Process): SideKind | null => {
  if (!isCarrier(child)) {
    return sideKindOf(child);
  }
  return (
    look
      .treeOf(child.pid)
      .map(sideKindOf)
      .find(kind => kind !== null) ?? null
  );
};

/** A pool's workers are the program of their master, and a browser's parts are the browser: no helpers. */
const isOwnKind = (owner: Process, child: Process): boolean => {
  const [own, script] = [namesOf(owner), scriptOf(owner.argv)?.path];
  return (
    child.argv.some(word => word.startsWith('--type=')) ||
    (script === undefined ? namesOf(child).some(name => own.includes(name)) : scriptOf(child.argv)?.path === script)
  );
};

const sets = (copies: readonly Process[]): readonly (readonly Process[])[] => {
  const found: Process[][] = [];
  for (const copy of copies.toSorted((a, b) => a.bornMs - b.bornMs)) {
    const last = found.at(-1);
    if (last !== undefined && copy.bornMs - (last.at(-1)?.bornMs ?? 0) < SAME_SET_MS) {
      last.push(copy);
    } else {
      found.push([copy]);
    }
  }
  return found;
};

/**
 * The helpers of an owner: its own children that are no agents, grouped by command line and directory. `isAgent` tells agents, which
 * are nobody's helpers. What a shell of the owner runs is a command, unless it is a known companion.
 */
export const pilesBelow = (
  look: Pick<Look, 'children' | 'processes' | 'treeOf'>,
  owner: Process,
  isAgent: (pid: number) => boolean,
): readonly Pile[] => {
  const groups = new Map<string, Process[]>();
  for (const pid of look.children.get(owner.pid) ?? []) {
    const child = look.processes.get(pid);
    if (child === undefined || child.state === 'Z' || child.argv.length === 0 || isAgent(pid) || isOwnKind(owner, child)) {
      continue;
    }
    const key = [knownValue(child.cwd) ?? '', ...child.argv].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), child]);
  }
  return [...groups.values()].flatMap(copies => {
    const [first] = copies;
    const kind = first === undefined || copies.length < 2 ? null : helperKind(look, first);
    const isCommand = first === undefined || (kind === null && namesOf(first).some(isShellName));
    return copies.length < 2 || isCommand ? [] : [{kind, generations: sets(copies)}];
  });
};
