// No process that has a living user outside the targets is ever ended, over random machines in which everybody uses somebody.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many; counter-examples shrink.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import {isRefusal, type PlanRequest} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, later} from '../../support/world.ts';
import {buildLiving, type LivingWorld, worldSpec} from './living-world.ts';

const SEED = Number(process.env.RIGTOP_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const WORLDS = Number(process.env.RIGTOP_WORLDS ?? 10_000);
const DEADLINE_MS = 120_000 + 60 * WORLDS;

/** What carrying a plan out would end: its targets, and everything on the terminals of panes that close. */
const endedBy = ({snapshot}: LivingWorld, assessment: Assessment, request: PlanRequest, world: LivingWorld): ReadonlySet<number> => {
  const plan = makePlan(request, assessment, world.settings, {id: 'p1', now: snapshot.takenAt, sources: SOURCES});
  if (isRefusal(plan)) {
    return new Set();
  }
  const heads = [
    ...plan.panes.map(({pid}) => pid),
    ...plan.sessions.flatMap(({socket, id}) =>
      snapshot.servers.flatMap(each =>
        each.sessions.filter(one => one.socket === socket && one.id === id).flatMap(({panes}) => panes.map(({pid}) => pid)),
      ),
    ),
  ];
  const terminals = new Set(heads.flatMap(pid => snapshot.processes.get(pid)?.tty ?? []));
  const hungUp = [...snapshot.processes.values()].filter(({tty}) => tty !== null && terminals.has(tty)).map(({pid}) => pid);
  return new Set([...plan.targets.map(({pid}) => pid), ...heads, ...hungUp]);
};

/** Who outside of what ends would miss something of it. `units`: what a person gives up by asking. */
const missed = (world: LivingWorld, ended: ReadonlySet<number>, units: readonly string[]): readonly string[] =>
  [...ended].flatMap(pid => {
    const command = world.snapshot.processes.get(pid)?.argv.join(' ') ?? '';
    return (world.users.get(pid) ?? []).flatMap(user => {
      if ('pid' in user) {
        return ended.has(user.pid) ? [] : [`${pid} ${command}: process ${user.pid} uses it`];
      }
      return units.some(unit => user.person === unit || user.person.startsWith(`${unit}.`))
        ? []
        : [`${pid} ${command}: ${user.person} wants it`];
    });
  });

const judged = (world: LivingWorld): Assessment =>
  assessAll([world.snapshot, later(world.snapshot, 2_000)], {...world.settings}).assessment;

describe(`nothing living is ended, seed ${SEED}`, () => {
  it(
    'by a clean-up of everything that is surely wrong',
    () => {
      let worked = 0;
      fc.assert(
        fc.property(worldSpec, spec => {
          const world = buildLiving(spec);
          const ended = endedBy(world, judged(world), {action: 'cleanup', asked: []}, world);
          worked += ended.size > 0 ? 1 : 0;
          expect(missed(world, ended, [])).toEqual([]);
        }),
        {numRuns: WORLDS, seed: SEED},
      );
      // A clean-up that never does anything would hold every rule.
      expect(worked).toBeGreaterThan(WORLDS / 20);
    },
    DEADLINE_MS,
  );

  it(
    'by ending one session, agent or finding beside what others use',
    () => {
      let worked = 0;
      fc.assert(
        fc.property(worldSpec, fc.nat(20), (spec, which) => {
          const world = buildLiving(spec);
          const assessment = judged(world);
          const asks = [...world.asks, ...assessment.findings.map(({id}) => ({ref: `finding:${id}`, unit: id}))];
          const ask = asks[which % Math.max(1, asks.length)];
          if (ask === undefined) {
            return;
          }
          const ended = endedBy(world, assessment, {action: 'kill', asked: [ask.ref]}, world);
          worked += ended.size > 0 ? 1 : 0;
          expect(missed(world, ended, [ask.unit])).toEqual([]);
        }),
        {numRuns: WORLDS, seed: SEED},
      );
      expect(worked).toBeGreaterThan(WORLDS / 20);
    },
    DEADLINE_MS,
  );
});
