// Processes without an owner above them that a record still vouches for: pid files of slots, the records of sources, recorded ports. Pure.

import {nearestAbove} from '../../domain/forest.ts';
import {type Process, startedAt} from '../../domain/process.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {matchesStartToken} from '../slots/start-token.ts';

/** What is said of a port's holder, and where. */
export interface RecordedPort {
  readonly because: string;
  readonly file: string;
}

/** A process that a record names, and whether it is still the one that is meant. */
export interface Voucher {
  readonly pid: number;
  readonly because: string;
  vouches(process: Process): boolean;
}

/** What speaks for processes besides the records of slots. */
export interface Vouchers {
  readonly vouchers: readonly Voucher[];
  readonly ports: ReadonlyMap<number, RecordedPort>;
  /** Servers of agents that somebody works through, with who does. */
  readonly serving: ReadonlyMap<number, string>;
}

const keptBySlots = (snapshot: Snapshot): readonly Voucher[] =>
  snapshot.repos.flatMap(repo =>
    (repo.sessions.known ? repo.sessions.value : []).flatMap(session =>
      (session.status !== 'stopped' && session.pidFiles.known ? session.pidFiles.value : []).flatMap(({pid, service, startToken}) =>
        pid === null
          ? []
          : [
              {
                pid,
                because: `slot ${session.slot} (${session.slug}) of ${repo.name} records it as ${service}`,
                vouches: process => startToken === null || matchesStartToken(startToken, startedAt(process, snapshot)),
              } satisfies Voucher,
            ],
      ),
    ),
  );

/** By the process they name, the last ones first: those tell why. A file that an earlier holder of the number left does not count against them. */
const listVouchers = (snapshot: Snapshot, {vouchers, ports, serving}: Vouchers): ReadonlyMap<number, readonly Voucher[]> => {
  const always = (pid: number, because: string): Voucher => ({pid, because, vouches: () => true});
  const all = [
    ...keptBySlots(snapshot),
    ...vouchers,
    ...[...serving].map(([pid, because]) => always(pid, because)),
    ...[...ports].map(([pid, {because, file}]) => always(pid, `${because} (${file})`)),
  ];
  const byPid = new Map<number, Voucher[]>();
  for (const voucher of all.toReversed()) {
    const others = byPid.get(voucher.pid);
    if (others === undefined) {
      byPid.set(voucher.pid, [voucher]);
    } else {
      others.push(voucher);
    }
  }
  return byPid;
};

/** Why a record says that a process is somebody's, or null. Looks at the process itself and at everything above it. */
export const createVouching = (snapshot: Snapshot, told: Vouchers): ((process: Process) => string | null) => {
  const vouchers = listVouchers(snapshot, told);
  const own = (pid: number): string | undefined => {
    const process = snapshot.processes.get(pid);
    return process === undefined ? undefined : vouchers.get(pid)?.find(voucher => voucher.vouches(process))?.because;
  };
  const above = nearestAbove(snapshot.processes, own);
  return ({pid}) => own(pid) ?? above(pid) ?? null;
};
