// The process and socket tables as the rest of the program sees them on Linux: differences put together, own helpers left out, one deadline.

import {known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import type {Process} from '../domain/process.ts';
import {createBootClock} from './clock.ts';
import type {MachineTables} from './host.ts';
import type {Children} from './own-children.ts';
import {applyProcesses, shareListeners, type TablesDelta} from './proc-delta.ts';
import {createPassRunner, type PassRunner} from './proc-pass.ts';
import type {TablesOptions} from './proc-tables.ts';
import {expectWork} from './small-heap.ts';
import {withinDeadline} from './within-deadline.ts';

/** A source of both tables, with everything it remembers between looks. */
export interface TableSource {
  /** `attended`: see `Host.readTables`. */
  read(deadlineMs: number, attended?: ReadonlySet<number>): Promise<MachineTables>;
  close(): Promise<void>;
}

export const createLinuxTables = (options: TablesOptions, children: Children, makeRunner = createPassRunner): TableSource => {
  const bootedAt = createBootClock();
  let runner: PassRunner | null = null;
  let running: {readonly answer: Promise<MachineTables>; readonly whole: boolean} | null = null;
  let closed = false;
  let processes: ReadonlyMap<number, Process> = new Map();
  let listeners: readonly Listener[] = [];

  const tables = (delta: TablesDelta): MachineTables => ({
    processes:
      delta.blind === null
        ? known({uptimeMs: delta.uptimeMs, bootedAt: bootedAt(delta.uptimeMs), processes, incomplete: delta.incomplete})
        : unknown(`/proc: ${delta.blind}`),
    processesTookMs: delta.processesTookMs,
    listeners: delta.listenersBlind === null ? known({listeners, incomplete: delta.listenersIncomplete}) : unknown(delta.listenersBlind),
    listenersTookMs: delta.listenersTookMs,
    processesAgeMs: delta.processesAgeMs,
    listenersAgeMs: delta.listenersAgeMs,
  });

  const unread = (because: string, tookMs: number): MachineTables => ({
    processes: unknown(because),
    processesTookMs: tookMs,
    listeners: unknown(because),
    listenersTookMs: tookMs,
  });

  const look = async (attended: ReadonlySet<number> | null): Promise<MachineTables> => {
    runner ??= makeRunner(options);
    const ours = children.watch();
    try {
      const delta = await runner.run(attended);
      processes = applyProcesses(processes, {...delta, fresh: delta.fresh.filter(process => !ours.includes(process.pid))});
      expectWork({processes: processes.size});
      listeners = delta.listeners === null ? listeners : shareListeners(listeners, delta.listeners);
      return tables(delta);
    } catch (error) {
      // The next look starts over with a new scanner, whose first differences are the whole table.
      runner?.close();
      runner = null;
      processes = new Map();
      listeners = [];
      return unread(`the scan of /proc broke off: ${error instanceof Error ? error.message : String(error)}`, 0);
    } finally {
      ours.close();
      running = null;
    }
  };

  return {
    // A pass that outlives its deadline goes on: its differences are needed to understand the next one's.
    read: async (deadlineMs, attended) => {
      if (closed) {
        return unread('rigtop was closing', 0);
      }
      const begin = async (): Promise<MachineTables> => {
        // One under way that takes something over is not what was asked for.
        while (attended === undefined && running !== null && !running.whole) {
          await running.answer;
        }
        running ??= {answer: look(attended ?? null), whole: attended === undefined};
        return running.answer;
      };
      const answer = await withinDeadline(begin(), deadlineMs);
      if (answer.inTime) {
        return answer.value;
      }
      return unread(`/proc was not read within ${Math.round(deadlineMs)} ms`, deadlineMs);
    },
    close: async () => {
      closed = true;
      runner?.close();
    },
  };
};
