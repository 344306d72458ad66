// Processes without an owner above them that a record still vouches for: pid files of slots and towns, agent programs’ own records, recorded ports. Pure.

import type {LivingRecords} from '../../../sources/runtimes/living-records.ts';
import type {RecordedPort} from '../../../sources/runtimes/recorded-ports.ts';
import {nearestAbove} from '../../domain/forest.ts';
import {type Process, startedAt} from '../../domain/process.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {matchesStartToken} from '../slots/start-token.ts';

/** File times and process starts come from two clocks. */
const CLOCK_SLACK_MS = 3_000;

/** What speaks for processes besides the records of slots and towns. */
export interface Vouchers {
  readonly living: LivingRecords;
  readonly ports: ReadonlyMap<number, RecordedPort>;
  /** Servers of agents that somebody works through, with who does. */
  readonly serving: ReadonlyMap<number, string>;
}

interface Keeper {
  readonly because: string;
  vouches(process: Process): boolean;
}

const listKeepers = (snapshot: Snapshot, {living, ports, serving}: Vouchers): ReadonlyMap<number, Keeper> => {
  const keepers = new Map<number, Keeper>();
  for (const repo of snapshot.repos) {
    for (const session of repo.sessions.known ? repo.sessions.value : []) {
      for (const file of session.status !== 'stopped' && session.pidFiles.known ? session.pidFiles.value : []) {
        if (file.pid !== null) {
          keepers.set(file.pid, {
            because: `slot ${session.slot} (${session.slug}) of ${repo.name} records it as ${file.service}`,
            vouches: process => file.startToken === null || matchesStartToken(file.startToken, startedAt(process, snapshot)),
          });
        }
      }
    }
  }
  for (const town of snapshot.towns) {
    const {daemon, helpers} = town.records;
    for (const helper of helpers) {
      keepers.set(helper.pid, {
        because: `town ${town.name} records it as ${helper.kind} (${helper.path})`,
        // A pid file is older than whoever got its number later.
        vouches: process => startedAt(process, snapshot) <= helper.writtenAt + CLOCK_SLACK_MS,
      });
    }
    for (const pid of [daemon.pid, daemon.lockHolder]) {
      if (pid.known && pid.value !== null) {
        keepers.set(pid.value, {because: `it is the daemon of town ${town.name}`, vouches: () => true});
      }
    }
  }
  for (const [pid, records] of living.byPid) {
    const vouching = records.find(({record}) => living.vouches(record));
    if (vouching !== undefined) {
      const {program, role, file} = vouching.record;
      keepers.set(pid, {because: `${program} records it as a ${role} of its own (${file})`, vouches: () => true});
    }
  }
  for (const [pid, because] of serving) {
    keepers.set(pid, {because, vouches: () => true});
  }
  for (const [pid, {because, file}] of ports) {
    keepers.set(pid, {because: `${because} (${file})`, vouches: () => true});
  }
  return keepers;
};

/** Why a record says that a process is somebody's, or null. Looks at the process itself and at everything above it. */
export const createKeeping = (snapshot: Snapshot, vouchers: Vouchers): ((process: Process) => string | null) => {
  const keepers = listKeepers(snapshot, vouchers);
  const own = (pid: number): string | undefined => {
    const process = snapshot.processes.get(pid);
    const keeper = process === undefined ? undefined : keepers.get(pid);
    return process !== undefined && keeper?.vouches(process) ? keeper.because : undefined;
  };
  const above = nearestAbove(snapshot.processes, own);
  return ({pid}) => own(pid) ?? above(pid) ?? null;
};
