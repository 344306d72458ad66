// Restarts of a town's agents: the proper way per role, and every reason not to.

import {describe, expect, test} from 'vitest';
import {confirmPlan, requestOf} from '../../../src/core/act/confirm.ts';
import {known, unknown} from '../../../src/core/domain/known.ts';
import {isRefusal, type PlanRequest} from '../../../src/core/domain/plan.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {TownRecords, TownRig} from '../../../src/core/domain/town.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {townRecord} from './town-record.ts';
import {NOW, settings as plain, process, session, type WorldFacts, worldOf} from './world-record.ts';

const PATH = '/home/u/gt';
const MINUTE = 60_000;
const settings: Settings = {...plain, runtimes: [{name: 'claude', processNames: ['claude'], scripts: [], args: []}]};
const GT = new Map([['gt', '/usr/bin/gt']]);

interface Facts {
  readonly records?: Partial<TownRecords>;
  readonly rig?: Partial<TownRig>;
  readonly world?: WorldFacts;
  readonly programs?: ReadonlyMap<string, string>;
  readonly request?: Partial<PlanRequest>;
}

const working: Partial<TownRecords> = {heartbeats: known([{session: 'gt-fury', at: NOW - MINUTE, state: 'working', bead: 'gt-1'}])};

/** Two looks. */
const assessedOf = ({records = {}, rig = {}, world = {}, programs = GT}: Facts) => {
  const town = townRecord({rigs: {gastown: {prefix: 'gt', crew: ['max'], polecats: ['fury']}}, records, rig});
  const {snapshot: bare} = worldOf({towns: [town], ...world, processes: [process(9_999), ...(world.processes ?? [])]});
  const snapshot = {...bare, programs};
  const first = assess(snapshot, settings, emptyMemory, SOURCES);
  return assess({...snapshot, monotonicMs: snapshot.monotonicMs + 600, uptimeMs: snapshot.uptimeMs + 600}, settings, first.memory, SOURCES)
    .assessment;
};

const planFor = (ref: string, facts: Facts = {}) => {
  const answer = makePlan({action: 'restart', asked: [ref], ...facts.request}, assessedOf(facts), settings, {
    id: 'c41f',
    now: NOW,
    sources: SOURCES,
  });
  return isRefusal(answer) ? {refused: answer.rule, because: answer.because} : answer;
};

const running = (name: string, env: Record<string, string> | null = null): WorldFacts => {
  const own = session(name, {env});
  const panes = own.panes.map(pane => ({...pane, startCommand: '"exec env GT_ROLE=gastown/witness claude --flag \\"a b\\""'}));
  return {sessions: [{...own, panes}], processes: [process(100, {ppid: 50})]};
};

describe('through the town’s own tool', () => {
  test.each([
    ['agent:gastown/witness', ['witness', 'restart', 'gastown'], 'gt-witness'],
    ['agent:gastown/refinery', ['refinery', 'restart', 'gastown'], 'gt-refinery'],
    ['agent:gastown/fury', ['session', 'restart', 'gastown/fury'], 'gt-fury'],
    ['agent:home/deacon', ['deacon', 'restart'], 'hq-deacon'],
    ['agent:home/mayor', ['mayor', 'restart'], 'hq-mayor'],
  ])('%s', (ref, args, name) => {
    const plan = planFor(ref);
    expect(plan).toMatchObject({
      targets: [],
      sessions: [],
      starts: [
        {
          ref,
          way: {
            kind: 'command',
            file: '/usr/bin/gt',
            args,
            cwd: PATH,
            without: expect.arrayContaining(['GT_*', 'CLAUDECODE', 'TMUX', 'TMUX_PANE']),
          },
          proof: {session: {socket: '/tmp/tmux-1000/gt-56fe62', name}, runtime: true},
        },
      ],
    });
  });

  test('the whole session ends before, and comes up where it was', () => {
    expect(planFor('agent:gastown/witness', {world: running('gt-witness')})).toMatchObject({
      sessions: [{name: 'gt-witness'}],
      targets: [{pid: 100}],
      starts: [{proof: {session: {socket: '/tmp/tmux-1000/gt-56fe62', name: 'gt-witness'}}}],
    });
    expect(planFor('session:gt-56fe62/gt-witness', {world: running('gt-witness')})).toMatchObject({
      starts: [{ref: 'agent:gastown/witness'}],
    });
  });

  test('a crashed polecat, by reference', () => {
    expect(planFor('agent:gastown/fury', {records: working})).toMatchObject({starts: [{ref: 'agent:gastown/fury'}]});
  });
});

describe('without it', () => {
  const programs = new Map<string, string>();

  test('what its pane was started with, in its own directory, on its own server, with its own marks', () => {
    const world = running('gt-witness', {GT_ROLE: 'gastown/witness', GT_ROOT: PATH, GT_PANE_ID: '%7'});
    expect(planFor('agent:gastown/witness', {world, programs})).toMatchObject({
      starts: [
        {
          way: {
            kind: 'window',
            socket: '/tmp/tmux-1000/gt-56fe62',
            session: 'gt-witness',
            id: null,
            cwd: `${PATH}/gastown/witness`,
            command: 'exec env GT_ROLE=gastown/witness claude --flag "a b"',
            env: {GT_ROLE: 'gastown/witness', GT_ROOT: PATH},
          },
        },
      ],
    });
  });

  test('others are refused with the command to run, and so is one that nothing records', () => {
    expect(planFor('agent:home/deacon', {world: running('hq-deacon'), programs})).toMatchObject({
      refused: 'not-restartable',
      because: `gt is not on PATH, and a deacon is not started without it; run in ${PATH}: gt deacon restart`,
    });
    expect(planFor('agent:gastown/witness', {programs})).toMatchObject({refused: 'not-restartable'});
  });
});

describe('refused', () => {
  const restarts = (record: object): Partial<TownRecords> => ({
    daemon: {
      pid: known(null),
      pidWrittenAt: null,
      lockHolder: known(null),
      state: known(null),
      restarts: known([{agent: 'deacon', count: 5, lastRestart: null, backoffUntil: null, crashLoopSince: null, ...record}]),
    },
  });

  test.each<[string, string, string, Facts]>([
    ['parked', 'agent:gastown/fury', 'parked', {rig: {operation: known({status: 'parked', autoRestart: null, blocked: []})}}],
    ['docked', 'agent:gastown/fury', 'parked', {rig: {operation: known({status: 'docked', autoRestart: null, blocked: []})}}],
    [
      'restarts blocked',
      'agent:gastown/fury',
      'parked',
      {rig: {operation: known({status: null, autoRestart: null, blocked: ['auto_restart']})}},
    ],
    ['unreadable state', 'agent:gastown/fury', 'unknown', {rig: {operation: unknown('corrupt')}}],
    ['rig frozen', 'agent:gastown/fury', 'estop', {rig: {estop: known({path: '', trigger: 'manual', at: NOW, reason: ''})}}],
    ['town frozen', 'agent:home/deacon', 'estop', {records: {estop: known({path: '', trigger: 'manual', at: NOW, reason: ''})}}],
    ['shutdown', 'agent:home/deacon', 'shutdown', {records: {shutdown: known(77)}}],
    ['shutdown not to be known', 'agent:home/deacon', 'unknown', {records: {shutdown: unknown('macOS does not tell')}}],
    ['paused', 'agent:home/deacon', 'paused', {records: {deaconPaused: known({reason: 'lunch', by: null, at: null})}}],
    ['backing off', 'agent:home/deacon', 'backing-off', {records: restarts({backoffUntil: NOW + MINUTE})}],
    ['crash loop', 'agent:home/deacon', 'crash-loop', {records: restarts({crashLoopSince: NOW - MINUTE})}],
    ['crew that is gone', 'agent:gastown/crew/max', 'crew', {}],
    ['a silent server', 'agent:gastown/fury', 'unknown', {records: working, world: {silent: ['work']}}],
    ['nobody', 'agent:gastown/nobody', 'not-found', {}],
  ])('%s', (_, ref, refused, facts) => {
    expect(planFor(ref, facts)).toMatchObject({refused});
  });

  test('a backoff that is over stands no longer', () => {
    expect(planFor('agent:home/deacon', {records: restarts({backoffUntil: NOW - MINUTE})})).toMatchObject({starts: [{}]});
  });

  test('crew after an explicit unlock, alive or gone', () => {
    const request = {unlocks: ['crew']} as const;
    expect(planFor('agent:gastown/crew/max', {request})).toMatchObject({starts: [{way: {args: ['crew', 'restart', 'gastown/max']}}]});
    expect(planFor('agent:gastown/crew/max', {world: running('gt-crew-max')})).toMatchObject({refused: 'crew'});
    expect(planFor('agent:gastown/crew/max', {world: running('gt-crew-max'), request})).toMatchObject({
      sessions: [{name: 'gt-crew-max'}],
      starts: [{}],
    });
  });

  test('an agent of whose session something has to stay: nothing of it ends', () => {
    const {sessions = []} = running('gt-fury');
    const inPane = {sid: 100, tty: 'pts/1'};
    const withRoot = {
      sessions,
      processes: [
        process(100, {ppid: 50, ...inPane}),
        process(101, {ppid: 100, argv: ['node', 'tool.js'], ...inPane}),
        process(102, {ppid: 100, uid: 0, argv: ['sudo', 'x'], ...inPane}),
      ],
    };
    expect(planFor('agent:gastown/fury', {world: withRoot})).toMatchObject({
      refused: 'other-user',
      because: expect.stringContaining('session:gt-56fe62/gt-fury has to stay (102 (sudo x) stays: it belongs to user 0)'),
    });
  });

  test('an agent that runs twice', () => {
    const twice = {
      sessions: [
        session('gt-fury'),
        session('gt-fury', {server: 'default', pids: [200], env: {GT_ROLE: 'gastown/polecats/fury', GT_ROOT: PATH}}),
      ],
      processes: [process(100), process(200)],
    };
    expect(planFor('agent:gastown/fury', {world: twice})).toMatchObject({refused: 'doubled'});
  });
});

describe('confirmed', () => {
  const FURY = 'agent:gastown/fury';
  const confirmed = (before: Facts, now: Facts, ref = FURY) => {
    const plan = planFor(ref, before);
    if ('refused' in plan) {
      throw new Error(plan.because);
    }
    const assessment = assessedOf(now);
    const fresh = makePlan(requestOf(plan), assessment, settings, {id: 'c41f', now: NOW, sources: SOURCES});
    return confirmPlan(plan, {assessment, fresh, origin: 'memory', protect: () => null});
  };
  const crashed = {records: working};

  test('a crashed agent that is still down is started', () => {
    expect(confirmed(crashed, crashed)).toMatchObject({plan: {starts: [{ref: FURY}]}, dropped: [], refused: null});
  });

  test('one that runs is ended and started, asked for by its own name or by its session’s', () => {
    const alive = {...crashed, world: running('gt-fury')};
    for (const ref of [FURY, 'session:gt-56fe62/gt-fury']) {
      expect(confirmed(alive, alive, ref)).toMatchObject({
        plan: {targets: [{pid: 100}], sessions: [{name: 'gt-fury'}], starts: [{ref: FURY}]},
        dropped: [],
        refused: null,
      });
    }
  });

  test('one that has come up meanwhile is left alone', () => {
    const {plan, dropped, refused} = confirmed(crashed, {...crashed, world: running('gt-fury')});
    expect(plan).toMatchObject({targets: [], sessions: [], starts: []});
    expect(dropped).toMatchObject([
      {ref: FURY, result: 'changed', because: 'it is up by now: session:gt-56fe62/gt-fury was not there before'},
    ]);
    expect(refused).toMatchObject({rule: 'changed'});
  });

  test('one that has come up in the shell that was left of it is left alone', () => {
    const [shell, agent] = [process(100, {ppid: 50, comm: 'sh', argv: ['sh']}), process(101, {ppid: 100})];
    const {sessions = []} = running('gt-fury');
    const zombie = {...crashed, world: {sessions, processes: [shell]}};
    expect(confirmed(zombie, zombie)).toMatchObject({plan: {targets: [{pid: 100}], starts: [{ref: FURY}]}, refused: null});
    expect(confirmed(zombie, {...crashed, world: {sessions, processes: [shell, agent]}})).toMatchObject({
      plan: {starts: []},
      dropped: expect.arrayContaining([
        expect.objectContaining({ref: FURY, because: 'it is up by now: process:101 was not there before'}),
        expect.objectContaining({ref: 'process:100', because: 'claude 101 came up in it since the plan was made'}),
      ]),
      refused: {rule: 'changed'},
    });
  });
});
