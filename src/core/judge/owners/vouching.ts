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
export interface Keeper {
  readonly pid: number;
  readonly because: string;
  vouches(process: Process): boolean;
}

/** What speaks for processes besides the records of slots. */
export interface Vouchers {
  readonly keepers: readonly Keeper[];
  readonly ports: ReadonlyMap<number, RecordedPort>;
  /** Servers of agents that somebody works through, with who does. */
  readonly serving: ReadonlyMap<number, string>;
}

const keptBySlots = (snapshot: Snapshot): readonly Keeper[] =>
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
              } satisfies Keeper,
            ],
      ),
    ),
  );

/** By the process they name, the last ones first: those tell why. A file that an earlier holder of the number left does not count against them. */
const listKeepers = (snapshot: Snapshot, {keepers, ports, serving}: Vouchers): ReadonlyMap<number, readonly Keeper[]> => {
  const always = (pid: number, because: string): Keeper => ({pid, because, vouches: () => true});
  const all = [
    ...keptBySlots(snapshot),
    ...keepers,
    ...[...serving].map(([pid, because]) => always(pid, because)),
    ...[...ports].map(([pid, {because, file}]) => always(pid, `${because} (${file})`)),
  ];
  const byPid = new Map<number, Keeper[]>();
  for (const keeper of all.toReversed()) {
    const others = byPid.get(keeper.pid);
    if (others === undefined) {
      byPid.set(keeper.pid, [keeper]);
    } else {
      others.push(keeper);
    }
  }
  return byPid;
};

/** Why a record says that a process is somebody's, or null. Looks at the process itself and at everything above it. */
export const createKeeping = (snapshot: Snapshot, vouchers: Vouchers): ((process: Process) => string | null) => {
  const keepers = listKeepers(snapshot, vouchers);
  const own = (pid: number): string | undefined => {
    const process = snapshot.processes.get(pid);
    return process === undefined ? undefined : keepers.get(pid)?.find(keeper => keeper.vouches(process))?.because;
  };
  const above = nearestAbove(snapshot.processes, own);
  return ({pid}) => own(pid) ?? above(pid) ?? null;
};
