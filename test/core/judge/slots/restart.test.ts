import {describe, expect, it} from 'vitest';
import {known} from '../../../../src/core/domain/known.ts';
import {isRefusal, type Plan, type Refusal} from '../../../../src/core/domain/plan.ts';
import type {ConfiguredRig, Settings} from '../../../../src/core/domain/settings.ts';
import {makePlan} from '../../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../../src/sources/sources.ts';
import {assessAll, type LookFacts, listener, look, pane, process, server, session, settings} from '../../../support/world.ts';
import {shop, slotSession, tree} from './shop.ts';

const A = tree('feat-a');
const pidFiles = known([{path: '/p/web.pid', service: 'web', pid: 100, startToken: null}]);

const ask = (facts: LookFacts, asked = 'slot:shop/1/web', more: Partial<Settings> = {}): Plan | Refusal =>
  makePlan(
    {action: 'restart', asked: [asked]},
    assessAll([look(facts)], more).assessment,
    {...settings, ...more},
    {id: 'c41f', now: 1, sources: SOURCES},
  );

const restart = (...args: Parameters<typeof ask>): Plan => {
  const answer = ask(...args);
  if (isRefusal(answer)) {
    throw new Error(`${answer.rule}: ${answer.because}`);
  }
  return answer;
};

const running = {
  repos: [shop([slotSession('feat-a', 1, {pidFiles})])],
  processes: [process(100, 1, 'sh', {cwd: A}), process(101, 100, 'vite', {cwd: A})],
  listeners: [listener(3101, 101)],
};

describe('restart of a service', () => {
  it('ends its tree and leaves the start to ecluse when that is there', () => {
    const plan = restart({...running, programs: new Map([['ecluse', '/usr/bin/ecluse']])});
    expect(plan.targets.map(({pid}) => pid)).toEqual([101, 100]);
    expect(plan.starts).toMatchObject([
      {
        ref: 'slot:shop/1/web',
        way: {
          kind: 'command',
          file: '/usr/bin/ecluse',
          args: ['up', 'feat-a'],
          cwd: A,
          without: expect.arrayContaining(['TMUX*', 'GT_*', 'CLAUDECODE']),
        },
        proof: {port: 3101, cwd: A},
      },
    ]);
  });

  it('says whose word it is what is run where the repository was only found', () => {
    const programs = new Map([['ecluse', '/usr/bin/ecluse']]);
    const found = running.repos.map(repo => ({...repo, provenance: 'found' as const}));
    expect(restart({...running, repos: found, programs, checkouts: {[A]: '/w/shop'}}).starts).toMatchObject([
      {claimOf: '/w/shop', because: expect.stringMatching(/\/w\/shop says.*nobody named.*web: serve web/)},
    ]);
    expect(restart({...running, programs}).starts[0]).not.toHaveProperty('claimOf');
  });

  it('starts what its window was started with when ecluse is not there', () => {
    const panes = [pane('%1', 100, {windowName: 'web', startCommand: 'exec sh -c serve'}), pane('%2', 160, {windowName: 'shell'})];
    const plan = restart({
      repos: [shop([slotSession('feat-a', 1)])],
      servers: [server('default', [session('ecluse-feat-a', panes)])],
      processes: [process(100, 700, 'serve', {cwd: A}), process(160, 700, '-sh', {cwd: A})],
      listeners: [listener(3101, 100)],
    });
    expect(plan.targets.map(({pid}) => pid)).toEqual([100]);
    expect(plan.sessions).toEqual([]);
    expect(plan.starts).toMatchObject([
      {way: {kind: 'window', session: 'ecluse-feat-a', window: 'web', command: 'exec sh -c serve', cwd: A}},
    ]);
  });

  it('starts what is down already', () => {
    const plan = restart({repos: running.repos, programs: new Map([['ecluse', '/usr/bin/ecluse']])});
    expect(plan).toMatchObject({targets: [], starts: [{ref: 'slot:shop/1/web'}]});
  });

  it.each([
    ['a stranger holds the port', {...running, processes: [process(101, 1, 'x', {cwd: '/elsewhere'})]}, 'port-held'],
    ['nothing tells how it was started', running, 'not-restartable'],
    ['there is no such service', {...running, repos: []}, 'not-found'],
    [
      'an operation is pending',
      {...running, repos: [shop([slotSession('feat-a', 1, {status: 'pending', pending: {id: '1-2-3', since: 'now'}})])]},
      'unknown',
    ],
  ])('is refused when %s', (_, facts, rule) => {
    expect(ask(facts)).toMatchObject({refused: true, rule});
  });
});

describe('restart of a configured service', () => {
  const rig = (command: string | null): ConfiguredRig => ({
    name: 'search',
    path: '/w/search',
    session: 'search-{slot}',
    slots: 4,
    slotStride: 10,
    services: [{name: 'web', basePort: 3100, command}],
  });
  const facts: LookFacts = {
    servers: [server('default', [session('search-2', [pane('%1', 100, {windowName: 'shell'})])])],
    processes: [process(100, 700, '-sh', {cwd: '/w/search'}), process(101, 100, 'vite', {cwd: '/w/search'})],
    listeners: [listener(3120, 101)],
  };

  it('fills in its command and runs it in the slot’s session', () => {
    const plan = restart(facts, 'slot:search/2/web', {rigs: [rig('pnpm dev --port {port} # {rig} {slot} {service}')]});
    expect(plan.targets.map(({pid}) => pid)).toEqual([101]);
    expect(plan.starts).toMatchObject([
      {way: {kind: 'window', session: 'search-2', window: 'web', cwd: '/w/search', command: 'pnpm dev --port 3120 # search 2 web'}},
    ]);
  });

  it('ends nothing where a part of what it has to end is protected', () => {
    const inWindow = (pid: number, ppid: number, command: string) =>
      process(pid, ppid, command, {cwd: '/w/search', tty: 'pts/1', sid: 100});
    const together: LookFacts = {
      servers: [server('default', [session('search-2', [pane('%1', 100, {windowName: 'web'})])])],
      processes: [
        inWindow(100, 700, 'sh -c x'),
        inWindow(101, 100, 'node concurrently'),
        inWindow(102, 101, 'node api.js'),
        inWindow(103, 101, 'postgres -D x'),
      ],
    };
    const protect = {...settings.protect, commands: ['*postgres*']};
    expect(ask(together, 'slot:search/2/web', {rigs: [rig('serve {port}')], protect})).toMatchObject({
      refused: true,
      rule: 'protect-command',
      because: expect.stringContaining('103 (postgres -D x) has to stay ([protect] commands keeps *postgres*)'),
      protection: {rule: 'protect-command', unlock: null},
    });
    expect(restart(together, 'slot:search/2/web', {rigs: [rig('serve {port}')]})).toMatchObject({
      targets: [{pid: 103}, {pid: 102}, {pid: 101}, {pid: 100}],
      starts: [{ref: 'slot:search/2/web'}],
    });
  });

  it('is refused without one', () => {
    expect(ask(facts, 'slot:search/2/web', {rigs: [rig(null)]})).toMatchObject({refused: true, rule: 'not-restartable'});
  });
});
