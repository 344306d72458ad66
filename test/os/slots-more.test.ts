import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {ConfiguredRig} from '../../src/core/domain/settings.ts';
import {identifyFleet} from '../../src/core/judge/owners/identify.ts';
import {identifyServices} from '../../src/core/judge/slots/services.ts';
import {createCollector} from '../../src/core/look/collector.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {isAlive, sight} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {startChain, startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';
import {slotsOf} from '../support/world.ts';
import {buildSlotFleet, perform, planOf, type SlotFleet} from './slots-fleet.ts';

let scope: Scope;
let repo: SlotFleet;

beforeEach(async () => {
  scope = createScope();
  repo = await buildSlotFleet(scope);
});
afterEach(() => scope.close());

describe('flush', () => {
  it('ends a whole chain of shells and programs whose last link left for a session of its own and holds the port', async () => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const chain = await startChain(scope, 4, {
      shells: true,
      last: {cwd: a, setsid: true, listen: {host: '127.0.0.1', port: repo.base + 1}},
    });
    const engine = repo.supervise();
    const before = await engine.refreshUntilSettled();
    expect(before.services.find(({slot}) => slot === 1)?.state).toBe('up');
    const plan = planOf(engine, {action: 'flush', asked: ['slot:shop/1']});
    const outcome = await perform(engine, plan);
    expect(outcome).toMatchObject({ok: true, ports: [{port: repo.base + 1, free: true}]});
    expect(isAlive(chain.get('link-3'))).toBe(false);
    // The links above live elsewhere and hold nothing of the slot: they are not its.
    expect(isAlive(chain.root)).toBe(true);
  });

  it('ends what listens inside a network namespace of its own by the place it lives in', async () => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const serve = `require('net').createServer().listen(${repo.base + 1}); setInterval(() => undefined, 1000)`;
    const hidden = startProgram(scope, 'unshare', ['--net', process.execPath, '-e', serve], {cwd: a});
    await waitFor('the program behind unshare', () => sight(hidden.pid)?.comm !== 'unshare');
    const engine = repo.supervise();
    // Its socket is not one of this machine's ports, so the slot's port is not held.
    const before = await engine.refreshUntilSettled();
    expect(before.services.find(({slot}) => slot === 1)).toMatchObject({state: 'down', listeners: []});
    const outcome = await perform(engine, planOf(engine, {action: 'flush', asked: ['slot:shop/1']}));
    expect(outcome.ok).toBe(true);
    expect(isAlive(hidden)).toBe(false);
  });

  it.each([
    ['brings compose projects down without their volumes when asked', 'exit 0', true, 'gone'],
    ['says what docker said when that fails', 'echo "Cannot connect to the Docker daemon" >&2; exit 1', false, 'survived'],
  ])('%s', async (_, behaviour, ok, result) => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1, {compose_project: 'ecluse_feat-a'})]);
    await startOne(scope, {name: 'one', cwd: a});
    const bin = await scope.tempDir();
    const seen = join(bin, 'seen');
    await writeFile(join(bin, 'docker'), `#!/bin/sh\necho "$*" >> ${seen}\n${behaviour}\n`, {mode: 0o755});
    const engine = repo.supervise({PATH: `${bin}:${process.env.PATH}`});
    await engine.refreshUntilSettled();
    const outcome = await perform(engine, planOf(engine, {action: 'flush', asked: ['slot:shop/1'], docker: true}));
    expect(outcome.ok).toBe(ok);
    expect(outcome.targets).toContainEqual(expect.objectContaining({ref: 'record:compose/ecluse_feat-a', result}));
    expect(await readFile(seen, 'utf8')).toBe('compose -p ecluse_feat-a down\n');
  });
});

const SERVE = "require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1'); setInterval(() => undefined, 1000)";

describe('a configured rig', () => {
  const rigAt = (path: string, base: number, more: Partial<ConfiguredRig> = {}): ConfiguredRig => ({
    name: 'search',
    path,
    session: 'search-{slot}',
    slots: 2,
    slotStride: 1,
    services: [{name: 'web', basePort: base, command: `exec ${process.execPath} -e "${SERVE}" {port}`}],
    ...more,
  });

  it('has its service started in its own session, and never in a namesake', async () => {
    await repo.tmux.newSession('search-1', {cwd: repo.root, command: ['sleep', '600']});
    await repo.tmux.newSession('search-10', {cwd: '/', command: ['sleep', '600']});
    const engine = repo.supervise({}, {repos: [], rigs: [rigAt(repo.root, repo.base)]});
    await engine.refreshUntilSettled();
    const outcome = await perform(engine, planOf(engine, {action: 'restart', asked: ['slot:search/1/web']}));
    expect(outcome).toMatchObject({ok: true, started: [{result: 'up'}]});
    expect((await repo.tmux.run('list-windows', '-t', '=search-1', '-F', '#{window_name}')).split('\n')).toContain('web');
    expect(await repo.tmux.run('list-windows', '-t', '=search-10', '-F', '#{window_name}')).not.toContain('web');
    const {services} = await engine.refresh();
    expect(services.find(({slot}) => slot === 1)).toMatchObject({state: 'up', port: repo.base + 1});
  });

  it('costs no further subprocess with a thousand declared ports', async () => {
    await repo.tmux.newSession('search-1', {cwd: repo.root, command: ['sleep', '600']});
    const runsFor = async (services: number): Promise<number> => {
      const host = createHost({markers: MARKERS, env: repo.tmux.env, cwd: repo.root});
      const ran: string[] = [];
      const counting = {
        ...host,
        run: (...call: Parameters<typeof host.run>) => {
          ran.push(call[0]);
          return host.run(...call);
        },
      };
      const rigs = [
        rigAt(repo.root, 0, {
          slots: 25,
          services: Array.from({length: services}, (_, index) => ({name: `s${index}`, basePort: 20_000 + 100 * index, command: null})),
        }),
      ];
      const settings = {...DEFAULT_SETTINGS, rigs};
      const collector = createCollector(counting, settings, SOURCES);
      const snapshot = await collector.look();
      identifyServices(snapshot, identifyFleet(snapshot, settings, SOURCES), slotsOf(snapshot, settings));
      await host.close();
      return ran.length;
    };
    expect(await runsFor(40)).toBe(await runsFor(1));
  });
});
