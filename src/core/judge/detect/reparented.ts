// Trees of processes that nobody above owns, and what their own environment proves about their former owner. Pure.

import type {Evidence} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import {finish} from '../../domain/finish.ts';
import {known, knownValue} from '../../domain/known.ts';
import {ageMs, hasEnded, type Process} from '../../domain/process.ts';
import {agentMarks} from '../../look/index/origin.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import type {PlacedPane} from '../../look/index/pane-index.ts';
import type {Place, Reaper} from '../../look/index/places.ts';
import {reaperName} from '../../look/index/program-kinds.ts';
import {isCarrier} from '../../look/index/program-of.ts';
import {tmuxBlindness} from '../../look/index/tmux-servers.ts';
import {type OriginState, originState} from '../owners/origin-state.ts';
import type {World} from './detector.ts';

/** Source of facts that a command line proves, whatever the environment says or hides. */
export const ARGUMENTS = 'arguments';

export interface Reparented {
  /** Topmost of the tree: the child of whoever adopted it. */
  readonly root: Process;
  readonly reaper: Reaper;
  /** The whole tree, root first. */
  readonly tree: readonly Process[];
}

const isOwnTree = (world: World, tree: readonly Process[]): boolean => {
  const {self} = world.snapshot;
  return tree.some(process => process.pid === self.pid || self.ancestors.includes(process.pid));
};

/** So many processes are looked at between two pauses. */
const BREATH = 64;

const listed = new WeakMap<World, readonly Reparented[]>();

/** Reparented trees of this user, old enough to be judged, that no record vouches for. Rigtop's own is left out. Pauses often, at the first time. */
export const listingReparented = function* (world: World): Generator<void, readonly Reparented[]> {
  const before = listed.get(world);
  if (before !== undefined) {
    return before;
  }
  const {look, snapshot, settings} = world;
  const found: Reparented[] = [];
  let count = 0;
  for (const process of snapshot.processes.values()) {
    count += 1;
    if (count % BREATH === 0) {
      yield;
    }
    if (process.uid !== snapshot.self.uid || hasEnded(process)) {
      continue;
    }
    // Who is handed over has a reaper or a server for a parent, which most have not: what stands above is known, what a process is by
    // itself has to be worked out.
    if (look.placeOf(process.ppid).where !== 'system') {
      continue;
    }
    const place: Place = look.placeOf(process.pid);
    if (place.where !== 'adrift' || place.root !== process.pid || ageMs(process, snapshot) < settings.orphanMinAgeMs) {
      continue;
    }
    const tree = look.treeOf(process.pid);
    // What carries a recorded process is in use as well.
    if (!isOwnTree(world, tree) && tree.every(member => world.identified.kept(member) === null)) {
      found.push({root: process, reaper: place.reaper, tree});
    }
  }
  listed.set(world, found);
  return found;
};

/** The same in one go. */
export const listReparented = (world: World): readonly Reparented[] => finish(listingReparented(world));

/**
 * Trees that init has adopted and that are still at the terminal of a living pane: what was started there and lost its parent, with
 * the pane they are at. The pane is somebody's, so of most of them nothing is said.
 */
export const listHandedOver = (world: World): readonly (Reparented & {readonly placed: PlacedPane})[] => {
  const {look, snapshot, settings} = world;
  return [...snapshot.processes.values()].flatMap(process => {
    const parent = snapshot.processes.get(process.ppid);
    const name = parent === undefined || process.tty === null || process.uid !== snapshot.self.uid ? null : reaperName(parent);
    const place = parent === undefined || name === null ? null : look.placeOf(process.pid);
    if (parent === undefined || name === null || place?.where !== 'pane' || ageMs(process, snapshot) < settings.orphanMinAgeMs) {
      return [];
    }
    const tree = look.treeOf(process.pid);
    return isOwnTree(world, tree) || tree.some(member => world.identified.kept(member) !== null)
      ? []
      : [{root: process, reaper: {pid: parent.pid, name}, tree, placed: place.placed}];
  });
};

/** Those of a tree with nothing above them in it but shells and runners of this user. The tree comes root first, parents before children. */
const carriedIn = ({snapshot, fleet}: World, {root, tree}: Reparented): ReadonlySet<number> => {
  const carried = new Set([root.pid]);
  const carrying = new Set<number>();
  for (const process of tree) {
    if (carrying.has(process.ppid)) {
      carried.add(process.pid);
    }
    if (carried.has(process.pid) && !fleet.runtimes.has(process.pid) && isCarrier(process) && process.uid === snapshot.self.uid) {
      carrying.add(process.pid);
    }
  }
  return carried;
};

/** Topmost agent programs of a tree with nothing above them but shells and runners. Any other program above supervises them. */
export const topRuntimes = (world: World, reparented: Reparented): readonly Process[] => {
  const carried = carriedIn(world, reparented);
  const {runtimes} = world.fleet;
  return reparented.tree.filter(process => {
    if (!runtimes.has(process.pid) || process.uid !== world.snapshot.self.uid || process.state === 'Z') {
      return false;
    }
    // The shell that carries it may be old: what it has just started is judged by its own age.
    if (ageMs(process, world.snapshot) < world.settings.orphanMinAgeMs) {
      return false;
    }
    // Behind a terminal or an editor of its own it stands elsewhere.
    const place = world.look.placeOf(process.pid);
    return place.where === 'adrift' && carried.has(process.pid);
  });
};

/** What became of the place that a process came from. Its environment first; then what only a source knows. */
export const formerPlace = (world: World, process: Process): OriginState => {
  const origin = originState(world.look, world.identified.slots, process, tmuxBlindness(world.snapshot, world.settings));
  return origin.presence === 'none' ? world.originStateOf(process) : origin;
};

/** Why a verdict about a reparented process cannot be sure, whatever its environment says; null when nothing stands against it. */
export const generalDoubt = (world: World, process: Process): string | null => {
  if (!world.snapshot.processesComplete) {
    return 'the process table is incomplete: its owner may be hidden';
  }
  return process.env.known ? null : `its environment could not be read: ${process.env.because}`;
};

export const driftFacts = ({root, reaper}: Reparented, process: Process): readonly Evidence[] => {
  const carried = process.pid === root.pid ? '' : `, below ${commandLine(root, 40)} ${root.pid}`;
  const adopted = /^\w[\w.-]* server \d+$/.test(reaper.name)
    ? `adopted by ${reaper.name}, below no pane${carried}`
    : `no agent, pane, terminal, editor or supervisor above: its parent is ${reaper.name}${carried}`;
  return [{fact: adopted, source: 'process table'}];
};

/** The directory it works in, as a fact. */
export const directoryFact = (process: Process): readonly Evidence[] => {
  const cwd = knownValue(process.cwd);
  return cwd === undefined
    ? []
    : [{fact: process.cwdDeleted ? `its working directory ${cwd} has been removed` : `works in ${cwd}`, source: 'working directory'}];
};

/** Marks of the first of these that has some of its own: those of its tmux server are in every pane, a person’s too. */
export const marksOf = ({look, identified}: World, processes: readonly Process[]): readonly Evidence[] =>
  processes
    .map(process =>
      agentMarks({pid: process.pid, env: process.env.known ? known(ownWords(look, process)) : process.env}, identified.slots.marks),
    )
    .find(marks => marks.length > 0) ?? [];
