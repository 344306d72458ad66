// What a flush is about: the directories, ports and sessions of one slot, rig, repository or work tree. Pure.
import type {Fleet} from '../../domain/fleet.ts';
import {isInside} from '../../domain/paths.ts';
import {parseReference, rigRef} from '../../domain/reference.ts';
import type {DeclaredService, SlotPlace, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {placesCalled, rigsCalled} from '../../look/index/look-up.ts';
import type {SlotIndex} from './slot-index.ts';
import {environmentsOf} from './slot-marks.ts';
import {tooWide} from './wide-directories.ts';

export interface FlushScope {
  /** `shop slot 2 (feat-a)`, `work tree /w/shop`. */
  readonly label: string;
  /** Absolute, links resolved. No process may live in them afterwards. */
  readonly directories: readonly string[];
  /** Directories inside those that are somebody else's: the linked work trees of other slots. */
  readonly except: readonly string[];
  /** Declared and extra ports. */
  readonly ports: readonly number[];
  /** Services of the slots concerned; all others are neighbours. */
  readonly services: readonly DeclaredService[];
  readonly neighbours: readonly DeclaredService[];
  /** What the environment of a process says when it belongs here: all pairs of one entry must match. */
  readonly environments: readonly Readonly<Record<string, string>>[];
  readonly composeProjects: readonly string[];
}

export type ScopeAnswer =
  | {readonly scope: FlushScope}
  | {readonly missing: string}
  | {readonly unknown: string}
  /** Two things bear that name. */
  | {readonly ambiguous: string}
  /** It would take whatever a person runs, whoever it belongs to. */
  | {readonly tooWide: string};

const sameSlot = (service: DeclaredService, rigPath: string, slot: number | null): boolean =>
  service.rigPath === rigPath && (slot === null || service.slot === slot);

const strictlyInside = (paths: readonly string[], directories: readonly string[]): readonly string[] =>
  [...new Set(paths)].filter(path => !directories.includes(path) && directories.some(directory => isInside(path, directory)));

/** Work trees and rigs strictly inside `directories` that are none of them: each is a place of its own. */
const nestedElsewhere = (snapshot: Snapshot, rigs: readonly string[], directories: readonly string[]): readonly string[] =>
  strictlyInside(
    [...snapshot.worktrees.map(tree => tree.path), ...[...snapshot.checkouts.values()].map(checkout => checkout.root), ...rigs],
    directories,
  );

interface Parts {
  readonly label: string;
  readonly directories: readonly string[];
  readonly ports: readonly number[];
  readonly rigPath: string | null;
  readonly slot: number | null;
  readonly environments: FlushScope['environments'];
  readonly composeProjects: readonly string[];
  /** Whether everything below the directories is meant, work trees of its own included. */
  readonly whole: boolean;
  /** Directories of all other rigs. */
  readonly otherRigs: readonly string[];
}

const assemble = (snapshot: Snapshot, declared: readonly DeclaredService[], parts: Parts): ScopeAnswer => {
  for (const directory of parts.directories) {
    const because = tooWide(directory, snapshot.self.home ?? null);
    if (because !== null) {
      return {tooWide: because};
    }
  }
  const services = parts.rigPath === null ? [] : declared.filter(service => sameSlot(service, parts.rigPath ?? '', parts.slot));
  return {
    scope: {
      label: parts.label,
      directories: parts.directories,
      except: parts.whole
        ? strictlyInside(parts.otherRigs, parts.directories)
        : nestedElsewhere(snapshot, parts.otherRigs, parts.directories),
      ports: [...new Set([...parts.ports, ...services.filter(service => service.undecidable === null).map(service => service.port)])],
      services,
      neighbours: declared.filter(service => !services.includes(service)),
      environments: parts.environments,
      composeProjects: parts.composeProjects,
    },
  };
};

/** The slot, or why it cannot be told what belongs to it. */
const scopeOfGround = (
  snapshot: Snapshot,
  {marks}: Slots,
  declared: readonly DeclaredService[],
  place: SlotPlace,
  slot: number,
): ScopeAnswer => {
  const services = declared.filter(service => sameSlot(service, place.path, slot));
  const ground = place.groundOf(slot, services);
  if ('unknown' in ground) {
    return ground;
  }
  const {tool, name: rig} = place;
  return assemble(snapshot, declared, {
    label: `${rig} slot ${slot}${ground.slug === null ? '' : ` (${ground.slug})`}`,
    directories: ground.directories,
    ports: ground.ports,
    rigPath: place.path,
    slot,
    environments: environmentsOf(marks, {tool, rig, slug: ground.slug, slot}),
    composeProjects: ground.composeProjects,
    whole: false,
    otherRigs: [],
  });
};

const scopeOfSlot = (snapshot: Snapshot, slots: Slots, declared: readonly DeclaredService[], name: string): ScopeAnswer => {
  const [, rigName = '', slotText = ''] = /^(.+)\/(\d+)$/.exec(name) ?? [];
  const [place, ...namesakes] = placesCalled(slots, rigName);
  if (place === undefined) {
    return {missing: 'no such rig declares slots; a slot is slot:RIG/NUMBER'};
  }
  return namesakes.length > 0
    ? {ambiguous: `${[place, ...namesakes].map(({path}) => path).join(' and ')} are both called ${rigName}`}
    : scopeOfGround(snapshot, slots, declared, place, Number(slotText));
};

const scopeOfRig = (
  snapshot: Snapshot,
  {places, marks}: Slots,
  fleet: Fleet,
  declared: readonly DeclaredService[],
  name: string,
): ScopeAnswer => {
  const [rig, ...twins] = rigsCalled(fleet, name);
  if (rig === undefined) {
    return {missing: 'no such rig is known'};
  }
  if (twins.length > 0) {
    return {ambiguous: `${[rig, ...twins].map(({path}) => rigRef(path)).join(' and ')} are both called ${name}`};
  }
  const place = places.find(({recordFile, paths}) => recordFile !== null && paths.includes(rig.path));
  const others = rigPaths(fleet).filter(path => path !== rig.path);
  const recorded = place?.recorded ?? [];
  return assemble(snapshot, declared, {
    label: `rig ${rig.name}`,
    directories: [...new Set([rig.path, ...recorded.flatMap(({directories}) => directories), ...linkedTrees(snapshot, rig.path, others)])],
    ports: recorded.flatMap(({ports}) => ports),
    rigPath: place?.path ?? rig.path,
    slot: null,
    environments: recorded.flatMap(({slug, slot}) => environmentsOf(marks, {tool: place?.tool ?? '', rig: rig.name, slug, slot})),
    composeProjects: recorded.flatMap(({composeProjects}) => composeProjects),
    whole: true,
    otherRigs: others,
  });
};

const rigPaths = ({rigs}: Fleet): readonly string[] => rigs.flatMap(({path}) => (path === '' ? [] : [path]));

/**
 * Linked work trees of a repository: those that it lists, and those that somebody stands in. One that lies in another rig is that rig's; one
 * whose directory is everybody's (a home under version control) is not cleared with its repository.
 */
const linkedTrees = (snapshot: Snapshot, mainRoot: string, otherRigs: readonly string[]): readonly string[] => {
  const elsewhere = otherRigs.filter(other => !isInside(mainRoot, other));
  return [...snapshot.worktrees.map(({path, mainRoot: main}) => ({root: path, mainRoot: main})), ...snapshot.checkouts.values()]
    .filter(tree => tree.mainRoot === mainRoot)
    .map(({root}) => root)
    .filter(root => !elsewhere.some(other => isInside(root, other)) && tooWide(root, snapshot.self.home ?? null) === null);
};

/** A directory: the slot that lives there when one does, else the directory alone. */
const scopeOfPath = (snapshot: Snapshot, slots: Slots, fleet: Fleet, declared: readonly DeclaredService[], path: string): ScopeAnswer => {
  for (const repo of snapshot.repos) {
    const place = slots.places.find(each => each.tool === repo.tool && each.path === repo.realRoot);
    const record = (repo.sessions.known ? repo.sessions.value : []).find(
      candidate => candidate.worktreeRealPath === path || candidate.worktreePath === path,
    );
    if (place !== undefined && record !== undefined) {
      return scopeOfGround(snapshot, slots, declared, place, record.slot);
    }
  }
  const parts = {label: `directory ${path}`, directories: [path], ports: [], rigPath: null, slot: null, whole: false};
  return assemble(snapshot, declared, {...parts, environments: [], composeProjects: [], otherRigs: rigPaths(fleet)});
};

/** The scope that `slot:RIG/N`, `slot:RIG/N/SERVICE` (its whole slot), `rig:NAME` or an absolute path stands for. */
export const flushScope = ({look: {snapshot}, slots, fleet, services: declared}: SlotIndex, asked: string): ScopeAnswer => {
  if (asked.startsWith('/')) {
    return scopeOfPath(snapshot, slots, fleet, declared, asked.replace(/\/+$/, '') || '/');
  }
  const reference = parseReference(asked);
  switch (reference?.sort) {
    case 'slot':
      return scopeOfSlot(snapshot, slots, declared, reference.name.replace(/^(.+\/\d+)\/[^/]+$/, '$1'));
    case 'rig':
      return scopeOfRig(snapshot, slots, fleet, declared, reference.name);
    default:
      return {missing: 'a flush takes slot:RIG/NUMBER, rig:NAME or a directory'};
  }
};
