import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Service} from '../../src/core/domain/slot.ts';
import {SPACING_MS} from '../../src/supervise/brakes.ts';
import {isKept} from '../../src/supervise/kept.ts';
import {EMPTY_STATE, type LoopState} from '../../src/supervise/loop-state.ts';
import {afterCleanup, afterRestart, afterSurvival, type Policy, resumed} from '../../src/supervise/memory.ts';
import {decide} from '../../src/supervise/policy.ts';
import {ROOT, shop} from '../core/judge/slots/shop.ts';
import {assessAll, look as quietLook, silentServer, slotsOf} from '../support/world.ts';

const NOW = 1_800_000_000_000;

const finding = (over: Partial<Finding> & Pick<Finding, 'id' | 'kind' | 'subject'>): Finding => ({
  severity: 'high',
  certainty: 'sure',
  title: `${over.subject} is in trouble`,
  evidence: [],
  processes: [],
  protectedBy: null,
  remedies: ['kill'],
  rig: null,
  session: null,
  holds: [],
  ...over,
});

const crashed = (name: string, over: Partial<Finding> = {}): Finding =>
  finding({id: `f-${name}`, kind: 'crashed-agent', subject: `agent:search/${name}`, remedies: ['restart'], ...over});

const quiet: Assessment = assessAll([quietLook()]).assessment;

const look = (...findings: readonly Finding[]): Assessment => ({...quiet, findings});

const KEEP: Policy = {keep: ['agent:search/*', 'slot:search/*/web'], cleanup: null, intervalMs: 30_000, graceMs: 60_000, rigs: []};
const round = (assessment: Assessment, policy: Policy = KEEP, state: LoopState = EMPTY_STATE, now = NOW) =>
  decide(assessment, policy, state, now);

describe('keep', () => {
  it.each([
    ['agent:search/*', 'agent:search/max', true],
    ['agent:search/*', 'agent:search/crew/max', false],
    ['agent:search/*', 'agent:search2/max', false],
    ['slot:search/*/web', 'slot:search/2/web', true],
    ['slot:search/*/web', 'slot:search/2/webx', false],
    ['agent:a.b/*', 'agent:axb/c', false],
    ['slot:search/?/web', 'slot:search/2/web', true],
    ['slot:search/?/web', 'slot:search/12/web', false],
  ])('%s on %s: %s', (pattern, ref, expected) => {
    expect(isKept([pattern], ref)).toBe(expected);
  });

  it('restarts what is kept and provably crashed, and nothing else', () => {
    const other = finding({id: 'f-o', kind: 'crashed-agent', subject: 'agent:other/x'});
    expect(round(look(crashed('max'), other)).decisions).toEqual([
      {kind: 'restart', ref: 'agent:search/max', because: 'agent:search/max is in trouble'},
    ]);
  });

  it('does nothing about what is unknown', () => {
    expect(round(look(crashed('max', {certainty: 'unknown'}))).decisions).toEqual([]);
  });

  it('starts no service of a repository that nobody named', () => {
    const ref = 'slot:search/1/web';
    const down = finding({id: 'f-w', kind: 'service-down', subject: ref});
    const service = {ref, rig: 'search', rigPath: ROOT, service: 'web', slot: 1, state: 'down'} as Service;
    const of = (provenance: 'named' | 'found'): Assessment => ({
      ...look(down),
      services: [service],
      slots: slotsOf(quietLook({repos: [shop([], undefined, {name: 'search', provenance})]})),
    });
    const later = (assessment: Assessment) => round(assessment, KEEP, {...EMPTY_STATE, sureSince: {'f-w': NOW - 600_000}}).decisions;
    expect(later(of('named'))).toMatchObject([{kind: 'restart', ref}]);
    expect(later(of('found'))).toMatchObject([{kind: 'held-back', ref, because: expect.stringContaining('was only found')}]);
  });

  it('lets some time pass between two restarts, and starts with who waited longest', () => {
    const once = afterRestart(EMPTY_STATE, 'agent:search/a', NOW);
    const both = look(crashed('a'), crashed('b'));
    expect(round(both, KEEP, once, NOW + SPACING_MS - 1).decisions).toMatchObject([
      {kind: 'held-back', ref: 'agent:search/a', because: expect.stringContaining('backing off')},
      {kind: 'held-back', ref: null, because: 'to restart, one after the other: agent:search/b'},
    ]);
    const older = {...EMPTY_STATE, dead: {'agent:search/b': NOW - 9000}};
    expect(round(both, KEEP, older).decisions.map(({ref}) => ref)).toEqual(['agent:search/b', 'agent:search/a']);
    const later = round(both, KEEP, {...once, sureSince: {'f-a': NOW, 'f-b': NOW}}, NOW + 60_000).decisions;
    expect(later.map(({ref}) => ref)).toEqual(['agent:search/b', 'agent:search/a']);
  });

  it('backs off after a restart, and stops a crash loop', () => {
    const once = afterRestart(EMPTY_STATE, 'agent:search/max', NOW);
    expect(round(look(crashed('max')), KEEP, once, NOW + 1000).decisions).toMatchObject([
      {kind: 'held-back', because: expect.stringContaining('backing off')},
    ]);
    const often = [1, 2, 3, 4].reduce((state, index) => afterRestart(state, 'agent:search/max', NOW + index), once);
    expect(round(look(crashed('max')), KEEP, often, NOW + 10_000_000_000).decisions).toMatchObject([
      {because: expect.stringContaining('crash loop')},
    ]);
    expect(round(look(crashed('max')), KEEP, resumed(often), NOW + 10_000_000_000).decisions).toMatchObject([{kind: 'restart'}]);
  });
});

describe('mass death', () => {
  it('halts on three deaths within the window, until a person resumes', () => {
    const first = round(look(crashed('a'), crashed('b')));
    expect(first.state.halted).toBeNull();
    const second = round(look(crashed('a'), crashed('b'), crashed('c')), KEEP, first.state, NOW + 10_000);
    expect(second.state.halted?.because).toContain('3 deaths');
    expect(second.decisions.every(({kind}) => kind === 'held-back')).toBe(true);
    const later = round(look(crashed('a')), KEEP, second.state, NOW + 100_000_000);
    expect(later.decisions.every(({kind}) => kind === 'held-back')).toBe(true);
    expect(round(look(crashed('a')), KEEP, resumed(later.state), NOW + 100_000_000).decisions).toMatchObject([{kind: 'restart'}]);
  });

  it('does not count the same death at every round, nor deaths far apart', () => {
    let state = EMPTY_STATE;
    for (const [index, names] of [['a'], ['a', 'b'], ['a', 'b', 'c']].entries()) {
      state = round(look(...names.map(name => crashed(name))), KEEP, state, NOW + index * 61_000).state;
    }
    expect(state.halted).toBeNull();
  });

  it('halts when the detector itself is in doubt', () => {
    const doubt = finding({
      id: 'f-m',
      kind: 'mass-death',
      subject: 'source:tmux/default',
      certainty: 'unknown',
      title: '5 of 5 sessions vanished',
    });
    const halted = round(look(doubt));
    expect(halted.state.halted?.because).toBe('5 of 5 sessions vanished');
    // The finding is shown for minutes. Who has seen it and resumed is not stopped by it again, but by the next one.
    const after = round(look(doubt), KEEP, resumed(halted.state), NOW + 30_000);
    expect(after.state.halted).toBeNull();
    const again = {...doubt, evidence: [{fact: 'noticed at another time', source: 'clock'}]};
    expect(round(look(again), KEEP, after.state, NOW + 60_000).state.halted).not.toBeNull();
  });

  it('counts deaths that were noticed a round apart', () => {
    const first = round(look(crashed('a'), crashed('b')));
    const second = round(look(crashed('a'), crashed('b'), crashed('c')), KEEP, first.state, NOW + 31_000);
    expect(second.state.halted).not.toBeNull();
  });

  it('counts a death once, however often it goes out of sight in between', () => {
    const names = ['a', 'b'];
    const dead = look(...names.map(name => crashed(name)));
    const doubted = look(...names.map(name => crashed(name, {certainty: 'unknown'})));
    const blind = {
      ...look(),
      snapshot: {...look().snapshot, sources: [{source: 'tmux', target: 'x', state: 'unknown', detail: '', tookMs: 1}]},
    } as const;
    let state = EMPTY_STATE;
    for (const [index, each] of [dead, doubted, dead, blind, dead, blind, dead].entries()) {
      state = round(each, KEEP, state, NOW + index * 1000).state;
    }
    expect(state.halted).toBeNull();
    // Seen alive in between it is another death.
    const alive = round(look(), KEEP, state, NOW + 8000).state;
    expect(round(dead, KEEP, alive, NOW + 9000).state.halted).not.toBeNull();
  });

  it('counts nothing that was dead when nobody had looked before', () => {
    const {state, decisions} = decide(look(crashed('a'), crashed('b'), crashed('c')), KEEP, EMPTY_STATE, NOW, false);
    expect(state.halted).toBeNull();
    expect(decisions.map(({kind}) => kind)).toEqual(['restart', 'restart', 'restart']);
  });

  it('says once what a hundred deaths hold back', () => {
    const many = look(...Array.from({length: 100}, (_, index) => crashed(`a${index}`)));
    expect(round(many).decisions).toEqual([{kind: 'held-back', ref: null, because: expect.stringContaining('and 96 more')}]);
  });
});

describe('a kept service whose window ends with it', () => {
  const service = (state: Service['state']): Service => ({
    ref: 'slot:search/2/web',
    rig: 'search',
    slot: 2,
    slug: null,
    service: 'web',
    port: 3102,
    state,
    because: '',
    expected: null,
    listeners: [],
    actualPorts: [],
    conflictingSlot: null,
    worktree: null,
    declaredBy: '',
    doubt: null,
    rigPath: '/w/shop',
  });
  const seen = (...states: readonly Service['state'][]): Assessment => ({...look(), services: states.map(service)});

  it('is restarted when it was up, and is gone in two looks', () => {
    const up = round(seen('up'));
    const gone = round(seen('free'), KEEP, up.state, NOW + 1000);
    expect(gone.decisions).toEqual([]);
    expect(round(seen('free'), KEEP, gone.state, NOW + 2000).decisions).toMatchObject([{kind: 'restart', ref: 'slot:search/2/web'}]);
  });

  it('is left alone when it never ran, when it is unknown in between, and when nobody looked', () => {
    const never = round(seen('free'));
    expect(round(seen('free'), KEEP, never.state, NOW + 1000).decisions).toEqual([]);
    const up = round(seen('up'));
    const gone = round(seen('free'), KEEP, up.state, NOW + 1000);
    const blind = round(seen('unknown'), KEEP, gone.state, NOW + 2000);
    expect(round(seen('free'), KEEP, blind.state, NOW + 3000).decisions).toEqual([]);
    expect(decide(seen('free'), KEEP, gone.state, NOW + 2000, false).decisions).toEqual([]);
  });

  it('is forgotten when its slot was gone for long: what is made in its name is something else', () => {
    let {state} = round(seen('up'));
    for (const minute of [1, 5, 12]) {
      state = round(seen(), KEEP, state, NOW + minute * 60_000).state;
    }
    const again = round(seen('free'), KEEP, state, NOW + 13 * 60_000);
    expect(round(seen('free'), KEEP, again.state, NOW + 14 * 60_000).decisions).toEqual([]);
  });

  it('is not gone behind a tmux server that does not answer', () => {
    const base = seen('free');
    const hidden: Assessment = {...base, snapshot: {...base.snapshot, servers: [silentServer('default')]}};
    const first = round(hidden, KEEP, round(seen('up')).state, NOW + 1000);
    expect(round(hidden, KEEP, first.state, NOW + 3000).decisions).toEqual([]);
    const session = {...service('free'), expected: {pid: null, session: 'session:default/search-2'}};
    const visible = {...hidden, services: [session]};
    const second = round(visible, KEEP, first.state, NOW + 5000);
    expect(round(visible, KEEP, second.state, NOW + 7000).decisions).toMatchObject([{kind: 'restart'}]);
  });

  it('is down for as long as a start may take before it counts as dead: development servers start themselves again', () => {
    const down = (ref: string) => finding({id: `f-${ref}`, kind: 'service-down', subject: ref, remedies: ['restart']});
    const three = look(...[1, 2, 3].map(slot => down(`slot:search/${slot}/web`)));
    const first = round(three, KEEP, EMPTY_STATE, NOW);
    const later = round(three, KEEP, first.state, NOW + 59_000);
    expect(later.decisions).toEqual([]);
    expect(later.state).toMatchObject({halted: null, deaths: [], dead: {}});
    const one = look(down('slot:search/1/web'));
    const since = round(one, KEEP, first.state, NOW + 30_000);
    expect(round(one, KEEP, since.state, NOW + 60_000).decisions).toMatchObject([{kind: 'restart', ref: 'slot:search/1/web'}]);
    const up = round(look(), KEEP, since.state, NOW + 59_000);
    expect(round(one, KEEP, up.state, NOW + 61_000).decisions).toEqual([]);
  });

  it('is accounted for when its slot has gone with it', () => {
    const up = round(seen('up'));
    expect(round(seen(), KEEP, up.state, NOW + 1000).decisions).toMatchObject([{kind: 'held-back', ref: 'slot:search/2/web'}]);
  });

  const held = (state: Service['state'], before: LoopState) =>
    round({...look(), services: [{...service(state), because: 'held by nc (7)'}]}, KEEP, before, NOW + 1000).decisions;

  it.each(['wrong-owner', 'wrong-port', 'stray', 'unknown'] as const)('is accounted for when it was up and is %s now', state => {
    const because = `${state}: held by nc (7)`;
    expect(held(state, round(seen('up')).state)).toEqual([{kind: 'held-back', ref: 'slot:search/2/web', because}]);
    expect(held(state, EMPTY_STATE)).toEqual([]);
  });

  it('is one of many that are out of sight, in one note', () => {
    const refs = Array.from({length: 7}, (_, index) => `slot:search/${index}/web`);
    expect(round(look(), KEEP, {...EMPTY_STATE, seenUp: refs}).decisions).toEqual([
      {kind: 'held-back', ref: null, because: expect.stringMatching(/^its slot is not in use .*: slot:search\/0\/web, .* and 3 more$/)},
    ]);
  });

  it('keeps its own reason, however many there are', () => {
    const refs = Array.from({length: 7}, (_, index) => `slot:search/${index}/web`);
    const services = refs.map((ref, index) => ({...service('unknown'), ref, because: `held by ${index}`}));
    const {decisions} = round({...look(), services}, KEEP, {...EMPTY_STATE, seenUp: refs});
    expect(decisions.map(({ref}) => ref)).toEqual(refs);
  });

  it('is not what a resume goes on with when it is only accounted for', () => {
    const {state} = round(seen('up'));
    const halted = {...state, halted: {since: NOW, because: '5 deaths'}};
    expect(held('unknown', halted)).toMatchObject([{ref: 'slot:search/2/web', because: 'unknown: held by nc (7)'}]);
    const beside = {...look(crashed('a')), services: [service('unknown')]};
    const [first, ...rest] = round(beside, KEEP, halted, NOW + 1000).decisions;
    expect(first).toMatchObject({because: expect.stringMatching(/goes on with agent:search\/a$/)});
    expect(rest).toMatchObject([{ref: 'slot:search/2/web'}]);
  });
});

describe('clean-up', () => {
  const policy: Policy = {...KEEP, keep: [], cleanup: {kinds: ['orphan-process'], minAgeMs: 60_000, perHour: 2}};
  const orphan = (pid: number): Finding => finding({id: `f-${pid}`, kind: 'orphan-process', subject: `process:${pid}`});

  it('kills at once what an ordinary ending did not end, and gives up on the unkillable until a person resumes', () => {
    const ripe: LoopState = {...EMPTY_STATE, sureSince: {'f-1': 0}};
    const once = afterSurvival(ripe, 'f-1', null);
    expect(round(look(orphan(1)), policy, once).decisions).toMatchObject([{kind: 'cleanup', force: true}]);
    const stuck = afterSurvival(once, 'f-1', 'unkillable: process:1 survived KILL, state D (disk sleep), waiting in nfs_wait');
    expect(round(look(orphan(1)), policy, stuck).decisions).toMatchObject([
      {kind: 'held-back', because: expect.stringContaining('nfs_wait')},
    ]);
    expect(round(look(orphan(1)), policy, resumed(stuck)).decisions).toMatchObject([{kind: 'cleanup', force: false}]);
    // Another thing under the same id is another life.
    expect(round(look(), policy, stuck).state.tries).toEqual({});
  });

  it('gives up after three tries of any kind', () => {
    const tried = [1, 2, 3].reduce<LoopState>(state => afterSurvival(state, 'f-1', null), {...EMPTY_STATE, sureSince: {'f-1': 0}});
    expect(round(look(orphan(1)), policy, tried).decisions).toMatchObject([
      {kind: 'held-back', because: expect.stringContaining('3 tries')},
    ]);
  });

  it('is off by default', () => {
    expect(round(look(orphan(1)), KEEP, {...EMPTY_STATE, sureSince: {'f-1': 0}}).decisions).toEqual([]);
  });

  it('waits until a finding has been sure for long enough', () => {
    const first = round(look(orphan(7)), policy);
    expect(first.decisions).toEqual([]);
    expect(round(look(orphan(7)), policy, first.state, NOW + 59_999).decisions).toEqual([]);
    expect(round(look(orphan(7)), policy, first.state, NOW + 60_000).decisions).toMatchObject([
      {kind: 'cleanup', finding: 'f-7', force: false},
    ]);
  });

  it('starts the count anew when a finding was away in between', () => {
    const first = round(look(orphan(7)), policy);
    const away = round(look(), policy, first.state, NOW + 30_000);
    expect(round(look(orphan(7)), policy, away.state, NOW + 60_000).decisions).toEqual([]);
  });

  it('does no more in an hour than the policy allows', () => {
    const ripe = {...EMPTY_STATE, sureSince: {'f-1': 0, 'f-2': 0, 'f-3': 0}};
    const first = round(look(orphan(1), orphan(2), orphan(3)), policy, ripe);
    expect(first.decisions).toMatchObject([
      {kind: 'cleanup', finding: 'f-1'},
      {kind: 'cleanup', finding: 'f-2'},
      {kind: 'held-back', ref: 'process:3'},
    ]);
    const spent = afterCleanup(first.state, 2, NOW);
    expect(round(look(orphan(3)), policy, {...spent, sureSince: {'f-3': 0}}, NOW + 1000).decisions).toMatchObject([{kind: 'held-back'}]);
    expect(round(look(orphan(3)), policy, {...spent, sureSince: {'f-3': 0}}, NOW + 3_600_000).decisions).toMatchObject([{kind: 'cleanup'}]);
  });

  it('never touches what has no remedy or another kind', () => {
    const ripe = {...EMPTY_STATE, sureSince: {'f-1': 0, 'f-x': 0}};
    const protectedOne = finding({id: 'f-1', kind: 'orphan-process', subject: 'process:1', remedies: []});
    const otherKind = finding({id: 'f-x', kind: 'orphan-session', subject: 'session:default/x'});
    expect(round(look(protectedOne, otherKind), policy, ripe).decisions).toEqual([]);
  });
});
