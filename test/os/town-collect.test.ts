// Towns read from real directories: found, told apart, three-valued, and cheap to look at again.

import {execFileSync, spawn} from 'node:child_process';
import {mkdir, rename, rm, symlink, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {Process} from '../../src/core/domain/process.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import type {Town} from '../../src/core/domain/town.ts';
import {townSocketName} from '../../src/core/domain/town-socket.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {createTownCollector} from '../../src/sources/gastown/read/town-collector.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createScope} from '../support/scope.ts';
import {buildTown} from '../support/town.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const nothing = {processes: new Map<number, Process>(), servers: []};

const settingsWith = (towns: readonly string[]): Settings => ({
  orphanMinAgeMs: 60_000,
  confirmGapMs: 500,
  termGraceMs: 5_000,
  protect: {sessions: [], commands: [], paths: []},
  runtimes: [],
  towns,
  repos: [],
  rigs: [],
  registers: [],
  sockets: null,
});

/** A machine whose home and working directory are the test's own. */
const hostAt = (home: string, options: {cwd?: string; env?: Record<string, string>} = {}): Host => {
  const host = createHost({markers: MARKERS, env: {PATH: process.env.PATH, HOME: home, ...options.env}, cwd: options.cwd ?? home});
  scope.add(() => host.close());
  return host;
};

const lookAt = async (host: Host, towns: readonly string[] = []) => createTownCollector(host, settingsWith(towns)).collect(nothing, 10_000);

const rigsOf = (town: Town | undefined) => (town?.rigs.known ? town.rigs.value : []);

describe('finding towns', () => {
  test('~/gt, a configured one and one of the environment, each once, under any path', async () => {
    const home = await scope.tempDir();
    await buildTown(join(home, 'gt'), {name: 'usual'});
    await buildTown(join(home, 'second'), {name: 'second'});
    await buildTown(join(home, 'third'), {name: 'third'});
    await symlink(join(home, 'second'), join(home, 'link'));
    const host = hostAt(home, {env: {GT_ROOT: join(home, 'third')}});
    const {towns, sources} = await lookAt(host, ['~/link', join(home, 'second'), join(home, 'nowhere')]);
    expect(towns.map(town => town.name).sort()).toEqual(['second', 'third', 'usual']);
    const second = towns.find(town => town.name === 'second');
    expect(second?.path).toBe(join(home, 'link'));
    expect(second?.socketNames).toEqual([
      townSocketName(join(home, 'link'), join(home, 'second')),
      townSocketName(join(home, 'second'), join(home, 'second')),
    ]);
    expect(sources.find(source => source.target === join(home, 'nowhere'))).toMatchObject({source: 'town', state: 'absent'});
  });

  test('upwards from the working directory the outermost town wins', async () => {
    const home = await scope.tempDir();
    const outer = await buildTown(join(home, 'work'), {name: 'outer', rigs: {app: {crew: ['ann']}}});
    await buildTown(outer.crewPath('app', 'ann'), {name: 'inner'});
    const {towns} = await lookAt(hostAt(home, {cwd: join(outer.crewPath('app', 'ann'), 'mayor')}));
    expect(towns.map(town => town.name)).toEqual(['outer']);
  });

  test('the environment of any agent seen names its town', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'far'), {name: 'far'});
    const agent = {env: known({GT_ROOT: town.path})} as unknown as Process;
    const stranger = {env: known({GT_ROOT: join(home, 'no-town')})} as unknown as Process;
    const seen = {
      ...nothing,
      processes: new Map([
        [1, agent],
        [2, stranger],
      ]),
    };
    const {towns, sources} = await createTownCollector(hostAt(home), settingsWith([])).collect(seen, 10_000);
    expect(towns.map(each => each.name)).toEqual(['far']);
    expect(sources).toHaveLength(1);
  });
});

describe('reading a town', () => {
  test('rigs with prefixes, workers in both layouts, reservations', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {
      rigs: {app: {prefix: 'ap-', crew: ['ann'], polecats: ['fury', 'max'], oldPolecats: ['relic']}, gone: {missing: true}},
      dogs: ['rex'],
    });
    await town.write('app/polecats/next.pending', '');
    await mkdir(town.at('app', 'polecats', '.claude'));
    const {towns, sources} = await lookAt(hostAt(home));
    const [app, gone] = rigsOf(towns[0]);
    expect(app).toMatchObject({name: 'app', prefix: 'ap', exists: true, blind: [], pending: [{name: 'next'}]});
    expect(app?.workers.map(each => `${each.role} ${each.path.slice(town.path.length + 1)} ${each.slot}`)).toEqual([
      'witness app/witness null',
      'refinery app/refinery/rig null',
      'crew app/crew/ann null',
      'polecat app/polecats/fury/app 0',
      'polecat app/polecats/max/app 1',
      'polecat app/polecats/relic 2',
    ]);
    expect(gone).toMatchObject({prefix: 'gt', exists: false, workers: []});
    expect(towns[0]?.workers.map(each => each.role)).toEqual(['mayor', 'deacon', 'boot', 'dog']);
    expect(sources).toMatchObject([{source: 'town', target: town.path, state: 'ok', detail: '2 rigs, 10 workers'}]);
  });

  test.each([
    ['no JSON', '{"rigs":'],
    ['no rigs', '{"version":1}'],
    ['an empty file', ''],
    ['a path for a name', '{"rigs":{"../../etc":{}}}'],
  ])('a registry of %s is unknown, never empty', async (_, content) => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {rigs: {app: {}}});
    await town.write('rigs.json', {version: 1, rigs: {}});
    await town.write('mayor/rigs.json', content);
    const {towns, sources} = await lookAt(hostAt(home));
    expect(towns[0]?.rigs.known).toBe(false);
    expect(sources[0]).toMatchObject({state: 'unknown'});
  });

  test('a missing registry: the copy stands in; without one only a town without rigs is known to have none', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {rigs: {app: {}}});
    await rename(town.at('mayor', 'rigs.json'), town.at('rigs.json'));
    const collector = createTownCollector(hostAt(home), settingsWith([]));
    expect(rigsOf((await collector.collect(nothing, 10_000)).towns[0])).toMatchObject([{name: 'app'}]);
    await rm(town.at('rigs.json'));
    expect((await collector.collect(nothing, 10_000)).towns[0]?.rigs).toMatchObject({known: false});
    await rm(town.at('app'), {recursive: true});
    expect((await collector.collect(nothing, 10_000)).towns[0]?.rigs).toEqual(known([]));
  });

  test('an unreadable directory leaves its workers unknown', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {rigs: {app: {polecats: ['fury']}}});
    const denied = {state: 'unknown', because: 'permission denied'} as const;
    const host = hostAt(home);
    const files = {...host.files, list: async (path: string) => (path.endsWith('/polecats') ? denied : host.files.list(path))};
    const {towns, sources} = await lookAt({...host, files});
    expect(rigsOf(towns[0])[0]?.blind).toMatchObject([{path: town.at('app', 'polecats'), because: 'permission denied'}]);
    expect(sources[0]).toMatchObject({state: 'unknown'});
  });

  test('locks, heartbeats, freezes, pauses, parked rigs, pid files', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {rigs: {app: {crew: ['ann'], polecats: ['fury']}, web: {}}, dogs: ['rex']});
    const at = new Date('2026-03-01T10:00:00Z');
    await town.writeLock(town.crewPath('app', 'ann'), {pid: 4711, acquiredAt: at, sessionId: '%7', hostname: 'box'});
    await town.write('app/polecats/fury/app/.runtime/agent.lock', 'garbage');
    await town.writeHeartbeat('gt-fury', {at, bead: 'gt-12'});
    await town.write('.runtime/heartbeats/gt-old.json', 'garbage');
    await town.write('deacon/heartbeat.json', {timestamp: at.toISOString(), cycle: 3});
    await town.write('.runtime/deacon/paused.json', {paused: true, reason: 'lunch', paused_by: 'ann'});
    await town.write('.beads-wisp/config/web.json', {rig: 'web', values: {status: 'parked'}, blocked: ['auto_restart']});
    await town.write('ESTOP', 'manual\t2026-03-21T10:00:00Z\tclosing laptop\n');
    await town.write('ESTOP.app', '');
    await town.write('daemon/daemon.pid', '4712\n9f86d081884c7d65');
    await town.write('daemon/state.json', {running: true, pid: 4712, started_at: at.toISOString()});
    await town.write('daemon/restart_state.json', {agents: {deacon: {restart_count: 5, crash_loop_since: at.toISOString()}}});
    await town.write('.runtime/nudge_poller/gt-fury.pid', '4713');
    await town.write('mayor/mayor-acp.pid', '4714\n');
    const {towns} = await lookAt(hostAt(home));
    const records = towns[0]?.records;
    expect(records?.locks.map(lock => [lock.rig, lock.worker.name, lock.content])).toEqual([
      ['app', 'ann', known({pid: 4711, acquiredAt: at.getTime(), sessionId: '%7', hostname: 'box'})],
      ['app', 'fury', {known: false, because: 'not a JSON object'}],
    ]);
    expect(records?.heartbeats).toMatchObject({
      value: [
        {session: 'gt-fury', at: at.getTime(), state: 'working', bead: 'gt-12'},
        {session: 'gt-old', state: null},
      ],
    });
    expect(records).toMatchObject({
      deaconHeartbeat: {value: {at: at.getTime(), cycle: 3}},
      deaconPaused: {value: {reason: 'lunch', by: 'ann'}},
      dogs: {value: [{name: 'rex', state: 'idle'}]},
      estop: {value: {trigger: 'manual', at: Date.parse('2026-03-21T10:00:00Z'), reason: 'closing laptop'}},
      shutdown: {value: null},
      daemon: {
        pid: {value: 4712},
        lockHolder: {value: null},
        state: {value: {running: true, pid: 4712}},
        restarts: {value: [{agent: 'deacon', count: 5, crashLoopSince: at.getTime()}]},
      },
      helpers: [
        {kind: 'nudge-poller', pid: 4713, session: 'gt-fury'},
        {kind: 'acp', pid: 4714},
      ],
    });
    const [app, web] = rigsOf(towns[0]);
    expect(app).toMatchObject({operation: {value: null}, estop: {value: {trigger: 'manual', reason: ''}}});
    expect(web?.operation).toEqual(known({status: 'parked', autoRestart: null, blocked: ['auto_restart']}));
  });

  test('who really holds the daemon lock, by the kernel', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'));
    const lock = await town.write('daemon/daemon.lock', '');
    const collector = createTownCollector(hostAt(home), settingsWith([]));
    const holder = async () => (await collector.collect(nothing, 10_000)).towns[0]?.records.daemon.lockHolder;
    expect(await holder()).toEqual(known(null));
    const child = spawn('flock', [lock, '/bin/sh', '-c', 'echo held; cat'], {stdio: ['pipe', 'pipe', 'inherit']});
    const ended = new Promise(resolve => child.once('close', resolve));
    scope.add(() => child.kill('SIGKILL'));
    await new Promise(resolve => child.stdout.once('data', resolve));
    expect(await holder()).toEqual(known(child.pid));
    child.stdin.end();
    await ended;
    await waitFor('the lock to be free', async () => JSON.stringify(await holder()) === JSON.stringify(known(null)));
  });
});

describe('looking again', () => {
  test('unchanged files are not read again; changed ones are', async () => {
    const home = await scope.tempDir();
    const town = await buildTown(join(home, 'gt'), {rigs: {app: {crew: ['ann', 'bob'], polecats: ['fury']}}});
    const path = await town.writeLock(town.crewPath('app', 'ann'), {pid: 4711});
    await town.writeHeartbeat('gt-fury', {at: new Date()});
    const long = new Date(Date.now() - 60_000);
    execFileSync('find', [town.path, '-exec', 'touch', '-h', '-d', long.toISOString(), '{}', '+']);
    const collector = createTownCollector(hostAt(home), settingsWith([]));
    await collector.collect(nothing, 10_000);
    const first = collector.counts();
    const again = await collector.collect(nothing, 10_000);
    const second = collector.counts();
    expect(second.reads).toBe(first.reads);
    expect(second.inspections - first.inspections).toBeLessThan(60);
    await writeFile(path, JSON.stringify({pid: 4799}));
    await utimes(path, long, new Date(long.getTime() + 1_000));
    const changed = await collector.collect(nothing, 10_000);
    expect(collector.counts().reads).toBe(second.reads + 1);
    expect(again.towns[0]?.records.locks[0]?.content).toMatchObject({value: {pid: 4711}});
    expect(changed.towns[0]?.records.locks[0]?.content).toMatchObject({value: {pid: 4799}});
    await mkdir(town.at('app', 'crew', 'eve'));
    const joined = await collector.collect(nothing, 10_000);
    expect(rigsOf(joined.towns[0])[0]?.workers.map(each => each.name)).toContain('eve');
  });

  test('a look costs with the agents, not with the trees beside them', async () => {
    const home = await scope.tempDir();
    const names = Array.from({length: 8}, (_, index) => `p${index}`);
    const town = await buildTown(join(home, 'gt'), {rigs: Object.fromEntries(names.map(name => [name, {prefix: name, polecats: names}]))});
    const collector = createTownCollector(hostAt(home), settingsWith([]));
    const cost = async (): Promise<{reads: number; inspections: number}> => {
      const before = collector.counts();
      await collector.collect(nothing, 10_000);
      const after = collector.counts();
      return {reads: after.reads - before.reads, inspections: after.inspections - before.inspections};
    };
    execFileSync('find', [town.path, '-exec', 'touch', '-h', '-d', '2026-01-01', '{}', '+']);
    await cost();
    const small = await cost();
    for (const name of names) {
      await Promise.all(
        names.map(inner =>
          mkdir(join(town.polecatPath(name, name === 'p0' ? 'p1' : 'p0'), 'node_modules', inner, 'lib', inner), {recursive: true}),
        ),
      );
    }
    expect(await cost()).toEqual(small);
    expect(small.reads).toBe(0);
    expect(small.inspections).toBeLessThan(names.length * names.length * 2 + 100);
  });

  test('a town that does not answer in time is unknown, and still there', async () => {
    const home = await scope.tempDir();
    await buildTown(join(home, 'gt'), {name: 'slow', rigs: {app: {}}});
    const host = hostAt(home);
    const hangs = (path: string) => path.endsWith('rigs.json');
    const readText: Host['files']['readText'] = (path, max) =>
      hangs(path) ? new Promise(() => undefined) : host.files.readText(path, max);
    const stuck: Host = {...host, files: {...host.files, readText}};
    const {towns, sources} = await createTownCollector(stuck, settingsWith([])).collect(nothing, 200);
    expect(towns).toMatchObject([{path: join(home, 'gt'), rigs: {known: false}}]);
    expect(sources).toMatchObject([{state: 'unknown', detail: 'did not answer within 200 ms'}]);
  });
});
