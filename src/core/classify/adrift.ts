// Trees of processes that nobody above owns, and what their own environment proves about their former owner. Pure.
import type {Evidence} from '../domain/agent.ts';
import {commandLine} from '../domain/command-line.ts';
import {knownValue} from '../domain/known.ts';
import {ageMs, type Process} from '../domain/process.ts';
import {claimProcess} from '../identify/gastown.ts';
import {agentMarks, type Fate, fateOfOrigin} from '../identify/origin.ts';
import type {Place, Reaper} from '../identify/places.ts';
import {isCarrier} from '../identify/programs.ts';
import type {World} from './detector.ts';

export interface Adrift {
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

/** Trees adrift of this user, old enough to be judged, that no record vouches for. Rigtop's own is left out. */
export const listAdrift = (world: World): readonly Adrift[] => {
  const {places} = world.roster;
  const {snapshot, settings} = world;
  const found: Adrift[] = [];
  for (const process of snapshot.processes.values()) {
    if (process.uid !== snapshot.self.uid || process.state === 'Z' || process.state === 'X') {
      continue;
    }
    const place: Place = places.placeOf(process.pid);
    if (place.where !== 'adrift' || place.root !== process.pid || ageMs(process, snapshot) < settings.orphanMinAgeMs) {
      continue;
    }
    const tree = places.treeOf(process.pid);
    if (!isOwnTree(world, tree) && world.roster.kept(process) === null) {
      found.push({root: process, reaper: place.reaper, tree});
    }
  }
  return found;
};

/** From the root down to `process`, itself left out. */
const chainAbove = (world: World, root: Process, process: Process): readonly Process[] => {
  const chain: Process[] = [];
  const seen = new Set<number>([process.pid]);
  for (
    let above = world.snapshot.processes.get(process.ppid);
    above !== undefined && !seen.has(above.pid);
    above = world.snapshot.processes.get(above.ppid)
  ) {
    chain.unshift(above);
    seen.add(above.pid);
    if (above.pid === root.pid) {
      break;
    }
  }
  return process.pid === root.pid ? [] : chain;
};

/** Topmost agent programs of a tree with nothing above them but shells and runners. Any other program above supervises them. */
export const topRuntimes = (world: World, {root, tree}: Adrift): readonly Process[] =>
  tree.filter(process => {
    const {runtimes} = world.fleet;
    if (!runtimes.has(process.pid) || process.uid !== world.snapshot.self.uid || process.state === 'Z') {
      return false;
    }
    // Behind a terminal or an editor of its own it stands elsewhere.
    const place = world.roster.places.placeOf(process.pid);
    return (
      place.where === 'adrift' &&
      chainAbove(world, root, process).every(above => !runtimes.has(above.pid) && isCarrier(above) && above.uid === process.uid)
    );
  });

/** Gas Town starts its agents in tmux only, with a path of the town among their arguments: outside of every pane such a one is left over. */
const fateByClaim = (world: World, process: Process): Fate => {
  const claim = claimProcess(world.snapshot.towns, process);
  const byArguments = claim !== null && claim.role !== null && claim.evidence.some(each => each.source === 'arguments');
  if (!byArguments) {
    return {fate: 'none'};
  }
  const silent = world.snapshot.servers.find(server => server.kind === 'tmux' && server.state === 'unknown');
  const answered = world.snapshot.servers.filter(server => server.kind === 'tmux' && server.state === 'ok');
  if (silent !== undefined || answered.length === 0 || world.settings.sockets !== null) {
    return {
      fate: 'unknown',
      because: silent === undefined ? 'not every tmux server was looked at' : `tmux ${silent.name} did not answer: ${silent.because}`,
    };
  }
  return {
    fate: 'gone',
    evidence: [...claim.evidence, {fact: `no pane of ${answered.map(server => server.name).join(', ')} holds it`, source: 'tmux'}],
  };
};

/** What became of the place that a process came from. Its environment first; then the arguments that only a town gives. */
export const formerPlace = (world: World, process: Process): Fate => {
  const fate = fateOfOrigin(world.roster.places, process);
  return fate.fate === 'none' ? fateByClaim(world, process) : fate;
};

/** Why a verdict about a process adrift cannot be sure, whatever its environment says; null when nothing stands against it. */
export const generalDoubt = (world: World, process: Process): string | null => {
  if (!world.snapshot.processesComplete) {
    return 'the process table is incomplete: its owner may be hidden';
  }
  return process.env.known ? null : `its environment could not be read: ${process.env.because}`;
};

export const driftFacts = ({root, reaper}: Adrift, process: Process): readonly Evidence[] => {
  const carried = process.pid === root.pid ? '' : `, below ${commandLine(root, 40)} ${root.pid}`;
  const adopted = reaper.name.startsWith('tmux server')
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

export const marksOf = (processes: readonly Process[]): readonly Evidence[] =>
  processes.map(agentMarks).find(marks => marks.length > 0) ?? [];
