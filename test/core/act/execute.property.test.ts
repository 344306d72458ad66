// The safety rules, over random machines that change at every moment while rigtop acts. RIGTOP_SEED repeats a run; counter-examples shrink.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {executePlan} from '../../../src/core/act/execute.ts';
import type {Journal, JournalTarget} from '../../../src/core/act/journal-file.ts';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import type {Outcome, TargetOutcome} from '../../../src/core/domain/outcome.ts';
import {paneMark, paneMarkOf} from '../../../src/core/domain/pane-mark.ts';
import {isRefusal, type Plan} from '../../../src/core/domain/plan.ts';
import {createProtections} from '../../../src/core/judge/protect/protect.ts';
import {indexLook} from '../../../src/core/look/index/look.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {standing} from '../../../src/core/plan/plan-guard.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {tmuxControl} from '../../../src/sources/tmux/tmux-control.act.ts';
import {settings} from '../../support/world.ts';
import {createMachine, type Faults, type Machine, noFaults, recordOf} from './sim/machine.ts';
import {assess, type Built, build, type Scenario, scenario, schedule} from './sim/scenario.ts';
import {keyOf, type SimProcess} from './sim/world.ts';

const SEED = Number(process.env.RIGTOP_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const RUNS = Number(process.env.RIGTOP_RUNS ?? 3000);
const GRACE_MS = 500;

interface Run {
  readonly spec: Scenario;
  readonly built: Built;
  readonly machine: Machine;
  readonly assessment: Assessment;
  readonly plan: Plan;
  readonly outcome: Outcome;
  readonly intents: readonly JournalTarget[][];
  /** When it was looked for more the last time; the ports are verified after that. */
  readonly endedAt: number;
}

const memoryJournal = (machine: () => Machine, faults: Faults, intents: JournalTarget[][]): Journal => {
  let calls = 0;
  const write = async () => {
    calls += 1;
    return faults.journal(calls) ? ({ok: false, because: 'no space left on device'} as const) : ({ok: true} as const);
  };
  return {
    path: '/journal',
    begin: () => ({
      intent: async targets => {
        const written = await write();
        if (written.ok) {
          intents.push([...targets]);
          machine().intents = intents.length;
        }
        return written;
      },
      step: write,
      outcome: write,
    }),
  };
};

/** Plan as the real planner does, let the world move, carry it out. Null when there is nothing to carry out. */
const play = async (spec: Scenario, faults: Faults, moving: boolean): Promise<Run | null> => {
  const built = build(spec);
  const assessment = assess(built, spec);
  const asked = [
    ...spec.askSessions.flatMap(index => (built.server.sessions[index] === undefined ? [] : [`session:default/s${index}`])),
    ...spec.askProcesses.flatMap(index => {
      const process = built.all[index % built.all.length];
      return process === undefined ? [] : [`process:${process.pid}`];
    }),
  ];
  const plan = makePlan({action: 'kill', asked, force: spec.force, graceMs: GRACE_MS}, assessment, settings, {
    id: 'p1',
    now: built.world.now,
    sources: SOURCES,
  });
  if (isRefusal(plan)) {
    return null;
  }
  const intents: JournalTarget[][] = [];
  const machine: Machine = createMachine(built.world, faults);
  if (moving) {
    schedule(built, spec);
  }
  const outcome = await executePlan(plan, {
    host: machine.host,
    controls: [tmuxControl],
    hands: machine.hands,
    journal: memoryJournal(() => machine, faults, intents),
    findConcurrent: async () => null,
    isRuntime: () => false,
    protect: (process, processes) => {
      const snapshot = {...assessment.snapshot, processes};
      return standing(createProtections({look: indexLook(snapshot), fleet: assessment.fleet, settings}).ofProcess(process), []);
    },
  });
  return {spec, built, machine, assessment, plan, outcome, intents, endedAt: machine.reads.at(plan.frees.length > 0 ? -2 : -1) ?? 0};
};

/** Ground truth: itself or who really forked it, up to the first. */
const lineage = ({built}: Run, process: SimProcess): readonly string[] => {
  const keys: string[] = [];
  for (
    let at: SimProcess | undefined = process;
    at !== undefined;
    at = at.forkedBy === null ? undefined : built.world.history.get(at.forkedBy)
  ) {
    keys.push(keyOf(at));
  }
  return keys;
};

const lineageOf = (run: Run, process: SimProcess): readonly SimProcess[] =>
  lineage(run, process).flatMap(key => run.built.world.history.get(key) ?? []);

/** What the environment of everything started in the panes that end has. */
const marksOf = ({plan}: Run): ReadonlySet<string> =>
  new Set(plan.sessions.flatMap(({socket, serverPid, panes}) => panes.map(pane => paneMark(socket, serverPid ?? 0, pane))));

/** Whether ending it follows from the plan: a target, forked by one, or started in a pane that ends. */
const isJustified = (run: Run, process: SimProcess): boolean => {
  const targets = new Set(run.plan.targets.map(keyOf));
  const marks = marksOf(run);
  const mark = paneMarkOf(recordOf(process));
  return lineage(run, process).some(key => targets.has(key)) || (mark !== null && marks.has(mark));
};

const isPersons = ({comm, uid, pid}: SimProcess): boolean =>
  comm === 'vim' || uid !== 1000 || comm === 'stranger' || comm.startsWith('tmux') || [1, 500, 880, 890, 900].includes(pid);

const everyOutcome = ({targets, late, escaped}: Outcome): readonly TargetOutcome[] => [...targets, ...late, ...escaped];
const isDone = ({result}: TargetOutcome): boolean => result === 'gone' || result === 'already-gone';

/** Everything that must hold whatever happens. */
const checkSafety = (run: Run): void => {
  const {plan, outcome, machine, intents, built} = run;
  const leftOut = new Set(plan.leftOut.map(({ref}) => ref));
  for (const {process, key, signal, intents: before} of machine.delivered) {
    const what = `${signal} to ${process.pid} ${process.comm}`;
    expect(isJustified(run, process), `${what}: not justified`).toBe(true);
    expect(isPersons(process), `${what}: a person's`).toBe(false);
    const planned = plan.targets.some(target => keyOf(target) === key);
    expect(
      planned ||
        !leftOut.has(`process:${process.pid}`) ||
        !run.assessment.snapshot.processes.has(process.pid) ||
        run.assessment.snapshot.processes.get(process.pid)?.startTime !== process.startTime,
      `${what}: left out`,
    ).toBe(true);
    const written = intents.slice(0, before).flat();
    expect(
      written.some(target => target.pid === process.pid && target.startTime === process.startTime),
      `${what}: no intent`,
    ).toBe(true);
  }
  const planned = [...plan.targets.map(({ref}) => ref), ...plan.sessions.map(({ref}) => ref), ...plan.panes.map(({ref}) => ref)];
  expect(outcome.targets.map(({ref}) => ref).sort()).toEqual(planned.sort());
  const signalled = new Set(machine.delivered.map(({process}) => process.pid));
  for (const target of outcome.targets) {
    const identity = plan.targets.find(({ref}) => ref === target.ref);
    if (identity !== undefined) {
      if (isDone(target)) {
        expect(built.world.isAlive(identity), `${target.ref} is told ${target.result} and lives`).toBe(false);
      }
      if (target.result === 'changed' || target.result === 'already-gone') {
        expect(
          machine.delivered.some(({key}) => key === keyOf(identity)),
          `${target.ref} is ${target.result} and was signalled`,
        ).toBe(false);
      }
      const reached = machine.delivered.some(({key, signal}) => key === keyOf(identity) && signal !== 'SIGCONT');
      // A signal to a whole group counts for a member that ended in the same moment.
      expect(target.signal !== null, `${target.ref} ${target.signal}`).toBe(reached || target.signal === 'SIGKILL');
    }
    const session = plan.sessions.find(({ref}) => ref === target.ref);
    if (session !== undefined && isDone(target)) {
      const lives = built.world.servers.some(
        ({alive, pid, sessions}) =>
          alive && pid === session.serverPid && sessions.some(({id, created}) => id === session.id && created === session.created),
      );
      expect(lives, `${target.ref} is told ${target.result} and is there`).toBe(false);
    }
  }
  const found = [...outcome.late, ...outcome.escaped];
  expect(new Set(found.map(({pid}) => pid)).size).toBe(found.length);
  for (const {ref, pid, ...each} of found.filter(isDone)) {
    const id = intents.flat().find(target => target.pid === pid && target.ref === ref);
    expect(
      id !== undefined && id.startTime !== null && built.world.isAlive({pid: pid as number, startTime: id.startTime}),
      `${ref} ${each.result}`,
    ).toBe(false);
  }
  if (outcome.refused !== null) {
    expect(signalled.size).toBe(0);
  }
  if (outcome.ok) {
    expect(everyOutcome(outcome).every(isDone)).toBe(true);
    expect(outcome.ports.every(({free}) => free)).toBe(true);
    for (const process of built.world.processes.values()) {
      const marked = marksOf(run).has(paneMarkOf(recordOf(process)) ?? '');
      const known = [...lineageOf(run, process)];
      if (marked && process.state !== 'Z' && !known.some(isPersons) && !known.some(({pid}) => leftOut.has(`process:${pid}`))) {
        expect(run.endedAt >= process.bornMs ? `${process.pid} ${process.comm} is left` : 'born later').toBe('born later');
      }
    }
  }
};

const property = (faults: fc.Arbitrary<Faults>, moving: boolean, check: (run: Run) => void) =>
  fc.asyncProperty(scenario, faults, async (spec, broken) => {
    const run = await play(spec, broken, moving);
    if (run !== null) {
      check(run);
    }
  });

const assertProperty = (it: ReturnType<typeof property>) => fc.assert(it, {numRuns: RUNS, seed: SEED});

const someFaults: fc.Arbitrary<Faults> = fc
  .record({
    tables: fc.array(fc.integer({min: 1, max: 6}), {maxLength: 2}),
    hangs: fc.array(fc.integer({min: 1, max: 8}), {maxLength: 2}),
    fails: fc.array(fc.integer({min: 1, max: 8}), {maxLength: 2}),
    look: fc.array(fc.integer({min: 1, max: 30}), {maxLength: 3}),
    journal: fc.array(fc.integer({min: 1, max: 5}), {maxLength: 2}),
  })
  .map(
    ({tables, hangs, fails, look, journal}): Faults => ({
      tables: call => tables.includes(call),
      tmux: call => {
        if (hangs.includes(call)) {
          return 'hangs';
        }
        return fails.includes(call) ? 'fails' : 'fine';
      },
      look: call => look.includes(call),
      journal: call => journal.includes(call),
    }),
  );

describe(`carrying out a plan, seed ${SEED}`, () => {
  it('holds every rule while the machine changes', () => assertProperty(property(fc.constant(noFaults), true, checkSafety)), 120_000);

  it('holds every rule while probes fail', () => assertProperty(property(someFaults, true, checkSafety)), 120_000);

  it(
    'ends everything that can be ended, touches nobody else, in a quiet world',
    () =>
      assertProperty(
        property(fc.constant(noFaults), false, run => {
          checkSafety(run);
          const {plan, outcome, built} = run;
          for (const target of plan.targets) {
            const {temper} = built.world.history.get(keyOf(target)) as SimProcess;
            const told = outcome.targets.find(({ref}) => ref === target.ref);
            const ended = told?.result === 'already-gone' ? 'already-gone' : 'gone';
            expect(told?.result, `${target.ref} (${temper})`).toBe(temper === 'stuck' ? 'survived' : ended);
          }
          for (const process of built.world.history.values()) {
            if (!isJustified(run, process)) {
              const was = run.assessment.snapshot.processes.get(process.pid);
              const server = process.pid === 700;
              if (was?.startTime === process.startTime && was.state !== 'Z' && !server) {
                expect(built.world.isAlive(process), `bystander ${process.pid} ${process.comm}`).toBe(true);
              }
            }
          }
        }),
      ),
    120_000,
  );

  it(
    'asks before it kills, deepest first',
    () =>
      assertProperty(
        property(fc.constant(noFaults), true, ({plan, machine, assessment}) => {
          const first = new Map<string, {readonly at: number; readonly signal: string; readonly order: number}>();
          machine.delivered
            .filter(({signal}) => signal !== 'SIGCONT')
            .forEach(({key, at, signal}, order) => {
              if (!first.has(key)) {
                first.set(key, {at, signal, order});
              }
            });
          for (const target of plan.targets) {
            const own = first.get(keyOf(target));
            const parent = plan.targets.find(({pid}) => pid === assessment.snapshot.processes.get(target.pid)?.ppid);
            const above = parent === undefined ? undefined : first.get(keyOf(parent));
            if (own !== undefined) {
              expect(own.signal).toBe(plan.force ? 'SIGKILL' : 'SIGTERM');
            }
            if (own !== undefined && above !== undefined && !plan.force) {
              expect(own.order).toBeLessThan(above.order);
            }
          }
          for (const {key, at, signal} of machine.delivered) {
            const asked = first.get(key);
            if (!plan.force && signal === 'SIGKILL' && asked?.signal === 'SIGTERM') {
              expect(at - asked.at).toBeGreaterThanOrEqual(0);
            }
          }
        }),
      ),
    120_000,
  );
});
