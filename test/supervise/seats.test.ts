// What is kept and gone with its session is dead, comes back, and is not brought back against a person’s will.
import {describe, expect, it} from 'vitest';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Server} from '../../src/core/domain/multiplexer.ts';
import {isRefusal} from '../../src/core/domain/plan.ts';
import type {Service} from '../../src/core/domain/slot.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {requestOf} from '../../src/supervise/describe-round.ts';
import {keptThings} from '../../src/supervise/kept-things.ts';
import {type PersonsEnd, presenceOfSession, type Seat} from '../../src/supervise/last-seen-places.ts';
import {EMPTY_STATE, type LoopState} from '../../src/supervise/loop-state.ts';
import {forgotten, type Policy, resumed} from '../../src/supervise/memory.ts';
import {decide} from '../../src/supervise/policy.ts';
import {assessAll, settings as defaults, pane, process, look as quietLook, server, session} from '../support/world.ts';

const NOW = 1_800_000_000_000;
const RIG = {
  name: 'search',
  path: '/w/search',
  session: 'search-{slot}',
  slots: 4,
  slotStride: 10,
  services: [{name: 'web', basePort: 3100, command: 'serve --port {port}'}],
  provenance: 'named' as const,
};
const settings = {...defaults, rigs: [RIG]};
const POLICY: Policy = {
  keep: ['slot:search/*/web', 'agent:search/*'],
  cleanup: null,
  intervalMs: 30_000,
  graceMs: 60_000,
  rigs: ['search'],
};

const service = (slot: number, session: string | null): Service => ({
  ref: `slot:search/${slot}/web`,
  rig: 'search',
  slot,
  slug: null,
  service: 'web',
  port: 3100 + slot * 10,
  state: 'up',
  because: '',
  expected: {pid: 100 + slot, session},
  listeners: [],
  actualPorts: [],
  conflictingSlot: null,
  worktree: `/w/search-${slot}`,
  declaredBy: '',
  doubt: null,
  rigPath: '/w/shop',
});

/** Slots whose sessions are there, each with its service up. */
const seen = (slots: readonly number[], others: readonly Server[] = [], facts: Partial<Server> = {}): Assessment => {
  const sessions = slots.map(slot =>
    session(`search-${slot}`, [pane(`%${slot}`, 100 + slot, {windowName: 'web'})], {id: `$${slot}`, created: 5}),
  );
  const processes = slots.map(slot => process(100 + slot, 700, 'node serve', {cwd: `/w/search-${slot}`}));
  const servers = [server('default', sessions, facts), ...others];
  const {assessment} = assessAll([quietLook({processes, servers})], settings);
  return {...assessment, findings: [], services: slots.map(slot => service(slot, `session:default/search-${slot}`))};
};

const play = (looks: readonly Assessment[], ends: readonly PersonsEnd[] = [], state: LoopState = EMPTY_STATE, policy = POLICY) =>
  looks.reduce(({state: before, at}, each) => ({...decide(each, policy, before, at, true, ends), at: at + 1000}), {
    decisions: [] as ReturnType<typeof decide>['decisions'],
    state,
    at: NOW,
  });

describe('a kept service whose session is gone', () => {
  it('is dead on the second look, and is started where it was', () => {
    expect(play([seen([1]), seen([])]).decisions).toEqual([]);
    expect(play([seen([1]), seen([]), seen([])]).decisions).toEqual([
      {
        kind: 'restart',
        ref: 'slot:search/1/web',
        because: 'it was up, and its session search-1 is gone',
        seat: {socket: '/tmp/tmux-1000/default', session: 'search-1', directory: '/w/search-1', command: ''},
      },
    ]);
  });

  it('has a plan that makes its session anew and proves that it is up', () => {
    const gone = seen([]);
    const [loopAction] = play([seen([1]), gone, gone]).decisions;
    const plan =
      loopAction?.kind === 'restart' ? makePlan(requestOf(loopAction), gone, settings, {id: 'p', now: NOW, sources: SOURCES}) : null;
    expect(plan !== null && !isRefusal(plan) ? plan.starts : plan).toMatchObject([
      {
        way: {
          kind: 'window',
          socket: '/tmp/tmux-1000/default',
          session: 'search-1',
          id: null,
          cwd: '/w/search-1',
          command: 'serve --port 3110',
        },
        proof: {port: 3110, session: {name: 'search-1'}, cwd: '/w/search-1'},
      },
    ]);
    // Without what was seen there is nothing to start.
    expect(
      makePlan({action: 'restart', asked: ['slot:search/1/web']}, gone, settings, {id: 'p', now: NOW, sources: SOURCES}),
    ).toMatchObject({refused: true});
  });

  it('comes back when its server itself is provably gone', () => {
    const none = seen([], [], {state: 'absent', because: 'no server', pid: null});
    expect(play([seen([1]), none, none]).decisions).toMatchObject([{kind: 'restart'}]);
  });

  it.each<[string, Assessment]>([
    ['its server does not answer', seen([], [], {state: 'unknown', because: 'timeout', pid: null})],
    [
      'it was only renamed',
      (() => {
        const there = seen([1]);
        const [first] = there.snapshot.servers;
        const renamed = {...first, sessions: first?.sessions.map(each => ({...each, name: 'mine'})) ?? []} as Server;
        return {...there, services: [], snapshot: {...there.snapshot, servers: [renamed]}};
      })(),
    ],
    [
      'somebody made another one of its name',
      (() => {
        const there = seen([1]);
        const [first] = there.snapshot.servers;
        const anew = {...first, sessions: first?.sessions.map(each => ({...each, id: '$9', created: 9})) ?? []} as Server;
        return {...there, services: [], snapshot: {...there.snapshot, servers: [anew]}};
      })(),
    ],
  ])('is no death while %s', (_, now) => {
    expect(play([seen([1]), now, now]).decisions.filter(({kind}) => kind === 'restart')).toEqual([]);
  });

  it('was never up in this boot: its absence is no death', () => {
    expect(play([seen([]), seen([])]).decisions).toEqual([]);
  });

  it('is no rig of the configuration: nothing says how it is started', () => {
    const policy = {...POLICY, rigs: []};
    expect(play([seen([1]), seen([]), seen([])], [], EMPTY_STATE, policy).decisions).toMatchObject([{kind: 'held-back'}]);
  });

  it('is remembered for as long as it is gone', () => {
    const {state} = play([seen([1]), seen([]), seen([])]);
    expect(decide(seen([]), POLICY, state, NOW + 3_600_000).decisions).toMatchObject([{kind: 'restart', ref: 'slot:search/1/web'}]);
  });

  it('halts when several are gone at once, and resume brings them back one by one', () => {
    const gone = play([seen([1, 2, 3]), seen([]), seen([])]);
    expect(gone.state.halted?.because).toContain('3 deaths');
    expect(gone.decisions.every(({kind}) => kind === 'held-back')).toBe(true);
    const {decisions} = decide(seen([]), POLICY, resumed(gone.state), NOW + 60_000);
    expect(decisions.map(({kind, ref}) => `${kind} ${ref}`)).toEqual([1, 2, 3].map(slot => `restart slot:search/${slot}/web`));
  });
});

describe('what a person stopped', () => {
  const gone = [seen([1]), seen([]), seen([])];

  it.each(['session:default/search-1', 'slot:search/1', 'slot:search/1/web', 'process:101'])('through rigtop by %s stays away', ref => {
    const played = play(gone, [{refs: [ref], at: NOW + 500}]);
    expect(played.decisions).toEqual([
      {kind: 'held-back', ref: 'slot:search/1/web', because: 'not brought back: a person stopped it through rigtop'},
    ]);
    expect(keptThings(seen([]), POLICY.keep, played.state, played.decisions)).toEqual([
      {ref: 'slot:search/1/web', state: 'given-up', because: 'a person stopped it through rigtop'},
    ]);
    // Once it is up again it is kept again.
    expect(play([seen([1])], [], played.state).state.given).toEqual({});
  });

  it('before it was up last, or was something else, says nothing', () => {
    expect(play(gone, [{refs: ['slot:search/1/web'], at: NOW - 1}]).decisions).toMatchObject([{kind: 'restart'}]);
    expect(play(gone, [{refs: ['slot:search/2'], at: NOW + 500}]).decisions).toMatchObject([{kind: 'restart'}]);
  });

  it('forgotten by name stays away', () => {
    const {state} = play(gone);
    expect(decide(seen([]), POLICY, forgotten(state, 'slot:search/1/web'), NOW + 60_000).decisions).toMatchObject([
      {kind: 'held-back', because: expect.stringContaining('supervise forget')},
    ]);
  });
});

describe('an agent of a configured rig', () => {
  const claude = (facts: Parameters<typeof pane>[2]): Assessment =>
    assessAll(
      [
        quietLook({
          processes: [process(300, 700, 'claude', {cwd: '/w/search'})],
          servers: [server('default', [session('search-1', [pane('%1', 300, facts)], {id: '$1', created: 5})])],
          checkouts: {'/w/search': '/w/search'},
        }),
      ],
      settings,
    ).assessment;
  const none = assessAll([quietLook({})], settings).assessment;

  it('whose session is gone comes back by what its pane was started with', () => {
    const there = claude({startCommand: '"claude --continue"'});
    const [agent] = there.fleet.agents;
    const {decisions} = play([there, none, none]);
    expect(decisions).toMatchObject([{kind: 'restart', ref: agent?.ref, seat: {directory: '/w/search', session: 'search-1'}}]);
    const plan =
      decisions[0]?.kind === 'restart' ? makePlan(requestOf(decisions[0]), none, settings, {id: 'p', now: NOW, sources: SOURCES}) : null;
    expect(plan !== null && !isRefusal(plan) ? plan.starts : plan).toMatchObject([
      {way: {session: 'search-1', cwd: '/w/search', command: 'claude --continue'}, proof: {runtime: true}},
    ]);
  });

  it('that was typed at a shell cannot be: that is said', () => {
    const {decisions} = play([claude({startCommand: ''}), none, none]);
    const plan =
      decisions[0]?.kind === 'restart' ? makePlan(requestOf(decisions[0]), none, settings, {id: 'p', now: NOW, sources: SOURCES}) : null;
    expect(plan).toMatchObject({refused: true, because: expect.stringContaining('typed at a shell')});
  });
});

it('a session of any multiplexer is not gone while its multiplexer could not be seen', () => {
  const seat = {socket: 'zellij', id: '7@70', created: 0, session: 'search-1'} as Seat;
  const {assessment} = assessAll([quietLook()]);
  const blind = (source: string): Assessment => ({
    ...assessment,
    snapshot: {...assessment.snapshot, sources: [{source, target: source, state: 'unknown', detail: 'did not answer', tookMs: 1}]},
  });
  expect(['zellij', 'tmux', 'town'].map(source => presenceOfSession(blind(source), seat))).toEqual(['unknown', 'unknown', 'gone']);
});
