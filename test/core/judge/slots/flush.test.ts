import {describe, expect, it} from 'vitest';
import {known, unknown} from '../../../../src/core/domain/known.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../../../src/core/domain/plan.ts';
import {makePlan} from '../../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../../src/sources/sources.ts';
import {assessAll, type LookFacts, listener, look, pane, process, server, session, settings} from '../../../support/world.ts';
import {native, ROOT, shop, slotSession, tree} from './shop.ts';

const A = tree('feat-a');
const B = tree('feat-b');

const ask = (facts: LookFacts, asked: string, more: Partial<PlanRequest> = {}): Plan | Refusal =>
  makePlan({action: 'flush', asked: [asked], ...more}, assessAll([look(facts)]).assessment, settings, {
    id: 'c41f',
    now: 1,
    sources: SOURCES,
  });

const flush = (facts: LookFacts, asked = 'slot:shop/1', more: Partial<PlanRequest> = {}): Plan => {
  const answer = ask(facts, asked, more);
  if (isRefusal(answer)) {
    throw new Error(`${answer.rule}: ${answer.because}`);
  }
  return answer;
};

const pids = (plan: Plan): readonly number[] => plan.targets.map(({pid}) => pid).toSorted((a, b) => a - b);
const left = (plan: Plan, ref: string) => plan.leftOut.find(each => each.ref === ref);
const repos = [shop([slotSession('feat-a', 1), slotSession('feat-b', 2)])];

describe('flush of a slot', () => {
  it('ends its session, whoever lives in its work tree at any depth, and what hangs on them', () => {
    const plan = flush({
      repos,
      servers: [server('default', [session('ecluse-feat-a', [pane('%1', 150, {windowName: 'web'})])])],
      processes: [
        process(150, 700, 'sh', {cwd: A, sid: 150}),
        process(151, 150, 'vite', {cwd: A}),
        process(300, 1, 'esbuild', {cwd: `${A}/packages/app/src`}),
        process(301, 300, 'worker', {cwd: '/'}),
        process(400, 1, 'gone', {cwd: `${A}/removed`, cwdDeleted: true}),
        process(501, 1, 'other', {cwd: '/elsewhere'}),
      ],
    });
    expect(pids(plan)).toEqual([150, 151, 300, 301, 400]);
    expect(plan.sessions.map(({name}) => name)).toEqual(['ecluse-feat-a']);
    expect(plan.vacates).toEqual([A]);
  });

  it('ends what only its environment names', () => {
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
    expect(pids(flush({repos, processes: [process(300, 1, 'vite', {cwd: '/', env})]}))).toEqual([300]);
  });

  it('leaves alone what its environment names in a pane of a session that is none of the slot', () => {
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
    const agent = process(300, 700, 'claude', {cwd: '/elsewhere', env, tty: 'pts/3'});
    const stray = process(301, 1, 'vite', {cwd: '/', env});
    const held = (name: string, more = {}) => [server('default', [session(name, [pane('%3', 300)], more)])];
    const plan = flush({repos, servers: held('mine'), processes: [agent, stray, process(302, 300, 'node', {cwd: '/elsewhere', env})]});
    expect(pids(plan)).toEqual([301]);
    expect(plan.leftOut).toMatchObject([{ref: 'process:300', rule: 'elsewhere', because: expect.stringContaining('only variables')}]);
    // What the session itself was given counts, and so does one of whose panes stands in the slot.
    expect(pids(flush({repos, servers: held('mine', {env}), processes: [agent, stray]}))).toEqual([300, 301]);
    const both = [server('default', [session('mine', [pane('%3', 300), pane('%4', 400)])])];
    const home = process(400, 700, 'node', {cwd: A, tty: 'pts/4'});
    expect(pids(flush({repos, servers: both, processes: [agent, home]}))).toEqual([300, 400]);
  });

  it('leaves alone what carries its environment in a neighbour’s work tree', () => {
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
    expect(ask({repos, processes: [process(300, 1, 'vite', {cwd: B, env})]}, 'slot:shop/1')).toMatchObject({refused: true});
  });

  it('leaves alone the main work tree around it and the slot beside it', () => {
    const processes = [process(300, 1, 'a', {cwd: A}), process(301, 1, 'b', {cwd: B}), process(302, 1, 'm', {cwd: ROOT})];
    expect(pids(flush({repos, processes}))).toEqual([300]);
  });

  it('does not take a path that merely begins alike', () => {
    expect(ask({repos, processes: [process(300, 1, 'x', {cwd: `${A}-old`})]}, 'slot:shop/1')).toMatchObject({refused: true});
  });

  it('offers a squatter on its port, says where that lives, and frees the port', () => {
    const processes = [process(300, 1, 'vite', {cwd: '/w/other'})];
    const plan = flush({repos, processes, listeners: [listener(3101, 300)]});
    expect(plan).toMatchObject({frees: [3101], targets: [{pid: 300, because: expect.stringContaining('/w/other')}]});
  });

  it('never ends a neighbour’s rightful service, even one that squats on its port besides', () => {
    const own = [
      shop([
        slotSession('feat-a', 1),
        slotSession('feat-b', 2, {pidFiles: known([{path: '/p', service: 'web', pid: 300, startToken: null}])}),
      ]),
    ];
    const facts = {
      repos: own,
      processes: [process(300, 1, 'vite', {cwd: B}), process(400, 1, 'x', {cwd: A})],
      listeners: [listener(3101, 300), listener(3102, 300)],
    };
    const plan = flush(facts);
    expect(pids(plan)).toEqual([400]);
    expect(left(plan, 'process:300')).toMatchObject({rule: 'neighbour', because: expect.stringContaining('rightful web of shop/feat-b')});
    expect(plan.frees).not.toContain(3101);
  });

  it('never ends a neighbour’s rightful service that happens to run in its work tree', () => {
    const pidFiles = known([{path: '/p', service: 'web', pid: 300, startToken: null}]);
    const plan = flush({
      repos: [shop([slotSession('feat-a', 1), slotSession('feat-b', 2, {pidFiles})])],
      processes: [process(300, 1, 'vite', {cwd: A}), process(400, 1, 'x', {cwd: A})],
      listeners: [listener(3102, 300)],
    });
    expect(pids(plan)).toEqual([400]);
    expect(left(plan, 'process:300')).toMatchObject({rule: 'neighbour'});
  });

  it('includes extra ports', () => {
    const extra = [shop([slotSession('feat-a', 1)], [native('web', 3100, {extraPorts: [{basePort: 9200}]})])];
    expect(
      flush({repos: extra, processes: [process(300, 1, 'inspect', {cwd: '/w/other'})], listeners: [listener(9201, 300)]}).frees,
    ).toEqual([9201]);
  });

  it('names a holder that may not be seen as unknown', () => {
    const hidden = {...listener(3101), owners: unknown('held by uid 65534')};
    const plan = flush({repos, processes: [process(300, 1, 'x', {cwd: A})], listeners: [hidden]});
    expect(left(plan, 'port:3101')).toMatchObject({rule: 'unknown'});
  });

  it('spares the editor and the shell that a person is in, until unlocked', () => {
    const servers = [server('default', [session('mine', [pane('%5', 160)], {attached: 0})])];
    const processes = [
      process(160, 700, '-bash', {cwd: A, tty: 'pts/5', sid: 160}),
      process(161, 160, 'nvim src/x.ts', {cwd: A, tty: 'pts/5', sid: 160}),
      process(300, 1, 'vite', {cwd: A}),
    ];
    const plan = flush({repos, servers, processes});
    expect(pids(plan)).toEqual([300]);
    expect(plan.leftOut.map(({rule}) => rule)).toEqual(expect.arrayContaining(['editor']));
  });

  it('shows compose projects, and brings them down only when asked', () => {
    const composed = [shop([slotSession('feat-a', 1, {composeProject: 'ecluse_feat-a'})])];
    const facts = {repos: composed, processes: [process(300, 1, 'x', {cwd: A})]};
    expect(left(flush(facts), 'record:compose/ecluse_feat-a')).toMatchObject({because: expect.stringContaining('--docker')});
    expect(flush(facts, 'slot:shop/1', {docker: true})).toMatchObject({compose: ['ecluse_feat-a'], leftOut: []});
  });
});

describe('flush of other things', () => {
  it('takes a work tree’s path for its slot', () => {
    const facts = {repos, processes: [process(300, 1, 'vite', {cwd: '/w/other'})], listeners: [listener(3101, 300)]};
    expect(flush(facts, `${A}/`).frees).toEqual([3101]);
  });

  it('takes a whole rig with all its work trees', () => {
    const processes = [process(300, 1, 'a', {cwd: A}), process(301, 1, 'b', {cwd: B}), process(302, 1, 'm', {cwd: ROOT})];
    expect(pids(flush({repos, processes, checkouts: {[ROOT]: ROOT}}, 'rig:shop'))).toEqual([300, 301, 302]);
  });

  it.each([
    ['slot:nowhere/1', 'not-found'],
    ['slot:shop', 'not-found'],
    ['rig:nowhere', 'not-found'],
    ['process:300', 'not-found'],
  ])('%s is refused by name', (asked, rule) => {
    expect(ask({repos}, asked)).toMatchObject({refused: true, rule});
  });

  it('does nothing about a repository whose state cannot be read', () => {
    const broken = [shop([], undefined, {sessions: unknown('half-written')})];
    expect(ask({repos: broken, processes: [process(300, 1, 'x', {cwd: A})]}, 'slot:shop/1')).toMatchObject({rule: 'unknown'});
  });
});
