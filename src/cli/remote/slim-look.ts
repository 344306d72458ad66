// A look without what is nobody's: what verdicts are made of, with all that stands above it. A machine may run thousands of processes. Pure.
import type {Assessment} from '../../core/domain/fleet.ts';
import {ancestorsOf} from '../../core/domain/forest.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {attendedTo} from '../../core/judge/attended.ts';

/** Judged elsewhere it gives the same verdicts: everything that one rests on is attended to, and parents tell what was reparented. */
export const slimLook = (assessment: Assessment): Snapshot => {
  const {snapshot} = assessment;
  const {connections: _, unixServers: __, outputFiles: ___, remaining: ____, ...look} = snapshot;
  const kept = new Set<number>();
  for (const pid of attendedTo(assessment)) {
    for (const each of kept.has(pid) ? [] : [pid, ...ancestorsOf(snapshot.processes, pid)]) {
      kept.add(each);
    }
  }
  return {...look, processes: new Map([...snapshot.processes].filter(([pid]) => kept.has(pid)))};
};
