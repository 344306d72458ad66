// Two that are at the same thing at once, on one simulated machine with one real journal: one goes on, the other says who does.
import {mkdir, mkdtemp, rename, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {findConcurrent, isUnderWay} from '../../../src/core/act/concurrent-actions.ts';
import {executePlan} from '../../../src/core/act/execute.ts';
import {createJournal, type JournalTarget} from '../../../src/core/act/journal-file.ts';
import {gatherEntries, readJournal} from '../../../src/core/act/read-journal.ts';
import type {Outcome} from '../../../src/core/domain/outcome.ts';
import {isRefusal, type Plan, type PlanStart} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {tmuxControl} from '../../../src/sources/tmux/tmux-control.act.ts';
import {settings} from '../../support/world.ts';
import {createMachine, type Machine} from './sim/machine.ts';
import {assess, build, type Scenario} from './sim/scenario.ts';

const MINUTE = 60_000;
const WEB = 'slot:search/1/web';
const API = 'slot:search/1/api';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-rivals-'));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const spec: Scenario = {
  sessions: [
    {panes: 1, remains: false, hook: false, attached: false, agent: false, linked: false},
    {panes: 1, remains: false, hook: false, attached: false, agent: false, linked: false},
  ],
  processes: [],
  askSessions: [],
  askProcesses: [],
  happenings: [],
  force: false,
};

const machineNow = () => {
  const built = build(spec);
  return {built, machine: createMachine(built.world)};
};

const killPlan = ({built}: ReturnType<typeof machineNow>, asked: string): Plan => {
  const plan = makePlan({action: 'kill', asked: [asked], graceMs: 500}, assess(built, spec), settings, {
    id: 'k1',
    now: built.world.now,
    sources: SOURCES,
  });
  if (isRefusal(plan)) {
    throw new Error(plan.because);
  }
  return plan;
};

const startOf = (ref: string): PlanStart => ({
  ref,
  because: 'it is down',
  way: {kind: 'command', file: 'starter', args: [ref], cwd: '/', without: [], timeoutMs: 1000},
  proof: {port: null, session: null, runtime: false, cwd: null, withinMs: 1000},
});

/** A restart of something that is dead: nothing to end, one thing to start. */
const restartPlan = ({world}: Machine, ref: string, asked = ref): Plan => ({
  id: 'r1',
  action: 'restart',
  asked: [asked],
  createdAt: world.now,
  expiresAt: world.now + 30_000,
  bootId: 'boot-1',
  roots: [],
  targets: [],
  sessions: [],
  panes: [],
  locks: [],
  frees: [],
  vacates: [],
  compose: [],
  starts: [startOf(ref)],
  leftOut: [],
  warnings: [],
  irreversible: [],
  command: '',
  force: false,
  graceMs: 500,
  unlocks: [],
});

const journalOf = ({host}: Machine, pid: number, maxBytes = 1_000_000) =>
  createJournal({host, directory, own: {pid, startTime: pid}, isAlive: () => true, maxBytes});

/** rigtop as process `pid` carries a plan out; `starts` hears what it starts. */
const act = (machine: Machine, pid: number, plan: Plan, starts: string[] = [], dead: readonly number[] = []): Promise<Outcome> => {
  const lookedAt = plan.createdAt;
  const isAlive = (holder: {readonly pid: number}) => !dead.includes(holder.pid);
  const run: typeof machine.host.run = async (file, args, options) => {
    if (file !== 'starter') {
      return machine.host.run(file, args, options);
    }
    starts.push(args.join(' '));
    return {stdout: '', stderr: '', exitCode: 0, trouble: null, tookMs: 1};
  };
  return executePlan(plan, {
    host: {...machine.host, pid, run},
    controls: [tmuxControl],
    hands: machine.hands,
    journal: journalOf(machine, pid),
    findConcurrent: (name, claim) =>
      findConcurrent({directory, own: {pid, startTime: pid}, isAlive, now: machine.world.now, lookedAt}, name, claim),
    isRuntime: () => false,
    protect: () => null,
  });
};

/** Process `pid` begins and is not heard of again. */
const leaveBegun = (machine: Machine, pid: number, plan: Plan, targets: readonly JournalTarget[] = []) =>
  journalOf(machine, pid).begin(`begun-${pid}`, plan).intent(targets, false);

describe('two at once, both past their look', () => {
  it.each(Array.from({length: 10}, (_, index) => index))('restart the same dead service: it is started once (%i)', async () => {
    const {machine} = machineNow();
    const starts: string[] = [];
    const plan = restartPlan(machine, WEB);
    const outcomes = await Promise.all([act(machine, 901, plan, starts), act(machine, 902, plan, starts)]);
    expect(starts).toEqual([WEB]);
    expect(outcomes.map(({ok}) => ok).sort()).toEqual([false, true]);
    const refused = outcomes.find(({ok}) => !ok)?.refused;
    expect(refused).toMatchObject({
      rule: 'rival',
      because: expect.stringMatching(/^process 90[12] (is at it already|has just done it): restart /),
    });
    const entries = gatherEntries(await readJournal(directory), () => true);
    expect(entries.map(({state, outcome}) => [state, outcome?.refused?.rule ?? null])).toEqual([
      ['done', null],
      ['done', 'rival'],
    ]);
  });

  it('the same thing by other names is started once too', async () => {
    const {machine} = machineNow();
    const starts: string[] = [];
    await Promise.all([
      act(machine, 901, restartPlan(machine, WEB, 'finding:f-1'), starts),
      act(machine, 902, restartPlan(machine, WEB), starts),
    ]);
    expect(starts).toEqual([WEB]);
  });

  it('different things do not hinder each other', async () => {
    const made = machineNow();
    const {machine} = made;
    const starts: string[] = [];
    const plans = [restartPlan(machine, WEB), restartPlan(machine, API), killPlan(made, 'session:default/s0')];
    const outcomes = await Promise.all(plans.map((plan, index) => act(machine, 901 + index, plan, starts)));
    expect(outcomes.map(({ok}) => ok)).toEqual([true, true, true]);
    expect([...starts].sort()).toEqual([API, WEB]);
  });

  it('what was started since the look is not started again; what was before it is', async () => {
    const {machine} = machineNow();
    const plan = restartPlan(machine, WEB);
    const starts: string[] = [];
    expect((await act(machine, 901, plan, starts)).ok).toBe(true);
    expect((await act(machine, 902, plan, starts)).refused?.because).toContain('process 901 has just done it');
    machine.world.advance(1000);
    expect((await act(machine, 902, restartPlan(machine, WEB), starts)).ok).toBe(true);
    expect(starts).toEqual([WEB, WEB]);
  });
});

describe('who began before', () => {
  it('with what is only ended now is no rival: a person may end what another is still at', async () => {
    const made = machineNow();
    const [first] = made.built.all;
    const pid = first?.pid ?? 0;
    await leaveBegun(made.machine, 901, restartPlan(made.machine, 'session:default/s0'), [
      {ref: `process:${pid}`, pid, startTime: first?.startTime ?? 0, command: 'node'},
    ]);
    await leaveBegun(made.machine, 902, killPlan(made, 'session:default/s0'));
    expect((await act(made.machine, 903, killPlan(made, 'session:default/s0'))).ok).toBe(true);
  });

  it('hinders nobody when it is dead, this very process, or only a clean-up of the same kind', async () => {
    const {machine} = machineNow();
    await leaveBegun(machine, 901, restartPlan(machine, WEB));
    expect((await act(machine, 902, restartPlan(machine, WEB), [], [901])).ok).toBe(true);
    machine.world.advance(1000);
    expect((await act(machine, 901, restartPlan(machine, WEB))).ok).toBe(true);
    const cleanup: Plan = {...restartPlan(machine, WEB, 'orphan-process'), action: 'cleanup', starts: []};
    await leaveBegun(machine, 903, cleanup);
    expect((await act(machine, 904, cleanup)).ok).toBe(true);
  });

  it.each([
    [16 * MINUTE, true],
    [14 * MINUTE, false],
    [-14 * MINUTE, false],
    [-16 * MINUTE, true],
  ])('%i ms ago by the clock, unfinished: goes on %s', async (ago, goesOn) => {
    const {machine} = machineNow();
    const later: Machine = {...machine, host: {...machine.host, epochMs: () => machine.world.now - ago}};
    await leaveBegun(later, 901, restartPlan(machine, WEB));
    expect((await act(machine, 902, restartPlan(machine, WEB))).ok).toBe(goesOn);
    const [entry] = gatherEntries(await readJournal(directory), () => true);
    expect(entry !== undefined && isUnderWay(entry, machine.world.now)).toBe(!goesOn);
  });

  it('and was heard of since is still at it', async () => {
    const {machine} = machineNow();
    const early: Machine = {...machine, host: {...machine.host, epochMs: () => machine.world.now - 20 * MINUTE}};
    await leaveBegun(early, 901, restartPlan(machine, WEB));
    await journalOf(machine, 901).begin('begun-901', restartPlan(machine, WEB)).step('gone', []);
    expect((await act(machine, 902, restartPlan(machine, WEB))).refused?.rule).toBe('rival');
  });

  it('is seen in a journal that was set aside since, and nobody is guessed to be later when one’s own intent was', async () => {
    const {machine} = machineNow();
    const claim = {action: 'restart', asked: [WEB], targets: [], starts: [WEB]} as const;
    const rivalOf = (pid: number) =>
      findConcurrent(
        {directory, own: {pid, startTime: pid}, isAlive: () => true, now: machine.world.now, lookedAt: 0},
        `begun-${pid}`,
        claim,
      );
    await leaveBegun(machine, 901, restartPlan(machine, WEB));
    await rename(join(directory, 'journal.jsonl'), join(directory, 'journal.1.jsonl'));
    expect(await rivalOf(901)).toBeNull();
    await leaveBegun(machine, 902, restartPlan(machine, WEB));
    expect(await rivalOf(902)).toContain('process 901');
    expect(await rivalOf(901)).toContain('process 902');
  });

  it('cannot be told from a journal that cannot be read: a person may act, and is told', async () => {
    const {machine} = machineNow();
    await mkdir(join(directory, 'journal.1.jsonl'));
    const {ok, problems} = await act(machine, 901, restartPlan(machine, WEB));
    expect(ok).toBe(true);
    expect(problems).toEqual([expect.stringContaining('whether somebody else is at it is unknown')]);
  });
});
