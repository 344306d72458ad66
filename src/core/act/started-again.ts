// Whether who had started a target stays and has started it again: a loop of a shell, a process manager, a program that supervises it.
import {commandLine} from '../domain/command-line.ts';
import type {ProcessMap} from '../domain/forest.ts';
import {hasEnded, type Process, type ProcessId, sameProcess} from '../domain/process.ts';
import {isInteractiveShell, isMultiplexerServer, reaperName} from '../look/index/program-kinds.ts';
import type {Host} from '../os/host.ts';
import {isOpen, type Tracked} from './tracked-target.ts';

/** Longer than loops and process managers wait before they start a program again; milliseconds. */
export const START_AGAIN_MS = 1500;
const LOOK_AGAIN_MS = 100;

/** A program that stays, and the target that it had started. */
export interface Starter {
  readonly target: ProcessId;
  /** The command line of the target, which tells it when it is there again. */
  readonly command: string;
  readonly parent: Process;
  /** Its children before the act, by pid. */
  readonly before: ReadonlySet<number>;
}

/** Nobody starts again what was typed at a prompt, what was handed to init, or the program of a pane (see respawned.ts). */
const mayStartAgain = (parent: Process): boolean =>
  parent.pid > 1 && !hasEnded(parent) && reaperName(parent) === null && !isMultiplexerServer(parent) && !isInteractiveShell(parent);

export const startersOf = (tracked: readonly Tracked[], processes: ProcessMap): readonly Starter[] => {
  const ending = new Set(tracked.filter(isOpen).map(({pid}) => pid));
  return tracked.filter(isOpen).flatMap(({pid}) => {
    const target = processes.get(pid);
    const parent = target === undefined || ending.has(target.ppid) ? undefined : processes.get(target.ppid);
    if (target === undefined || parent === undefined || !mayStartAgain(parent)) {
      return [];
    }
    const before = [...processes.values()].filter(({ppid}) => ppid === parent.pid).map(each => each.pid);
    return [{target, command: target.argv.join('\0'), parent, before: new Set(before)}];
  });
};

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
      waiting = waiting.filter(({target, command, parent, before}) => {
        const stays = processes.get(parent.pid);
        if (stays === undefined || !sameProcess(stays, parent) || hasEnded(stays)) {
          return false;
        }
        const again = [...processes.values()].find(
          each => each.ppid === parent.pid && !before.has(each.pid) && !hasEnded(each) && each.argv.join('\0') === command,
        );
        if (again !== undefined) {
          back.set(target.pid, `${commandLine(parent, 40)} ${parent.pid} started it again as ${again.pid}`);
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
