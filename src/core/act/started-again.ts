// Whether who had started a target stays and has started it again: a loop of a shell, a process manager, a program that supervises it.
import {commandLine} from '../domain/command-line.ts';
import type {ProcessMap} from '../domain/forest.ts';
import {hasEnded, type Process, type ProcessId, sameProcess} from '../domain/process.ts';
import {isInteractiveShell, isMultiplexerServer, isSystemdUnit, reaperName, unitFinder} from '../look/index/program-kinds.ts';
import type {Host} from '../os/host.ts';
import {isOpen, type Tracked} from './tracked-target.ts';

/** Longer than loops and process managers wait before they start a program again; milliseconds. */
export const START_AGAIN_MS = 1500;
const LOOK_AGAIN_MS = 100;

/** A program that stays, and the target that it had started. */
export interface Starter {
  readonly target: ProcessId;
  /** What it had started: the target, or the process of the unit that the target belongs to. Its command line tells it when it is there again. */
  readonly started: Process;
  readonly parent: Process;
  /** Its children before the act, by pid. */
  readonly before: ReadonlySet<number>;
}

/** Nobody starts again what was typed at a prompt, what was handed to init, or the program of a pane (see respawned.ts). */
const mayStartAgain = (parent: Process): boolean =>
  parent.pid > 1 && !hasEnded(parent) && reaperName(parent) === null && !isMultiplexerServer(parent) && !isInteractiveShell(parent);

/** Who had started a target and stays: its parent; systemd, of its units alone, because it adopts others too. */
export const startersOf = (tracked: readonly Tracked[], processes: ProcessMap): readonly Starter[] => {
  const targets = tracked.filter(isOpen).flatMap(({pid}) => processes.get(pid) ?? []);
  const ending = new Set(targets.map(({pid}) => pid));
  const starter = (target: Process, started: Process): readonly Starter[] => {
    const parent = processes.get(started.ppid);
    const before = [...processes.values()].filter(({ppid}) => ppid === started.ppid).map(({pid}) => pid);
    return parent === undefined ? [] : [{target, started, parent, before: new Set(before)}];
  };
  const kept = targets.filter(({ppid}) => {
    const parent = processes.get(ppid);
    return parent !== undefined && !ending.has(ppid) && mayStartAgain(parent);
  });
  const unitOf = unitFinder(processes);
  const units = new Map<number, readonly Starter[]>();
  for (const target of targets) {
    const unit = unitOf(target.pid);
    if (unit !== null && !units.has(unit.pid)) {
      units.set(unit.pid, starter(ending.has(unit.pid) ? unit : target, unit));
    }
  }
  return [...kept.flatMap(target => starter(target, target)), ...[...units.values()].flat()];
};

const isAgain = (process: Process, {started, parent, before}: Starter): boolean =>
  process.ppid === parent.pid &&
  !before.has(process.pid) &&
  !hasEnded(process) &&
  (reaperName(parent) === null || isSystemdUnit(process)) &&
  process.argv.join('\0') === started.argv.join('\0');

/** What these started again within `forMs`, in words, by the pid that was ended. One that ends with its target is waited for no longer. */
export const watchStarters = async (
  host: Pick<Host, 'readTables' | 'monotonicMs' | 'sleep'>,
  starters: readonly Starter[],
  forMs: number,
  tableMs: number,
): Promise<ReadonlyMap<number, string>> => {
  const back = new Map<number, string>();
  const until = host.monotonicMs() + forMs;
  for (let waiting = starters; waiting.length > 0; ) {
    const {processes: table} = await host.readTables(tableMs);
    if (table.known) {
      const {processes} = table.value;
      waiting = waiting.filter(starter => {
        const {target, parent} = starter;
        const stays = processes.get(parent.pid);
        if (stays === undefined || !sameProcess(stays, parent) || hasEnded(stays)) {
          return false;
        }
        const again = [...processes.values()].find(each => isAgain(each, starter));
        if (again !== undefined) {
          back.set(target.pid, `${reaperName(parent) ?? `${commandLine(parent, 40)} ${parent.pid}`} started it again as ${again.pid}`);
        }
        return again === undefined;
      });
    }
    const left = until - host.monotonicMs();
    if (left <= 0 || waiting.length === 0) {
      break;
    }
    await host.sleep(Math.min(LOOK_AGAIN_MS, left));
  }
  return back;
};
