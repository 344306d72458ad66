// Who holds a port, seen from one declared service: its own process, somebody else's, a container, or nobody can tell. Pure.

import {commandLine} from '../../domain/command-line.ts';
import type {Fleet} from '../../domain/fleet.ts';
import {ancestorsOf, childrenByParent, descendantsOf, nearestAbove} from '../../domain/forest.ts';
import type {Listener} from '../../domain/listener.ts';
import {isInside} from '../../domain/paths.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import type {DeclaredService, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import {indexSeats, type Seats} from '../../look/index/pane-seats.ts';
import {publishesContainer} from '../../look/index/program-kinds.ts';
import {declaredServices} from './declared-services.ts';
import {isOfFleet} from './port-gate.ts';
import {environmentsOf, namedInWords} from './slot-marks.ts';

export type Holding =
  | {readonly kind: 'ours'; readonly process: Process; readonly because: string}
  | {readonly kind: 'foreign'; readonly process: Process; readonly because: string; readonly owner: string | null}
  | {readonly kind: 'container'; readonly process: Process}
  | {readonly kind: 'unseen'; readonly because: string};

/** A directory that belongs to one slot or rig: a work tree, a repository, an agent's place. */
interface Territory {
  readonly path: string;
  readonly label: string;
}

export interface Landscape {
  readonly snapshot: Snapshot;
  readonly seats: Seats;
  readonly fleet: Fleet;
  readonly slots: Slots;
  readonly services: readonly DeclaredService[];
  readonly byPort: ReadonlyMap<number, readonly Listener[]>;
  /** Ports that a process or anything below it listens on. */
  portsBelow(pid: number): ReadonlySet<number>;
  /** The slot whose pane or agent a pid is. */
  readonly slotOfRoot: ReadonlyMap<number, DeclaredService>;
  /** The slot of the nearest such pid above another. */
  slotAbove(pid: number): DeclaredService | undefined;
  readonly territories: readonly Territory[];
}

export const describeSlot = (service: Pick<DeclaredService, 'rig' | 'slot' | 'slug'>): string =>
  service.slug === null ? `${service.rig} slot ${service.slot}` : `${service.rig}/${service.slug} (slot ${service.slot})`;

const indexByPort = (listeners: readonly Listener[]): ReadonlyMap<number, readonly Listener[]> => {
  const byPort = new Map<number, Listener[]>();
  for (const listener of listeners) {
    const sockets = byPort.get(listener.port);
    if (sockets === undefined) {
      byPort.set(listener.port, [listener]);
    } else {
      sockets.push(listener);
    }
  }
  return byPort;
};

/** Ports of a whole tree, worked out for the trees that are asked about, each once. */
const createPortsBelow = (snapshot: Snapshot): ((pid: number) => ReadonlySet<number>) => {
  const held = new Map<number, number[]>();
  for (const {port, owners} of snapshot.listeners) {
    for (const pid of owners.known ? owners.value : []) {
      const ports = held.get(pid);
      if (ports === undefined) {
        held.set(pid, [port]);
      } else {
        ports.push(port);
      }
    }
  }
  const below = new Map<number, ReadonlySet<number>>();
  let children: ReadonlyMap<number, readonly number[]> | null = null;
  return pid => {
    const known = below.get(pid);
    if (known !== undefined) {
      return known;
    }
    children ??= childrenByParent(snapshot.processes);
    const tree = [pid, ...descendantsOf(children, pid).map(each => each.pid)];
    const ports = new Set(tree.flatMap(each => held.get(each) ?? []));
    below.set(pid, ports);
    return ports;
  };
};

const listTerritories = (snapshot: Snapshot, fleet: Fleet, services: readonly DeclaredService[]): readonly Territory[] => {
  const labels = new Map<string, string>();
  for (const [path, label] of [
    ...services.map(service => [service.worktree, describeSlot(service)] as const),
    ...snapshot.worktrees.map(tree => [tree.path, `work tree ${tree.path}`] as const),
    ...fleet.rigs.map(rig => [rig.path, `rig ${rig.name}`] as const),
  ]) {
    if (path !== null && !labels.has(path)) {
      labels.set(path, label);
    }
  }
  // Longest first, so that the first match is the innermost.
  return [...labels].map(([path, label]) => ({path, label})).toSorted((a, b) => b.path.length - a.path.length);
};

/** Index what every holder is judged against, once per look. */
export const surveyLand = (snapshot: Snapshot, fleet: Fleet, slots: Slots): Landscape => {
  const services = declaredServices(slots, fleet);
  const slotOfRoot = new Map(services.flatMap(service => service.slotRoots.map(pid => [pid, service] as const)));
  return {
    snapshot,
    seats: indexSeats(snapshot),
    fleet,
    slots,
    services,
    byPort: indexByPort(snapshot.listeners),
    portsBelow: createPortsBelow(snapshot),
    slotOfRoot,
    slotAbove: nearestAbove(snapshot.processes, pid => slotOfRoot.get(pid)),
    territories: listTerritories(snapshot, fleet, services),
  };
};

export const innermost = (land: Landscape, cwd: string): Territory | null =>
  land.territories.find(territory => isInside(cwd, territory.path)) ?? null;

/** Whether `pid` is one of these roots or below one. */
export const isBelow = (snapshot: Snapshot, pid: number, roots: readonly number[]): boolean =>
  roots.length > 0 && [pid, ...ancestorsOf(snapshot.processes, pid)].some(link => roots.includes(link));

/** By its own words: what its tmux server was started with stands in every pane there will ever be. */
const environmentNames = (land: Landscape, service: DeclaredService, process: Process): string | null =>
  namedInWords(environmentsOf(land.slots.marks, service), ownWords(land, process));

/** The other slot in whose tree the process is, nearest root first; null when it is in none. */
const slotAbove = (land: Landscape, service: DeclaredService, pid: number): DeclaredService | null => {
  const other = land.slotOfRoot.get(pid) ?? land.slotAbove(pid);
  return other !== undefined && (other.rigPath !== service.rigPath || other.slot !== service.slot) ? other : null;
};

/** Whose the process is instead, in words; null when nothing known claims it. */
const ownerElsewhere = (land: Landscape, service: DeclaredService, process: Process): string | null => {
  const other = slotAbove(land, service, process.pid);
  if (other !== null) {
    return describeSlot(other);
  }
  const owner = land.fleet.processOwners.get(process.pid);
  if (owner?.agent != null) {
    return owner.agent;
  }
  const cwd = placeOf(process);
  return cwd === undefined ? null : (innermost(land, cwd)?.label ?? null);
};

/**
 * Judge one holder of a service's port. Ours by tree first, then by the innermost work tree its directory lies in, then by an
 * environment that names the slot from outside every known work tree. Foreign needs a directory that could be read.
 */
export const judgeHolder = (land: Landscape, service: DeclaredService, pid: number): Holding => {
  const process = land.snapshot.processes.get(pid);
  if (process === undefined) {
    return {kind: 'unseen', because: `its holder ${pid} is not in the process table`};
  }
  if (publishesContainer(process)) {
    return {kind: 'container', process};
  }
  if (isBelow(land.snapshot, pid, service.roots)) {
    return {kind: 'ours', process, because: `${pid} is in the tree of ${service.roots.join(', ')}`};
  }
  if (isBelow(land.snapshot, pid, service.slotRoots)) {
    return {kind: 'ours', process, because: `${pid} is below a pane of ${service.session?.name ?? 'its agent'}`};
  }
  const cwd = process.cwd;
  const place = cwd.known ? innermost(land, placeOf(process) ?? cwd.value) : null;
  const elsewhere = slotAbove(land, service, pid) !== null;
  // A directory that was made again is another one: who stands in the removed one is of no slot that lives there now.
  if (cwd.known && process.cwdDeleted && service.worktree !== null && isInside(cwd.value, service.worktree)) {
    return cwd.value === service.worktree || (process.cwdRemade !== undefined && isInside(service.worktree, process.cwdRemade))
      ? {
          kind: 'foreign',
          process,
          owner: `${cwd.value}, which was removed under it`,
          because: `${commandLine(process, 60)} (${pid}) runs in ${cwd.value}, which was removed under it`,
        }
      : {kind: 'unseen', because: `the directory of ${pid}, ${cwd.value}, was removed: whether it was in this work tree is not told`};
  }
  if (cwd.known && service.worktree !== null && place?.path === service.worktree && !elsewhere) {
    return {kind: 'ours', process, because: `${pid} runs in ${cwd.value}`};
  }
  const named = environmentNames(land, service, process);
  const insideAnother = place !== null && land.services.some(other => other.worktree === place.path && other.slot !== service.slot);
  if (named !== null && !insideAnother && !elsewhere) {
    return {kind: 'ours', process, because: named};
  }
  if (!cwd.known) {
    return {kind: 'unseen', because: `the working directory of ${pid} could not be read: ${cwd.because}`};
  }
  const owner = ownerElsewhere(land, service, process);
  return {kind: 'foreign', process, owner, because: `${commandLine(process, 60)} (${pid}) runs in ${cwd.value}`};
};

/** Everyone who holds a port, each socket's every owner once. */
export const holdersOf = (land: Landscape, service: DeclaredService, port: number): readonly Holding[] => {
  const holdings: Holding[] = [];
  const seen = new Set<number>();
  for (const listener of land.byPort.get(port) ?? []) {
    if (!listener.owners.known) {
      holdings.push({kind: 'unseen', because: listener.owners.because});
      continue;
    }
    for (const pid of listener.owners.value) {
      if (!seen.has(pid)) {
        seen.add(pid);
        holdings.push(judgeHolder(land, service, pid));
      }
    }
  }
  return holdings;
};

/** Ports that the trees of these roots listen on, ascending. */
export const portsOfTrees = (land: Landscape, roots: readonly number[]): readonly number[] =>
  [...new Set(roots.flatMap(pid => [...land.portsBelow(pid)]))].toSorted((a, b) => a - b);

/**
 * Why it is nobody’s word that a foreign holder is in somebody’s way: the port is declared by a file that nobody named, and nothing says
 * that its holder is of the fleet. Null where one of the two is not so.
 */
export const claimOf = (land: Landscape, service: DeclaredService, holders: readonly Holding[]): string | null => {
  const stranger = service.provenance === 'named' ? undefined : holders.find(each => each.kind === 'foreign' && each.owner === null);
  return stranger?.kind !== 'foreign' || isOfFleet(land.fleet, stranger.process.pid)
    ? null
    : `the port is declared in ${service.rigPath}, which nobody named, and nothing says that ${commandLine(stranger.process, 60)} (${stranger.process.pid}) is of the fleet`;
};
