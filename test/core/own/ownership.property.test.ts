// Over random fleets nothing of somebody else is ever called an agent's own, and what it plainly started always is.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many; counter-examples shrink.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {askedBy, endedFor, ownOf, ownPids} from './own-fleet.ts';
import {buildFleet, fleetSpec, RIGS, treeAt} from './random-fleets.ts';

const SEED = Number(globalThis.process.env.RIGTOP_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const WORLDS = Number(globalThis.process.env.RIGTOP_WORLDS ?? 1_500);

describe(`whose a process is, seed ${SEED}`, () => {
  it(
    'is never an agent’s own where it is somebody else’s, and always where it was plainly started by it',
    () => {
      let found = 0;
      let bySlot = 0;
      fc.assert(
        fc.property(fleetSpec, spec => {
          const {snapshot, owners, plain, served, askers} = buildFleet(spec);
          const at = spec.asks % spec.agents.length;
          const answer = askedBy(snapshot, askers[at] ?? 0, undefined, {rigs: RIGS});
          const own = ownPids(answer, snapshot);
          found += own.length;
          bySlot += own.filter(pid => served.has(pid) && ownOf(answer, snapshot, pid) === 'yes by slot').length;
          expect(own.filter(pid => owners.get(pid) !== at)).toEqual([]);
          const known = !('refused' in answer);
          expect(known).toBe(true);
          expect([...plain].filter(pid => owners.get(pid) === at && !own.includes(pid))).toEqual([]);
        }),
        {numRuns: WORLDS, seed: SEED},
      );
      expect(found).toBeGreaterThan(WORLDS / 4);
      expect(bySlot).toBeGreaterThan(WORLDS / 100);
    },
    60_000 + 20 * WORLDS,
  );

  it(
    'is never ended by a plan of own things, whatever is asked for and unlocked',
    () => {
      let ended = 0;
      fc.assert(
        fc.property(fleetSpec, fc.boolean(), (spec, flush) => {
          const {snapshot, owners, askers} = buildFleet(spec);
          const at = spec.asks % spec.agents.length;
          const everything = [
            ...snapshot.processes.keys(),
            ...snapshot.servers.flatMap(({sessions}) => sessions.map(each => `session:default/${each.name}`)),
          ];
          const request = flush
            ? ({action: 'flush', asked: [treeAt(0)]} as const)
            : ({action: 'kill', asked: everything.map(String)} as const);
          const pids = endedFor(snapshot, askers[at] ?? 0, request, {rigs: RIGS});
          ended += pids.length;
          expect(pids.filter(pid => owners.get(pid) !== at)).toEqual([]);
        }),
        {numRuns: WORLDS / 3, seed: SEED},
      );
      expect(ended).toBeGreaterThan(WORLDS / 12);
    },
    60_000 + 40 * WORLDS,
  );
});
