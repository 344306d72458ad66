// The process and socket tables where there is no /proc: ps-list, one ps for what it leaves out, and lsof.

import {uptime} from 'node:os';
import psList from 'ps-list';
import {complaintOf} from '../../words/complaints.ts';
import {type Known, known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';
import type {Process} from '../domain/process.ts';
import {createBootClock, monotonicNow} from './clock.ts';
import type {Host, ListenerTable, MachineTables, ProcessTable} from './host.ts';
import type {TableSource} from './linux-tables.ts';
import {LSOF_LISTEN_ARGUMENTS, lsofCwdArguments, parseLsofCwds, parseLsofListeners, parseUnownedListeners} from './lsof-table.ts';
import {shareListeners} from './proc-delta.ts';
import {joinPs, PS_ARGUMENTS, type PsRow, parsePs} from './ps-table.ts';
import {shareProcesses} from './share-processes.ts';
import {withinDeadline} from './within-deadline.ts';

export interface PortableOptions {
  readonly run: Host['run'];
  readonly uid: number;
}

/** lsof needs close to a second for every working directory of a busy machine, so they are asked for this often. */
const CWD_EVERY_MS = 10_000;

/** When each process was born: kept from the first sighting on, since the boot time that it is worked out from moves when the clock is set. */
const createBirths = () => {
  const births = new Map<string, number>();
  return {
    of: (row: PsRow, booted: number): number => {
      const key = `${row.pid}@${row.startTime}`;
      const born = births.get(key) ?? Math.max(0, row.startTime * 1000 - booted);
      births.set(key, born);
      return born;
    },
    /** Forget all but these. */
    keep: (processes: ReadonlyMap<number, Process>): void => {
      for (const key of births.keys()) {
        const [pid, startTime] = key.split('@').map(Number);
        if (processes.get(pid ?? -1)?.startTime !== startTime) {
          births.delete(key);
        }
      }
    },
  };
};

export const createPortableTables = ({run, uid}: PortableOptions): TableSource => {
  const bootedAt = createBootClock();
  const births = createBirths();
  let processes: ReadonlyMap<number, Process> = new Map();
  let listeners: readonly Listener[] = [];
  let cwds: ReadonlyMap<number, string> | null = null;
  let cwdsReadAt = Number.NEGATIVE_INFINITY;

  const readCwds = async (timeoutMs: number): Promise<void> => {
    if (monotonicNow() - cwdsReadAt < CWD_EVERY_MS) {
      return;
    }
    cwdsReadAt = monotonicNow();
    const result = await run('lsof', lsofCwdArguments(uid), {timeoutMs});
    // lsof ends with 1 whenever one of the things asked about was not found.
    cwds = result.trouble === null && result.stdout !== '' ? parseLsofCwds(result.stdout) : cwds;
  };

  const readProcesses = async (timeoutMs: number): Promise<Known<ProcessTable>> => {
    const [listed, supplement] = await Promise.all([
      withinDeadline(psList(), timeoutMs).catch((error: unknown) => String(error)),
      run('ps', PS_ARGUMENTS, {timeoutMs, env: {TZ: 'UTC'}}),
      readCwds(timeoutMs),
    ]);
    if (typeof listed === 'string' || !listed.inTime) {
      return unknown(typeof listed === 'string' ? listed : 'ps did not answer in time');
    }
    const failed = complaintOf('ps', supplement);
    if (failed !== null) {
      return unknown(failed);
    }
    const uptimeMs = Math.round(uptime() * 1000);
    const booted = bootedAt(uptimeMs);
    const rows = parsePs(supplement.stdout, process.platform);
    processes = shareProcesses(
      processes,
      joinPs(rows, listed.value, cwds, row => births.of(row, booted)),
    );
    births.keep(processes);
    return known({uptimeMs, bootedAt: booted, processes, incomplete: processes.has(1) ? null : "ps does not show other users' processes"});
  };

  const readListeners = async (timeoutMs: number): Promise<Known<ListenerTable>> => {
    const [lsof, netstat] = await Promise.all([
      run('lsof', LSOF_LISTEN_ARGUMENTS, {timeoutMs}),
      process.platform === 'linux' ? null : run('netstat', ['-an', '-p', 'tcp'], {timeoutMs}),
    ]);
    // With nothing to show lsof prints nothing and ends with 1.
    const failed = complaintOf('lsof', lsof);
    if (failed !== null && (lsof.trouble !== null || lsof.stderr.trim() !== '')) {
      return unknown(failed);
    }
    const owned = parseLsofListeners(lsof.stdout);
    const blind = netstat === null || netstat.trouble !== null || netstat.exitCode !== 0;
    const unowned = blind ? [] : parseUnownedListeners(netstat.stdout, owned);
    const sorted = [...owned, ...unowned].sort((a, b) => a.port - b.port || (a.inode < b.inode ? -1 : 1));
    listeners = shareListeners(listeners, sorted);
    return known({listeners, incomplete: blind && uid !== 0 ? "lsof shows no sockets of other users' processes" : null});
  };

  const read = async (deadlineMs: number): Promise<MachineTables> => {
    const started = monotonicNow();
    const timed = async <T>(reading: Promise<T>): Promise<readonly [T, number]> => [await reading, monotonicNow() - started];
    const [[table, processesTookMs], [sockets, listenersTookMs]] = await Promise.all([
      timed(readProcesses(deadlineMs)),
      timed(readListeners(deadlineMs)),
    ]);
    return {processes: table, processesTookMs, listeners: sockets, listenersTookMs};
  };

  return {read, close: async () => {}};
};
