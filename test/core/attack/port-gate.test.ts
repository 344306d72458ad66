// One gate before every way to a port's holder, and whose word a declared port is.
import {describe, expect, test} from 'vitest';
import {resolveArgument} from '../../../src/cli/resolve-argument.ts';
import {known} from '../../../src/core/domain/known.ts';
import type {Plan, PlanRequest, Refusal} from '../../../src/core/domain/plan.ts';
import type {SlotRepo} from '../../../src/core/domain/repo.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, later, listener, look, ofKind, pane, process, server, session, settings} from '../../support/world.ts';
import {native, shop, slotSession, tree} from '../judge/slots/shop.ts';

const judge = (facts: LookFacts, overrides: Partial<Settings> = {}) => {
  const snapshot = look(facts);
  return assessAll([snapshot, later(snapshot, 2_000)], overrides).assessment;
};

const plan = (assessment: ReturnType<typeof judge>, request: PlanRequest, overrides: Partial<Settings> = {}): Plan | Refusal => {
  return makePlan(request, assessment, {...settings, ...overrides}, {id: 'p', now: 0, sources: SOURCES});
};

const postgres = process(5432, 1, 'postgres -D /var/lib/postgresql', {cwd: '/var/lib/postgresql'});
const overridden = slotSession('feat-a', 1, {portOverrides: {web: 5432}});
const stolen = (facts: Partial<SlotRepo> = {}): LookFacts => ({
  repos: [shop([overridden], [native('web', 3100)], facts)],
  checkouts: {[tree('feat-a')]: '/w/shop'},
  processes: [postgres],
  listeners: [listener(5432, 5432)],
});

describe('a database on a port that a record declares', () => {
  const assessment = judge(stolen());
  const [finding] = ofKind(assessment.findings, 'wrong-owner');

  test('is never offered for ending', () => {
    expect(finding).toMatchObject({subject: 'slot:shop/1/web', remedies: []});
  });

  test.each([
    ['its finding', {action: 'kill', asked: [`finding:${finding?.id}`]}],
    ['its port', {action: 'kill', asked: ['port:5432']}],
    ['its slot', {action: 'kill', asked: ['slot:shop/1/web']}],
    ['a flush of the slot', {action: 'flush', asked: ['slot:shop/1']}],
  ] as const)('is refused by %s in the same words', (_, request) => {
    const answer = plan(assessment, request);
    expect(answer).toMatchObject({refused: true, rule: 'shared'});
    expect('leftOut' in answer ? answer.leftOut.map(({because}) => because) : []).toEqual([
      'postgres -D /var/lib/postgresql holds port 5432 and may serve others too: end it by its own name, process:5432',
    ]);
  });

  test('is ended by its own name', () => {
    expect(plan(assessment, {action: 'kill', asked: ['process:5432']})).toMatchObject({targets: [{pid: 5432}]});
  });

  test('is the slot’s own where it runs in its work tree', () => {
    const own = {...postgres, cwd: known(tree('feat-a'))};
    const rightful = judge({...stolen(), processes: [own]});
    for (const asked of ['port:5432', 'slot:shop/1/web']) {
      expect(plan(rightful, {action: 'kill', asked: [asked]})).toMatchObject({targets: [{pid: 5432}]});
    }
  });
});

describe('whose word a declared port is', () => {
  const stranger = process(6000, 1, 'python3 -m http.server 3101', {cwd: '/home/u'});
  const facts = (repo: SlotRepo): LookFacts => ({
    repos: [repo],
    processes: [stranger],
    listeners: [listener(3101, 6000)],
    checkouts: {[tree('feat-a')]: '/w/shop'},
  });
  const repo = (more: Partial<SlotRepo>) => shop([slotSession('feat-a', 1)], [native('web', 3100)], more);

  test('a person’s: sure', () => {
    expect(ofKind(judge(facts(repo({provenance: 'named'}))).findings, 'wrong-owner')).toMatchObject([
      {certainty: 'sure', remedies: ['flush']},
    ]);
  });

  test('of a file that nobody named, about somebody outside the fleet: unknown, without a remedy', () => {
    const assessment = judge(facts(repo({provenance: 'found'})));
    const [finding] = ofKind(assessment.findings, 'wrong-owner');
    expect(finding).toMatchObject({certainty: 'unknown', remedies: []});
    expect(plan(assessment, {action: 'kill', asked: [`finding:${finding?.id}`]})).toMatchObject({refused: true, rule: 'unknown'});
  });

  test('of a file that nobody named, about one of the fleet: sure', () => {
    const two = shop([slotSession('feat-a', 1), slotSession('feat-b', 2)], [native('web', 3100)], {provenance: 'found'});
    const other = process(6000, 1, 'vite', {cwd: tree('feat-b')});
    const checkouts = {[tree('feat-a')]: '/w/shop', [tree('feat-b')]: '/w/shop'};
    const findings = judge({...facts(two), processes: [other], checkouts}).findings;
    expect(ofKind(findings, 'wrong-owner')).toMatchObject([{certainty: 'sure', remedies: ['flush']}]);
  });
});

describe('a record that git does not bear out', () => {
  const claim = slotSession('x', 1, {worktreePath: '/home/u/prod', worktreeRealPath: '/home/u/prod', portOverrides: {web: 5432}});
  const repo = shop([claim], [native('web', 3100)], {name: 'clone', root: '/c/clone', realRoot: '/c/clone', provenance: 'found'});
  const prod = process(7000, 1, 'sleep 900', {cwd: '/home/u/prod'});
  const facts: LookFacts = {repos: [repo], processes: [postgres, prod], listeners: [listener(5432, 5432)]};

  test('makes its repository a blind spot, and claims nothing', () => {
    const assessment = judge(facts);
    expect(assessment.services).toEqual([]);
    expect(assessment.fleet.processOwners.get(7000)).toBeUndefined();
    expect(ofKind(assessment.findings, 'blind-spot')).toMatchObject([
      {subject: 'source:ecluse//c/clone', title: expect.stringContaining('/home/u/prod')},
    ]);
    expect(plan(assessment, {action: 'flush', asked: ['slot:clone/1']})).toMatchObject({refused: true, rule: 'unknown'});
  });

  test('counts where git lists that work tree for it, or a person named the repository', () => {
    const listed = {
      path: '/home/u/prod',
      mainRoot: '/c/clone',
      main: false,
      branch: 'x',
      locked: null,
      prunable: null,
      dirty: known(false),
    };
    expect(judge({...facts, worktrees: [listed]}).services).toHaveLength(1);
    expect(judge({...facts, worktrees: [{...listed, mainRoot: '/c/other'}]}).services).toEqual([]);
    expect(judge({...facts, repos: [{...repo, provenance: 'named'}]}).services).toHaveLength(1);
  });

  test('is no record when it multiplies beyond what its tool can hold', () => {
    const slots = Array.from({length: 255}, (_, index) => slotSession(`s${index}`, index + 1));
    const services = Array.from({length: 9}, (_, index) => native(`w${index}`, 3000 + index * 300));
    const assessment = judge({repos: [shop(slots, services)]});
    expect(assessment.services).toEqual([]);
    expect(ofKind(assessment.findings, 'blind-spot')).toHaveLength(1);
  });
});

test('a slot that two rigs of one name have is ambiguous, with both', () => {
  const rigs = [
    {
      name: 'search',
      path: '/home/u/search',
      session: 'search-{slot}',
      slots: 4,
      slotStride: 1,
      services: [{name: 'web', basePort: 3100, command: null}],
    },
  ];
  const clone = shop([slotSession('x', 1)], [native('web', 8000)], {
    name: 'search',
    root: '/c/search',
    realRoot: '/c/search',
    provenance: 'found',
  });
  const worktrees = [{path: tree('x'), mainRoot: '/c/search', main: false, branch: 'x', locked: null, prunable: null, dirty: known(false)}];
  const facts = {repos: [clone], worktrees, processes: [process(8001, 1, 'vite', {cwd: tree('x')})], listeners: [listener(8001, 8001)]};
  const assessment = judge(facts, {rigs});
  expect(resolveArgument('slot:search/1', assessment)).toMatchObject({
    failed: true,
    exit: 2,
    code: 'ambiguous',
    hint: expect.stringMatching(/\/c\/search and \/home\/u\/search/),
  });
  expect(plan(assessment, {action: 'flush', asked: ['slot:search/1']}, {rigs})).toMatchObject({refused: true, rule: 'ambiguous'});
});

test('slot variables that its tmux server was started with say nothing of a process', () => {
  const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
  const tmux = process(700, 1, 'tmux', {comm: 'tmux: server', env});
  const vite = process(4001, 4000, 'vite', {cwd: '/home/u/elsewhere', env});
  const facts: LookFacts = {
    repos: [shop([slotSession('feat-a', 1)])],
    servers: [server('default', [session('mine', [pane('%1', 4000)])])],
    processes: [tmux, process(4000, 700, '-bash', {tty: 'pts/1', env, cwd: '/home/u/elsewhere'}), vite],
    listeners: [listener(3101, 4001)],
  };
  expect(judge(facts).services).toMatchObject([{state: 'wrong-owner'}]);
  expect(
    judge({...facts, processes: [process(700, 1, 'tmux', {comm: 'tmux: server'}), ...(facts.processes ?? []).slice(1)]}).services,
  ).toMatchObject([{state: 'unknown', because: expect.stringContaining('none of this slot')}]);
  const flush = plan(judge(facts), {action: 'flush', asked: ['slot:shop/1']});
  expect('targets' in flush ? flush.targets.map(({pid}) => pid) : []).not.toContain(4000);
});

describe('a work tree that was removed and made again under its name', () => {
  const holder = (more: Parameters<typeof process>[3]) => process(6000, 1, 'vite', {cwd: tree('feat-a'), cwdDeleted: true, ...more});
  const servicesOf = (each: ReturnType<typeof process>, facts: LookFacts = {}) =>
    judge({repos: [shop([slotSession('feat-a', 1)])], processes: [each], listeners: [listener(3101, 6000)], ...facts}).services;

  test('is not where the old server runs, whatever its environment says', () => {
    expect(servicesOf(holder({}))).toMatchObject([{state: 'wrong-owner', because: expect.stringContaining('removed')}]);
    expect(servicesOf(holder({env: {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'}}))).toMatchObject([{state: 'wrong-owner'}]);
  });

  test('a removed directory inside it tells nothing', () => {
    expect(servicesOf(holder({cwd: `${tree('feat-a')}/dist`}))).toMatchObject([{state: 'unknown'}]);
  });

  test('what runs below a pane of the slot is the slot’s all the same', () => {
    const servers = [server('default', [session('ecluse-feat-a', [pane('%1', 4000)])])];
    const shell = process(4000, 700, '-bash', {cwd: tree('feat-a'), tty: 'pts/1'});
    const facts: LookFacts = {servers, processes: [shell, {...holder({}), ppid: 4000}]};
    expect(servicesOf(holder({}), facts)).toMatchObject([{state: 'up'}]);
  });
});
