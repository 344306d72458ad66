import {describe, expect, it} from 'vitest';
import {type Confirmed, confirmPlan, type PlanOrigin, requestOf} from '../../../src/core/act/confirm.ts';
import {createPerform} from '../../../src/core/act/perform.ts';
import {isRefusal, type Plan, type PlanRequest} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {protectionsOf} from '../../../src/core/judge/protect/protect.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {standing} from '../../../src/core/plan/plan-guard.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, listener, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';
import {createMachine} from './sim/machine.ts';
import {SimWorld} from './sim/world.ts';

const NOW = 1_800_000_000_000;
const context = {id: 'p1', now: NOW, sources: SOURCES};
const assessed = (snapshot: Snapshot, more: Partial<Settings> = {}) => assessAll([snapshot], more).assessment;

const planned = (snapshot: Snapshot, asked: readonly string[], request: Partial<PlanRequest> = {}, more: Partial<Settings> = {}): Plan => {
  const plan = makePlan({action: 'kill', asked, ...request}, assessed(snapshot, more), {...settings, ...more}, context);
  if (isRefusal(plan)) {
    throw new Error(plan.because);
  }
  return plan;
};

/** The plan against a later look, as the act does it. */
const confirm = (plan: Plan, now: Snapshot, origin: PlanOrigin = 'memory', more: Partial<Settings> = {}): Confirmed => {
  const assessment = assessed(now, more);
  const rules = {...settings, ...more};
  const protections = protectionsOf(assessment, rules);
  return confirmPlan(plan, {
    assessment,
    fresh: makePlan(requestOf(plan), assessment, rules, context),
    origin,
    protect: each => standing(protections.ofProcess(each), plan.unlocks),
  });
};

const results = ({dropped}: Confirmed): readonly string[] => dropped.map(({ref, result}) => `${ref} ${result}`);
const pids = ({plan}: Confirmed): readonly number[] => plan.targets.map(({pid}) => pid);

const head = process(1001, 700, 'node agent.js', {tty: 'pts/1'});
const child = process(1002, 1001, 'node tool.js', {tty: 'pts/1', sid: 1001});
const w = session('w', [pane('%1', 1001)]);
const world = (processes: readonly Process[] = [head, child], held = [w]): Snapshot =>
  look({processes, servers: [server('default', held)]});
const W = 'session:default/w';

describe('a plan, looked at again', () => {
  it('stays whole in an unchanged world', () => {
    const plan = planned(world(), [W]);
    const confirmed = confirm(plan, world());
    expect(confirmed.dropped).toEqual([]);
    expect(confirmed.plan).toEqual(plan);
  });

  it('loses what has ended and what has another’s pid', () => {
    const confirmed = confirm(planned(world(), [W]), world([head, {...child, startTime: 1}]));
    expect(results(confirmed)).toEqual(['process:1002 changed']);
    expect(results(confirm(planned(world(), [W]), world([head])))).toEqual(['process:1002 already-gone']);
  });

  it('keeps a session that was renamed, because it is the same one', () => {
    const confirmed = confirm(planned(world(), [W]), world(undefined, [{...w, name: 'other'}]));
    expect(confirmed.dropped).toEqual([]);
    expect(confirmed.plan.sessions).toHaveLength(1);
  });

  it('refuses what is protected by now, under whatever name', () => {
    const watched = confirm(planned(world(), [W]), world(undefined, [{...w, name: 'other', attached: 1}]));
    expect([...results(watched)].sort()).toEqual(['process:1001 refused', 'process:1002 refused', `${W} refused`]);
    const vim = process(1003, 1001, 'vim x', {tty: 'pts/1', sid: 1001});
    const edited = confirm(planned(world(), [W]), world([head, child, vim]));
    expect([...results(edited)].sort()).toEqual(['process:1001 refused', `${W} refused`]);
    expect(pids(edited)).toEqual([1002]);
  });

  it('refuses everything when the server does not answer any more', () => {
    const confirmed = confirm(planned(world(), [W]), look({processes: [head, child], servers: [silentServer('default')]}));
    expect(pids(confirmed)).toEqual([]);
    expect(results(confirmed)).toEqual(expect.arrayContaining(['process:1001 refused', 'process:1002 refused']));
  });

  it('never grows: what came since is not in it', () => {
    const confirmed = confirm(planned(world(), [W]), world([head, child, process(1009, 1001, 'node new.js', {tty: 'pts/1', sid: 1001})]));
    expect(pids(confirmed)).toEqual([1002, 1001]);
  });

  it('leaves a session in which another program leads a pane by now', () => {
    const respawned = process(1009, 700, 'node agent.js', {tty: 'pts/1'});
    const confirmed = confirm(planned(world(), [W]), world([respawned], [{...w, panes: [pane('%1', 1009)]}]));
    expect(results(confirmed)).toEqual(['process:1002 already-gone', 'process:1001 already-gone', `${W} changed`]);
    expect(confirmed.plan.sessions).toEqual([]);
  });

  it('leaves a session in which somebody started an agent since', () => {
    const shell = process(1001, 700, 'sh -i', {tty: 'pts/1'});
    const first = process(1002, 1001, 'claude', {tty: 'pts/1', sid: 1001});
    const second = process(1009, 1001, 'claude', {tty: 'pts/1', sid: 1001, startTime: 100_900});
    const plan = planned(world([shell, first]), [W]);
    expect([...results(confirm(plan, world([shell, second])))].sort()).toEqual([
      'process:1001 changed',
      'process:1002 already-gone',
      `${W} changed`,
    ]);
    expect([...results(confirm(plan, world([shell, first, second])))].sort()).toEqual([
      'process:1001 changed',
      'process:1002 changed',
      `${W} changed`,
    ]);
  });

  it('ends what an agent of it has started since, an agent or not', () => {
    const agent = process(1001, 700, 'claude', {tty: 'pts/1'});
    const task = process(1009, 1001, 'claude -p task', {tty: 'pts/1', sid: 1001});
    const confirmed = confirm(planned(world([agent, child]), [W]), world([agent, child, task]));
    expect(confirmed.dropped).toEqual([]);
    expect(confirmed.plan.sessions).toHaveLength(1);
  });

  it('goes on with the exact processes of a session that is gone, but not when it comes from a file', () => {
    const orphaned = world([{...child, ppid: 500, tty: null}], []);
    expect(pids(confirm(planned(world(), [W]), orphaned))).toEqual([1002]);
    const fromFile = confirm(planned(world(), [W]), orphaned, 'file');
    expect(pids(fromFile)).toEqual([]);
    expect(results(fromFile)).toContain('process:1002 changed');
  });

  it('does not go on with those that a rule protects by now', () => {
    const editor = world([{...child, ppid: 500, comm: 'vim', argv: ['vim', 'x']}], []);
    expect(results(confirm(planned(world(), [W]), editor))).toContain('process:1002 refused');
  });

  it('from a file loses targets that the request does not lead to', () => {
    const plan = planned(world([head, child, process(2000, 500, 'node other.js')]), [W]);
    const [target] = plan.targets;
    const altered = {
      ...plan,
      targets: [...plan.targets, {...target, pid: 2000, startTime: 20_000, ref: 'process:2000'} as Plan['targets'][number]],
    };
    const confirmed = confirm(altered, world([head, child, process(2000, 500, 'node other.js')]), 'file');
    expect(pids(confirmed)).toEqual([1002, 1001]);
    expect(results(confirmed)).toEqual(['process:2000 changed']);
  });

  it('takes nothing that is to be started or moved from a file’s word', () => {
    const plan = planned(world(), [W]);
    const start = {
      ref: 'agent:x/y',
      because: '',
      way: {kind: 'command', file: '/bin/evil', args: [], cwd: '/', without: [], timeoutMs: 1},
      proof: {port: null, session: null, runtime: false, cwd: null, withinMs: 1},
    } as const;
    const lock = {ref: 'lock:/etc/passwd', path: '/etc/passwd', digest: 'x', moveTo: '/tmp/x'};
    const confirmed = confirm({...plan, starts: [start], locks: [lock], compose: ['prod']}, world(), 'file');
    expect(confirmed.plan).toMatchObject({starts: [], locks: [], compose: []});
    expect(results(confirmed)).toEqual(['lock:/etc/passwd changed', 'agent:x/y changed']);
  });
});

describe('a restart, looked at again', () => {
  const rigs = [
    {
      name: 'search',
      path: '/w/search',
      session: 'search-{slot}',
      slots: 4,
      slotStride: 10,
      services: [{name: 'web', basePort: 3100, command: 'serve {port}'}],
    },
  ];
  const WEB = 'slot:search/2/web';
  const inSlot = (pid: number, ppid: number, command: string) => process(pid, ppid, command, {cwd: '/w/search'});
  const shell = inSlot(100, 700, '-sh');
  const slot = (processes: readonly Process[], holder: number | null): Snapshot => {
    const panes = [pane('%1', 100, {windowName: 'shell'})];
    const inWindow = processes
      .filter(({ppid}) => ppid === 700)
      .map(({pid}) => pane(`%${pid}`, pid, {windowName: 'web', windowId: `@${pid}`}));
    return look({
      servers: [server('default', [session('search-2', [...panes, ...inWindow], {id: '$9'})])],
      processes: [shell, ...processes],
      listeners: holder === null ? [] : [listener(3120, holder)],
    });
  };
  const restart = (before: Snapshot, now: Snapshot): Confirmed =>
    confirm(planned(before, [WEB], {action: 'restart'}, {rigs}), now, 'memory', {rigs});

  it('is carried out while the thing is as it was', () => {
    const down = slot([], null);
    const started = restart(down, down);
    expect(started).toMatchObject({plan: {targets: [], starts: [{ref: WEB}]}, dropped: [], refused: null});
    const up = slot([inSlot(101, 700, 'serve 3120')], 101);
    expect(restart(up, up)).toMatchObject({plan: {targets: [{pid: 101}], starts: [{ref: WEB}]}, dropped: [], refused: null});
  });

  it('starts no second one beside a service that has come up', () => {
    const confirmed = restart(slot([], null), slot([inSlot(101, 700, 'serve 3120')], 101));
    expect(confirmed.plan).toMatchObject({targets: [], starts: []});
    expect(confirmed.dropped).toMatchObject([{ref: WEB, result: 'changed', because: 'it is up by now: process:101 was not there before'}]);
    expect(confirmed.refused).toMatchObject({rule: 'changed', because: expect.stringContaining('it is up by now')});
  });

  it('comes out as refused then, and nothing is touched', async () => {
    const world = new SimWorld();
    world.now = NOW;
    const {host, hands, reads, delivered} = createMachine(world);
    const up = assessed(slot([inSlot(101, 700, 'serve 3120')], 101), {rigs});
    const perform = createPerform({
      host,
      settings: {...settings, rigs},
      look: async () => up,
      sources: SOURCES,
      acting: [],
      makeHands: () => hands,
    });
    expect(await perform(planned(slot([], null), [WEB], {action: 'restart'}, {rigs}))).toMatchObject({
      ok: false,
      targets: [{ref: WEB, result: 'changed', because: expect.stringContaining('it is up by now')}],
      started: [],
      refused: {rule: 'changed', because: expect.stringContaining('it is up by now')},
    });
    expect({reads, delivered}).toEqual({reads: [], delivered: []});
  });

  it('starts no second one beside a service that has started itself again', () => {
    const confirmed = restart(slot([inSlot(101, 700, 'serve 3120')], 101), slot([inSlot(102, 700, 'serve 3120')], 102));
    expect(results(confirmed)).toEqual(['process:101 already-gone', `${WEB} changed`]);
    expect(confirmed).toMatchObject({plan: {targets: [], starts: []}, refused: {rule: 'changed'}});
  });

  it('is refused when it has come up below what the plan ends, and is not for a child that it forked', () => {
    const window = inSlot(101, 700, 'sh -c x');
    const before = slot([window], null);
    const cameUp = restart(before, slot([window, inSlot(102, 101, 'serve 3120')], 102));
    expect(cameUp.plan.starts).toEqual([]);
    expect(cameUp.refused).toMatchObject({rule: 'changed'});
    const forked = restart(before, slot([window, inSlot(102, 101, 'sleep 1')], null));
    expect(forked).toMatchObject({plan: {targets: [{pid: 101}], starts: [{ref: WEB}]}, dropped: [], refused: null});
  });

  it('ends nothing when a part of it may not be ended by now', () => {
    const window = inSlot(101, 700, 'sh -c x');
    const root = process(102, 101, 'serve 3120', {cwd: '/w/search', uid: 0});
    const confirmed = restart(slot([window, inSlot(103, 101, 'node x')], null), slot([window, inSlot(103, 101, 'node x'), root], null));
    expect(confirmed.refused).toMatchObject({rule: 'changed', because: expect.stringContaining('belongs to user 0')});
  });
});
