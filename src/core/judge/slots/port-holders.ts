// Who holds a port, seen from one declared service: its own process, somebody else's, a container, or nobody can tell. Pure.

import {commandLine} from '../../domain/command-line.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {isInside} from '../../domain/paths.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import type {Look} from '../../look/index/look.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import {publishesContainer} from '../../look/index/program-kinds.ts';
import {isInOthersPane} from './others-pane.ts';
import {isOfFleet} from './port-gate.ts';
import {describeSlot, innermost, type SlotIndex} from './slot-index.ts';
import {environmentsOf, namedInWords} from './slot-marks.ts';

export type Holding =
  | {readonly kind: 'ours'; readonly process: Process; readonly because: string}
  | {readonly kind: 'foreign'; readonly process: Process; readonly because: string; readonly owner: string | null}
  | {readonly kind: 'container'; readonly process: Process}
  | {readonly kind: 'unseen'; readonly because: string};

/** Whether `pid` is one of these roots or below one. */
export const isBelow = ({processes}: Look, pid: number, roots: readonly number[]): boolean =>
  roots.length > 0 && [pid, ...ancestorsOf(processes, pid)].some(link => roots.includes(link));

/** By its own words: what its tmux server was started with stands in every pane there will ever be. */
const environmentNames = (index: SlotIndex, service: DeclaredService, process: Process): string | null =>
  namedInWords(environmentsOf(index.slots.marks, service), ownWords(index.look, process));

/** Whether nothing but variables speaks for a process outside of the work tree, and those were handed to a pane of somebody else’s session. */
const isHandedOn = ({look, slots}: SlotIndex, service: DeclaredService, {pid, cwd}: Process): boolean => {
  const {worktree} = service;
  const home = {
    sessions: [service.session],
    environments: environmentsOf(slots.marks, service),
    isHome: (directory: string) => worktree !== null && isInside(directory, worktree),
  };
  return worktree !== null && cwd.known && isInOthersPane(look, pid, home);
};

/** The other slot in whose tree the process is, nearest root first; null when it is in none. */
const slotAbove = (index: SlotIndex, service: DeclaredService, pid: number): DeclaredService | null => {
  const other = index.slotOfRoot.get(pid) ?? index.slotAbove(pid);
  return other !== undefined && (other.rigPath !== service.rigPath || other.slot !== service.slot) ? other : null;
};

/** Whose the process is instead, in words; null when nothing known claims it. */
const ownerElsewhere = (index: SlotIndex, service: DeclaredService, process: Process): string | null => {
  const other = slotAbove(index, service, process.pid);
  if (other !== null) {
    return describeSlot(other);
  }
  const owner = index.fleet.processOwners.get(process.pid);
  if (owner?.agent != null) {
    return owner.agent;
  }
  const cwd = placeOf(process);
  return cwd === undefined ? null : (innermost(index, cwd)?.label ?? null);
};

/**
 * Judge one holder of a service's port. Ours by tree first, then by the innermost work tree its directory lies in, then by an
 * environment that names the slot from outside every known work tree. Foreign needs a directory that could be read.
 */
export const judgeHolder = (index: SlotIndex, service: DeclaredService, pid: number): Holding => {
  const process = index.look.processes.get(pid);
  if (process === undefined) {
    return {kind: 'unseen', because: `its holder ${pid} is not in the process table`};
  }
  if (publishesContainer(process)) {
    return {kind: 'container', process};
  }
  if (isBelow(index.look, pid, service.roots)) {
    return {kind: 'ours', process, because: `${pid} is in the tree of ${service.roots.join(', ')}`};
  }
  if (isBelow(index.look, pid, service.slotRoots)) {
    return {kind: 'ours', process, because: `${pid} is below a pane of ${service.session?.name ?? 'its agent'}`};
  }
  const cwd = process.cwd;
  const place = cwd.known ? innermost(index, placeOf(process) ?? cwd.value) : null;
  const elsewhere = slotAbove(index, service, pid) !== null;
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
  const named = environmentNames(index, service, process);
  const insideAnother = place !== null && index.services.some(other => other.worktree === place.path && other.slot !== service.slot);
  if (named !== null && !insideAnother && !elsewhere) {
    return isHandedOn(index, service, process)
      ? {kind: 'unseen', because: `${named} of ${pid}, and nothing else: it runs in a session that is none of this slot`}
      : {kind: 'ours', process, because: named};
  }
  if (!cwd.known) {
    return {kind: 'unseen', because: `the working directory of ${pid} could not be read: ${cwd.because}`};
  }
  const owner = ownerElsewhere(index, service, process);
  return {kind: 'foreign', process, owner, because: `${commandLine(process, 60)} (${pid}) runs in ${cwd.value}`};
};

export type SeenHolding = Extract<Holding, {readonly kind: 'ours' | 'foreign'}>;

/** Whether the holder is a process that was seen, and whose place is known. */
export const isSeen = (holding: Holding): holding is SeenHolding => holding.kind === 'ours' || holding.kind === 'foreign';

/** Who holds it, in words. */
export const holderText = (holding: Holding): string =>
  holding.kind === 'unseen' ? holding.because : `${commandLine(holding.process, 60)} (${holding.process.pid})`;

/** Everyone who holds a port, each socket's every owner once. */
export const holdersOf = (index: SlotIndex, service: DeclaredService, port: number): readonly Holding[] => {
  const holdings: Holding[] = [];
  const seen = new Set<number>();
  for (const listener of index.look.listeners.get(port) ?? []) {
    if (!listener.owners.known) {
      holdings.push({kind: 'unseen', because: listener.owners.because});
      continue;
    }
    for (const pid of listener.owners.value) {
      if (!seen.has(pid)) {
        seen.add(pid);
        holdings.push(judgeHolder(index, service, pid));
      }
    }
  }
  return holdings;
};

/** Ports that the trees of these roots listen on, ascending. */
export const portsOfTrees = (index: SlotIndex, roots: readonly number[]): readonly number[] =>
  [...new Set(roots.flatMap(pid => [...index.look.portsBelow(pid)]))].toSorted((a, b) => a - b);

/**
 * Why it is nobody’s word that a foreign holder is in somebody’s way: the port is declared by a file that nobody named, and nothing says
 * that its holder is of the fleet. Null where one of the two is not so.
 */
export const claimOf = (index: SlotIndex, service: DeclaredService, holders: readonly Holding[]): string | null => {
  const stranger = service.provenance === 'named' ? undefined : holders.find(each => each.kind === 'foreign' && each.owner === null);
  return stranger?.kind !== 'foreign' || isOfFleet(index.fleet, stranger.process.pid)
    ? null
    : `the port is declared in ${service.rigPath}, which nobody named, and nothing says that ${commandLine(stranger.process, 60)} (${stranger.process.pid}) is of the fleet`;
};
