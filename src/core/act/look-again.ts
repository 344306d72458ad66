// Looks for what belongs to the targets of a running action and was not among them: late children and escapees, minus what is protected.
import {commandLine} from '../domain/command-line.ts';
import {ancestorsOf, type ProcessMap, topmostOf} from '../domain/forest.ts';
import {type Found, findLate, type Traces, withMembers} from '../plan/late.ts';
import {isOpen, type Tracked, track} from './tracked-target.ts';
import type {TreeParts} from './tree-parts.ts';

interface Look {
  readonly processes: ProcessMap;
  /** Milliseconds since boot of a moment of the clock that does not jump. */
  bootMs(monotonicMs: number): number;
}

const readProcesses = async ({host, pace}: TreeParts): Promise<Look | string> => {
  const {processes} = await host.readTables(pace.tableMs);
  // The table is older than this moment: taking it as read now puts every sighting earlier than it was, which only makes for doubt.
  const now = host.monotonicMs();
  return processes.known
    ? {processes: processes.value.processes, bootMs: moment => processes.value.uptimeMs - (now - moment)}
    : processes.because;
};

/** Everything that another way of looking sees below the living targets and the table does not show (yet). */
const unseenByTable = async (parts: TreeParts, targets: readonly Tracked[], processes: ProcessMap): Promise<boolean> => {
  const open = targets.filter(isOpen).map(({pid}) => pid);
  for (const top of topmostOf(processes, open)) {
    const tree = await parts.hands.treeOf(top);
    if (tree.known && tree.value.some(pid => !processes.has(pid))) {
      return true;
    }
  }
  return false;
};

const toTracked = ({process, how, below}: Found, processes: ProcessMap, targets: readonly Tracked[]): Tracked =>
  track(process, {
    command: commandLine(process),
    sort: how === 'escaped' ? 'escaped' : 'late',
    root: targets.find(({pid}) => pid === below)?.root ?? targets[0]?.root ?? '',
    depth: ancestorsOf(processes, process.pid).length,
  });

export interface More {
  readonly found: readonly Tracked[];
  /** Protected ones, with the rule, in words. */
  readonly kept: readonly string[];
  /** Why it is not certain that there is nothing else, in words: then nothing is proven. */
  readonly doubts: readonly string[];
}

const name = (process: Found['process']): string => `${process.pid} (${commandLine(process, 60)})`;

/** What belongs to the targets by now, minus what a rule protects. */
export const lookAgain = async (parts: TreeParts, targets: readonly Tracked[], born: Traces['born']): Promise<More> => {
  let seen = await readProcesses(parts);
  if (typeof seen !== 'string' && (await unseenByTable(parts, targets, seen.processes))) {
    seen = await readProcesses(parts);
  }
  if (typeof seen === 'string') {
    return {found: [], kept: [], doubts: [`late children and escapees could not be looked for: ${seen}`]};
  }
  const {processes, bootMs} = seen;
  const spared = new Set(parts.spared);
  const aliveAt = new Map(targets.map(target => [target.pid, target.aliveAt]));
  const sight = {
    processes,
    spared,
    lastAlive: (pid: number): number => {
      const moment = aliveAt.get(pid);
      return moment === null || moment === undefined ? Number.NEGATIVE_INFINITY : bootMs(moment);
    },
  };
  const traces = withMembers(parts.traces, targets, born);
  const kept: string[] = [];
  for (const {process, how} of findLate(traces, sight)) {
    const protection = how === 'doubtful' ? null : parts.protect(process, processes);
    if (protection !== null) {
      spared.add(process.pid);
      kept.push(`${name(process)} belongs to it and is left alone: ${protection.because}`);
    }
  }
  const found = findLate(traces, sight);
  return {
    found: found.filter(({how}) => how !== 'doubtful').map(each => toTracked(each, processes, targets)),
    kept,
    doubts: found
      .filter(({how}) => how === 'doubtful')
      .map(({process}) => `${name(process)} may belong to it, which cannot be told any more: left alone`),
  };
};
