// Flushing a rig that was only discovered: its linked work trees with their agents and sessions, and each member that stays by its own reason.
import {describe, expect, it} from 'vitest';
import {resolveArgument} from '../../../../src/cli/resolve-argument.ts';
import {isRefusal, type Plan, type Refusal} from '../../../../src/core/domain/plan.ts';
import {makePlan} from '../../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../../src/sources/sources.ts';
import {assessAll, type LookFacts, look, pane, process, server, session, settings} from '../../../support/world.ts';

const MAIN = '/w/shop';
const TREES = Array.from({length: 10}, (_, index) => `/w/shop-wt/a${index}`);
const checkouts = Object.fromEntries([MAIN, ...TREES].map(path => [path, MAIN]));

const flush = (facts: LookFacts, asked = 'rig:shop', overrides: Partial<typeof settings> = {}): Plan | Refusal =>
  makePlan(
    {action: 'flush', asked: [asked]},
    assessAll([look({checkouts, ...facts})], overrides).assessment,
    {...settings, ...overrides},
    {id: 'c41f', now: 1, sources: SOURCES},
  );

const pids = (answer: Plan | Refusal): readonly number[] =>
  isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid).toSorted((a, b) => a - b);

const agentAt = (index: number) => process(4000 + index, 700, 'claude', {cwd: TREES[index] ?? '', tty: `pts/${index}`, sid: 4000 + index});
const agents = TREES.map((_, index) => agentAt(index));
const seats = TREES.map((_, index) => session(`agent-${index}`, [pane(`%${index}`, 4000 + index)]));
const servers = [server('default', seats)];

describe('ten agents in work trees of a repository that nobody declared', () => {
  it('end with their sessions, and with what was left in a work tree', () => {
    const left = process(5000, 1, 'node server.js', {cwd: `${TREES[3]}/web`});
    const answer = flush({servers, processes: [...agents, left], checkouts: {...checkouts, [`${TREES[3]}/web`]: MAIN}});
    expect(pids(answer)).toEqual([...agents.map(({pid}) => pid), 5000]);
    expect(isRefusal(answer) ? [] : answer.sessions.map(({name}) => name)).toEqual(seats.map(({name}) => name));
  });

  it('end although the tmux server was started in the rig, which is left out by name', () => {
    const tmux = process(700, 1, ['tmux', 'new-session'], {comm: 'tmux: server', cwd: MAIN});
    const answer = flush({servers, processes: [tmux, ...agents]});
    expect(pids(answer)).toEqual(agents.map(({pid}) => pid));
    expect(answer).toMatchObject({leftOut: [{ref: 'process:700', rule: 'multiplexer'}]});
  });

  it('end although rigtop was started in the rig, whose terminal is left out by name', () => {
    const own = [
      process(890, 880, '-bash', {tty: 'pts/90', sid: 890, cwd: MAIN}),
      process(900, 890, 'node rigtop', {tty: 'pts/90', sid: 890, cwd: MAIN}),
    ];
    const answer = flush({servers, processes: [...own, ...agents]});
    expect(pids(answer)).toEqual(agents.map(({pid}) => pid));
    expect(answer).toMatchObject({leftOut: expect.arrayContaining([expect.objectContaining({ref: 'process:890', rule: 'ancestor'})])});
  });

  it('end but for the one that somebody is attached to', () => {
    const watched = seats.map((each, index) => (index === 4 ? {...each, attached: 1} : each));
    const answer = flush({servers: [server('default', watched)], processes: agents});
    expect(pids(answer)).toEqual(agents.map(({pid}) => pid).filter(pid => pid !== 4004));
    expect(answer).toMatchObject({
      leftOut: expect.arrayContaining([expect.objectContaining({ref: 'session:default/agent-4', rule: 'attached'})]),
    });
  });

  it('are not ended by a flush of one of the trees, nor is a session that lives elsewhere as well', () => {
    const both = session('both', [pane('%1', 4001), pane('%20', 4020, {windowId: '@20'})]);
    const elsewhere = process(4020, 700, 'vim', {cwd: '/home/u', tty: 'pts/20', sid: 4020});
    const answer = flush({servers: [server('default', [both])], processes: [...agents.slice(1, 3), elsewhere]}, TREES[1]);
    expect(pids(answer)).toEqual([4001]);
    expect(answer).toMatchObject({sessions: []});
  });
});

describe('work trees that are not the rig’s to clear', () => {
  it('are those that are a rig of their own, and a home under version control', () => {
    const rigs = [{name: 'own', path: TREES[0] ?? '', session: null, slots: 0, slotStride: 1, services: []}];
    const home = process(4030, 700, 'claude', {cwd: '/home/u', tty: 'pts/30', sid: 4030});
    const more = [...seats, session('home', [pane('%30', 4030)])];
    const facts = {servers: [server('default', more)], processes: [...agents, home], checkouts: {...checkouts, '/home/u': MAIN}};
    expect(pids(flush(facts, 'rig:shop', {rigs}))).toEqual(agents.slice(1).map(({pid}) => pid));
  });
});

describe('two rigs of one name', () => {
  const rigs = ['/a/shop', '/b/shop'].map(path => ({name: 'shop', path, session: null, slots: 0, slotStride: 1, services: []}));
  const processes = [process(300, 1, 'node', {cwd: '/a/shop'}), process(301, 1, 'node', {cwd: '/b/shop'})];

  it('are ambiguous, and each is flushed by the path that the answer names', () => {
    expect(flush({processes, checkouts: {}}, 'rig:shop', {rigs})).toMatchObject({
      rule: 'ambiguous',
      because: expect.stringContaining('rig:/a/shop and rig:/b/shop'),
    });
    expect(pids(flush({processes, checkouts: {}}, 'rig:/b/shop', {rigs}))).toEqual([301]);
  });

  it('are told apart on the command line by what it names, all the way to the plan', () => {
    const {assessment} = assessAll([look({processes})], {rigs});
    expect(resolveArgument('rig:shop', assessment)).toMatchObject({code: 'ambiguous', hint: 'name one of rig:/a/shop, rig:/b/shop'});
    expect(resolveArgument('shop', assessment)).toMatchObject({code: 'ambiguous', hint: 'name one of rig:/a/shop, rig:/b/shop'});
    expect(resolveArgument('rig:/b/shop', assessment)).toMatchObject({ref: 'rig:/b/shop', rig: {path: '/b/shop'}});
  });
});
