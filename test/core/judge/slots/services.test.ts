import {describe, expect, it} from 'vitest';
import {known, unknown} from '../../../../src/core/domain/known.ts';
import {isRefusal} from '../../../../src/core/domain/plan.ts';
import type {Service} from '../../../../src/core/domain/slot.ts';
import {identifyFleet} from '../../../../src/core/judge/owners/identify.ts';
import {identifyServices} from '../../../../src/core/judge/slots/services.ts';
import {makePlan} from '../../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../../src/sources/sources.ts';
import {
  assessAll,
  type LookFacts,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  silentServer,
  slotsOf,
  facts as wordsOf,
} from '../../../support/world.ts';
import {config, native, ROOT, shop, slotSession, tree} from './shop.ts';

const A = tree('feat-a');
const B = tree('feat-b');
const pidFile = (service: string, pid: number, startToken: string | null = null) => ({path: `/p/${service}.pid`, service, pid, startToken});

const servicesOf = (facts: LookFacts): readonly Service[] => {
  const snapshot = look(facts);
  return identifyServices(snapshot, identifyFleet(snapshot, settings, SOURCES), slotsOf(snapshot, settings));
};

const web = (facts: LookFacts, slot = 1): Service | undefined =>
  servicesOf(facts).find(each => each.slot === slot && each.service === 'web');

/** Slot 1 (feat-a), its service recorded as pid 100. */
const recorded = {repos: [shop([slotSession('feat-a', 1, {pidFiles: known([pidFile('web', 100)])})])]};

describe('a native service', () => {
  it('is up when a descendant of its recorded process holds the port, at any depth', () => {
    const chain = [process(100, 1, 'sh', {cwd: A}), process(101, 100, 'pnpm'), process(102, 101, 'node'), process(103, 102, 'vite')];
    expect(web({...recorded, processes: chain, listeners: [listener(3101, 103)]})).toMatchObject({
      state: 'up',
      port: 3101,
      expected: {pid: 100},
    });
  });

  it('is not at fault for further ports', () => {
    const facts = {processes: [process(100, 1, 'vite', {cwd: A})], listeners: [listener(3101, 100), listener(24_678, 100)]};
    expect(web({...recorded, ...facts})).toMatchObject({state: 'up', actualPorts: [3101, 24_678]});
  });

  it('is down when it lives without a port, or is gone', () => {
    expect(web({...recorded, processes: [process(100, 1, 'sh', {cwd: A})]})).toMatchObject({state: 'down'});
    expect(web(recorded)).toMatchObject({state: 'down'});
  });

  it('is on the wrong port, and the slot that port belongs to is named', () => {
    const facts = {
      repos: [shop([slotSession('feat-a', 1, {pidFiles: known([pidFile('web', 100)])}), slotSession('feat-b', 5)])],
      processes: [process(100, 1, 'sh', {cwd: A}), process(101, 100, 'vite', {cwd: A})],
      listeners: [listener(3105, 101)],
    };
    expect(web(facts)).toMatchObject({state: 'wrong-port', actualPorts: [3105], conflictingSlot: {slot: 5, slug: 'feat-b'}});
  });

  it('has a wrong owner when somebody of another work tree holds its port', () => {
    const facts = {
      repos: [shop([slotSession('feat-a', 1, {pidFiles: known([pidFile('web', 100)])}), slotSession('feat-b', 2)])],
      processes: [process(100, 1, 'sh', {cwd: A}), process(200, 1, 'node /x/vite', {cwd: `${B}/app`})],
      listeners: [listener(3101, 200)],
    };
    expect(web(facts)).toMatchObject({state: 'wrong-owner', because: expect.stringContaining('shop/feat-b (slot 2)')});
  });

  it('has a wrong owner when a stranger shares the port with it on another address', () => {
    const facts = {
      processes: [process(100, 1, 'vite', {cwd: A}), process(200, 1, 'other', {cwd: '/elsewhere'})],
      listeners: [listener(3101, 100), {...listener(3101, 200), address: '::1', family: 6 as const, inode: 'v6'}],
    };
    expect(web({...recorded, ...facts})).toMatchObject({state: 'wrong-owner', because: expect.stringContaining('beside its own')});
    expect(web({...recorded, ...facts})).toMatchObject({foreign: [200]});
    const snapshot = look({...recorded, ...facts});
    const {assessment} = assessAll([snapshot]);
    const finding = ofKind(assessment.findings, 'wrong-owner')[0];
    expect(finding).toMatchObject({processes: [{pid: 200}], remedies: ['kill'], title: expect.not.stringContaining('100')});
    expect(wordsOf(finding)).toMatch(/vite 100 listens on 127.0.0.1:3101, and is the slot’s own\nother 200 listens on \[::1\]:3101/);
    for (const asked of [`finding:${finding?.id}`, finding?.subject ?? '', 'port:3101']) {
      const plan = makePlan({action: 'kill', asked: [asked]}, assessment, settings, {id: 'p1', now: 0, sources: SOURCES});
      expect(isRefusal(plan) ? plan.because : plan.targets.map(({pid}) => pid), asked).toEqual([200]);
    }
    const sweep = makePlan({action: 'cleanup', asked: []}, assessment, settings, {id: 'p1', now: 0, sources: SOURCES});
    expect(isRefusal(sweep) ? [] : sweep.targets.map(({pid}) => pid)).toEqual([]);
  });

  it('sees every holder of one shared socket', () => {
    const facts = {
      processes: [process(100, 1, 'vite', {cwd: A}), process(200, 1, 'other', {cwd: '/elsewhere'})],
      listeners: [listener(3101, 100, 200)],
    };
    expect(web({...recorded, ...facts})).toMatchObject({state: 'wrong-owner', listeners: [{pid: 100}, {pid: 200}]});
  });

  it('is unknown when its holder may not be seen, or its directory cannot be read', () => {
    const hidden = {...listener(3101), owners: unknown('held by uid 65534')};
    expect(web({...recorded, listeners: [hidden]})).toMatchObject({state: 'unknown'});
    const unreadable = {processes: [process(200, 1, 'other', {cwd: null, env: null})], listeners: [listener(3101, 200)]};
    expect(web({...recorded, ...unreadable})).toMatchObject({state: 'unknown'});
  });

  it('owns what left its tree but lives in its work tree, innermost work tree first', () => {
    const inside = {processes: [process(300, 1, 'vite', {cwd: `${A}/packages/app`})], listeners: [listener(3101, 300)]};
    expect(web({...recorded, ...inside})).toMatchObject({state: 'up'});
    const main = {processes: [process(300, 1, 'vite', {cwd: ROOT})], listeners: [listener(3101, 300)]};
    expect(web({...recorded, ...main})).toMatchObject({state: 'wrong-owner'});
  });

  it('owns what its environment names', () => {
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
    const facts = {processes: [process(300, 1, 'vite', {cwd: '/', env})], listeners: [listener(3101, 300)]};
    expect(web({...recorded, ...facts})).toMatchObject({state: 'up'});
  });

  it('does not know whose it is when only the environment of a pane of somebody else’s session says so', () => {
    const env = {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'};
    const facts = {
      servers: [server('default', [session('mine', [pane('%3', 300)])])],
      processes: [process(300, 700, 'vite', {cwd: '/elsewhere', env, tty: 'pts/3'})],
      listeners: [listener(3101, 300)],
    };
    expect(web({...recorded, ...facts})).toMatchObject({state: 'unknown'});
  });

  it('does not believe an environment that was inherited into another slot’s work tree', () => {
    const facts = {
      repos: [shop([slotSession('feat-a', 1, {pidFiles: known([pidFile('web', 100)])}), slotSession('feat-b', 2)])],
      processes: [process(300, 1, 'vite', {cwd: B, env: {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'}})],
      listeners: [listener(3101, 300)],
    };
    expect(web(facts)).toMatchObject({state: 'wrong-owner'});
  });

  it('does not take a recycled pid for its process', () => {
    const facts = {
      repos: [shop([slotSession('feat-a', 1, {pidFiles: known([pidFile('web', 100, 'Wed Jan 21 13:37:31 2026')])})])],
      processes: [process(100, 1, 'stranger', {cwd: '/elsewhere'})],
      listeners: [listener(3101, 100)],
    };
    expect(web(facts)).toMatchObject({state: 'wrong-owner', expected: null});
  });

  it('asks the window of its name only where there is no pid file', () => {
    const live = [session('ecluse-feat-a', [pane('%1', 150, {windowName: 'web'})])];
    const processes = [process(150, 700, 'sh', {cwd: A}), process(151, 150, 'vite', {cwd: '/'})];
    const facts = {servers: [server('default', live)], processes, listeners: [listener(3101, 151)]};
    expect(web({repos: [shop([slotSession('feat-a', 1)])], ...facts})).toMatchObject({
      state: 'up',
      expected: {pid: 150, session: 'session:default/ecluse-feat-a'},
    });
  });

  it('is not taken over by a session of that name in another repository', () => {
    const foreign = [session('ecluse-feat-a', [pane('%1', 150, {windowName: 'web'})])];
    const processes = [process(150, 700, 'vite', {cwd: '/w/other/.ecluse/worktrees/feat-a'})];
    const facts = {servers: [server('default', foreign)], processes, listeners: [listener(3101, 150)]};
    expect(web({repos: [shop([slotSession('feat-a', 1)])], ...facts})).toMatchObject({state: 'wrong-owner', expected: null});
  });
});

describe('what is never a wrong owner', () => {
  const strangers = {processes: [process(200, 1, 'x', {cwd: '/elsewhere'})], listeners: [listener(3101, 200)]};

  it.each([
    ['a port that nobody is declared to start', native('web', 3100, {command: null}), 'unmanaged'],
    ['a container’s port', native('web', 3100, {run: 'docker', command: null}), 'up'],
  ])('%s', (_, service, state) => {
    expect(web({repos: [shop([slotSession('feat-a', 1)], [service])], ...strangers})).toMatchObject({state});
  });

  it('a container’s proxy on a native port', () => {
    const proxy = {processes: [process(200, 1, 'docker-proxy', {cwd: '/'})], listeners: [listener(3101, 200)]};
    expect(web({...recorded, ...proxy})).toMatchObject({state: 'unknown'});
  });

  it('anything while an operation is pending', () => {
    const pending = slotSession('feat-a', 1, {status: 'pending', pending: {id: '1-2-3', since: '2026-01-01T00:00:00Z'}});
    expect(web({repos: [shop([pending])], ...strangers})).toMatchObject({state: 'unknown'});
  });

  it('a port that the formula puts above 65535', () => {
    const repo = shop([slotSession('feat-a', 1)], [native('web', 65_535)]);
    expect(web({repos: [repo], processes: strangers.processes, listeners: [listener(65_535, 200)]})).toMatchObject({state: 'unknown'});
  });

  it('a stranger where nothing shows that the service was started', () => {
    const idle = slotSession('feat-a', 1, {processManager: null, tmuxSession: null});
    expect(web({repos: [shop([idle])], ...strangers})).toMatchObject({state: 'unknown'});
    expect(web({repos: [shop([idle])]})).toMatchObject({state: 'free'});
  });
});

describe('declared ports', () => {
  it('come from what is recorded before the formula, and from the host side of a container', () => {
    const overridden = slotSession('feat-a', 1, {portOverrides: {web: 3109}});
    expect(web({repos: [shop([overridden])]})?.port).toBe(3109);
    const services = [native('web', 5432, {run: 'docker', hostPort: 15_000})];
    const repo = {...shop([slotSession('feat-a', 2)]), config: known(config(services, {slotStride: 10}))};
    expect(web({repos: [repo]}, 2)?.port).toBe(15_020);
  });

  it('are not guessed while the state file is unreadable', () => {
    expect(servicesOf({repos: [shop([], undefined, {sessions: unknown('half-written')})]})).toEqual([]);
  });

  it('are all unknown while sockets cannot be read', () => {
    const blind = {source: 'listeners', target: 'table', state: 'unknown', detail: 'EACCES', tookMs: 1} as const;
    expect(web({...recorded, sources: [blind]})).toMatchObject({state: 'unknown'});
  });
});

describe('slots that nobody has', () => {
  const stray = {processes: [process(200, 1, 'vite', {cwd: `${ROOT}/old`})], listeners: [listener(3104, 200)]};

  it('show who listens in their place', () => {
    expect(web({repos: [shop([])], ...stray}, 4)).toMatchObject({state: 'stray', port: 3104, listeners: [{pid: 200}]});
  });

  it('include stopped ones, and not those in use', () => {
    expect(web({repos: [shop([slotSession('x', 4, {status: 'stopped'})])], ...stray}, 4)).toMatchObject({state: 'stray'});
    expect(web({repos: [shop([slotSession('x', 4)])], ...stray}, 4)?.state).not.toBe('stray');
  });

  it('do not claim a port that a slot in use declares', () => {
    const both = [native('web', 3100), native('api', 3103)];
    const rows = servicesOf({repos: [shop([slotSession('feat-a', 1)], both)], ...stray});
    expect(rows.filter(row => row.port === 3104).map(row => row.service)).toEqual(['api']);
  });

  it('are not known to be free while a server does not answer that may hold their sessions', () => {
    const rig = {name: 'shop', path: '/w/shop', session: 'shop-{slot}', slots: 9, slotStride: 1};
    const rigs = [{...rig, services: [{name: 'web', basePort: 3100, command: null}]}];
    const stateOf = (servers: LookFacts['servers']) => {
      const snapshot = look({...stray, ...(servers === undefined ? {} : {servers})});
      return identifyServices(snapshot, identifyFleet(snapshot, settings, SOURCES), slotsOf(snapshot, {...settings, rigs})).map(
        ({state}) => state,
      );
    };
    expect(stateOf(undefined)).toEqual(['stray']);
    expect(stateOf([silentServer('default')])).toEqual(['unknown']);
  });

  it('do not claim ports off the stride, or the base itself', () => {
    const facts = {processes: stray.processes, listeners: [listener(3100, 200), listener(3109, 200)]};
    expect(servicesOf({repos: [shop([])], ...facts})).toEqual([]);
  });
});
