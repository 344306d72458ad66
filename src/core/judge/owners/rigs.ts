// Projects: which one a directory belongs to, under a name that no other has. Pure.

import type {Rig} from '../../domain/agent.ts';
import {baseName, isInside} from '../../domain/paths.ts';
import type {SlotPlace} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** What a person calls a repository by: `project` where it lies bare in `project/.bare`, `project` of `project.git`. */
const namingPath = (path: string): string => {
  const above = path.slice(0, path.lastIndexOf('/'));
  return /^\.(?:bare|git|repo|repository)$/.test(baseName(path)) && above !== '' ? above : path.replace(/(?<=[^/])\.git$/, '');
};

const WORKING = {town: null, operational: true, because: null} as const;

/** Of two that give the slots of one directory the rig is called what a person configured. */
const CONFIGURED = 'config';

/** Projects that somebody declared: what sources have on record, configuration, repositories with slots. */
const declaredRigs = (places: readonly SlotPlace[], recorded: readonly Rig[]): readonly Rig[] => {
  const configured = places.filter(({tool}) => tool === CONFIGURED);
  const others = places.filter(place => place.tool !== CONFIGURED && !configured.some(({path}) => place.paths.includes(path)));
  return [
    ...recorded,
    ...[...configured, ...others].map(({name, tool, path, provenance}) => ({name, origin: tool, path, provenance, ...WORKING})),
  ];
};

export interface RigFinder {
  /** The rig a directory lies in; a discovered one is entered when first asked for. */
  at(directory: string): Rig;
  /** The rig of a claim, entered when it is not declared (one that a registry no longer knows). */
  claimed(rig: Rig): Rig;
  /** The declared rig a directory lies in, or null: a directory that somebody put under management. */
  declaredAt(directory: string): Rig | null;
  all(): readonly Rig[];
}

/** Base names that several repositories in sight share: all of them take a longer name, whichever is asked for first. */
const sharedNames = (snapshot: Snapshot): ReadonlySet<string> => {
  const names = [...new Set([...snapshot.checkouts.values()].map(checkout => namingPath(checkout.mainRoot)))].map(baseName);
  return new Set(names.filter((name, index) => names.indexOf(name) < index));
};

/** A name that no rig has yet: as many parent directories in front as it takes. `:` and `/` would break references. */
const freeName = (path: string, least: number, taken: (name: string) => boolean): string => {
  const steps = path.split('/').filter(step => step !== '');
  for (let count = Math.max(1, Math.min(least, steps.length)); count <= steps.length; count += 1) {
    const name = steps
      .slice(-count)
      .join('-')
      .replace(/[\s:]+/g, '_');
    if (!taken(name)) {
      return name;
    }
  }
  return path === '/' ? 'root' : path;
};

export const createRigFinder = (snapshot: Snapshot, places: readonly SlotPlace[], recorded: readonly Rig[]): RigFinder => {
  const declared = declaredRigs(places, recorded);
  const byPath = new Map(declared.map(rig => [rig.path, rig]));
  const entered = new Map<string, Rig>();
  const names = new Set(declared.map(rig => rig.name));
  const shared = sharedNames(snapshot);
  // Work trees outside of their repository belong to it all the same; the innermost directory decides.
  const grounds: readonly {readonly path: string; readonly rig: Rig}[] = [
    ...declared.map(rig => ({path: rig.path, rig})),
    ...snapshot.repos.flatMap(repo => {
      const rig = declared.find(each => each.path === repo.realRoot || each.path === repo.root);
      const paths = [
        repo.root,
        ...(repo.sessions.known ? repo.sessions.value.flatMap(session => [session.worktreePath, session.worktreeRealPath]) : []),
      ];
      return rig === undefined ? [] : paths.map(path => ({path, rig}));
    }),
    ...snapshot.worktrees.flatMap(tree => {
      const rig = byPath.get(tree.mainRoot);
      return rig === undefined ? [] : [{path: tree.path, rig}];
    }),
  ].sort((a, b) => b.path.length - a.path.length);

  const enter = (rig: Rig, key: string): Rig => {
    entered.set(key, rig);
    names.add(rig.name);
    return rig;
  };

  const declaredAt = (directory: string): Rig | null => grounds.find(ground => isInside(directory, ground.path))?.rig ?? null;

  return {
    declaredAt,
    at: directory => {
      const ground = declaredAt(directory);
      if (ground !== null) {
        return ground;
      }
      const path = snapshot.checkouts.get(directory)?.mainRoot ?? directory;
      const main = byPath.get(path) ?? entered.get(path);
      if (main !== undefined) {
        return main;
      }
      const name = freeName(namingPath(path), shared.has(baseName(namingPath(path))) ? 2 : 1, each => names.has(each));
      return enter({name, origin: 'discovered', path, provenance: 'found', ...WORKING}, path);
    },
    claimed: rig =>
      // Two workspaces may share their names and those of their rigs: the path tells them apart.
      declared.find(each => each.name === rig.name && each.path === rig.path) ??
      entered.get(`claimed\0${rig.path}`) ??
      enter(rig, `claimed\0${rig.path}`),
    all: () => [...declared, ...entered.values()],
  };
};
