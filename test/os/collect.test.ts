import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {ageMs} from '../../src/core/domain/process.ts';
import {type CollectorOptions, createCollector} from '../../src/core/look/collector.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {sight} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

/** Far more than a look takes: what these tests ask is never how fast. */
const PATIENT: CollectorOptions = {deadlineMs: 20_000};

const open = async (
  env: Readonly<Record<string, string | undefined>> = {},
  change: (host: Host) => Partial<Host> = () => ({}),
  options: CollectorOptions = PATIENT,
) => {
  const dir = await scope.tempDir();
  const clean = {...process.env, TMUX: undefined, TMUX_PANE: undefined, TMUX_TMPDIR: dir, HOME: dir, ...env};
  const real = createHost({markers: MARKERS, cwd: dir, env: clean});
  scope.add(real.close);
  const commands: string[] = [];
  const counted: Host = {
    ...real,
    run: (file, args, runOptions) => {
      commands.push(file);
      return real.run(file, args, runOptions);
    },
  };
  const collector = createCollector({...counted, ...change(counted)}, DEFAULT_SETTINGS, SOURCES, options);
  scope.add(collector.close);
  return {look: collector.look, commands};
};

describe('one look', () => {
  test('sessions, processes and listeners, joined by pid', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('gt-shop-max', {command: ['sleep', '600'], env: {GT_ROLE: 'crew'}});
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    const {look} = await open({TMUX_TMPDIR: tmux.tmpdir});
    const snapshot = await look();
    const [session] = snapshot.servers[0]?.sessions ?? [];
    expect(session).toMatchObject({name: 'gt-shop-max', env: {GT_ROLE: 'crew'}, panes: [{pid: pane.pid}]});
    const process_ = snapshot.processes.get(pane.pid);
    expect(process_).toMatchObject({comm: 'sleep', ppid: (await tmux.serverProcess()).pid, env: {known: true, value: {GT_ROLE: 'crew'}}});
    expect(process_ && ageMs(process_, snapshot)).toBeLessThan(600_000);
    expect(snapshot.listeners.find(({port}) => port === server.port)?.owners).toEqual({known: true, value: [server.pid]});
    expect(snapshot.processesComplete).toBe(true);
    expect(snapshot.sources.map(({source, state}) => `${source} ${state}`)).toEqual(
      expect.arrayContaining(['tmux ok', 'processes ok', 'listeners ok']),
    );
  });

  test('two programs for a server at first, one for each later look', async () => {
    const tmux = await privateTmux(scope);
    for (let index = 0; index < 20; index += 1) {
      await tmux.newSession(`gt-${index}`, {command: ['sleep', '600']});
    }
    const {look, commands} = await open({TMUX_TMPDIR: tmux.tmpdir});
    await look();
    expect(commands.filter(file => file === 'tmux')).toHaveLength(2);
    commands.length = 0;
    await look();
    expect(commands).toEqual(['tmux']);
  });

  test('an unchanged world is made of the same records', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('gt-shop-max', {command: ['sleep', '600']});
    const {look} = await open({TMUX_TMPDIR: tmux.tmpdir});
    await look();
    const first = await look();
    const second = await look();
    expect(second.servers[0]).toBe(first.servers[0]);
    expect(second.processes.get(pane.pid)).toBe(first.processes.get(pane.pid));
    expect(second.checkouts).toBe(first.checkouts);
    for (const listener of second.listeners) {
      const before = first.listeners.find(({inode}) => inode === listener.inode);
      expect(before === undefined || before === listener || before.owners !== listener.owners).toBe(true);
    }
    expect(second.bootedAt).toBe(first.bootedAt);
    expect(second.uptimeMs).toBeGreaterThanOrEqual(first.uptimeMs);
  });

  test('a call during a look gets that look', async () => {
    const {look} = await open();
    const [one, two] = await Promise.all([look(), look()]);
    expect(two).toBe(one);
    expect(await look()).not.toBe(one);
  });

  test('the observer: its identity, its ancestors, its pane', async () => {
    const {look} = await open({TMUX: '/tmp/a,b/sock,4711,3', TMUX_PANE: '%12'});
    const {self} = await look();
    expect(self).toMatchObject({
      pid: process.pid,
      startTime: sight(process.pid)?.startTime,
      uid: process.getuid?.(),
      pane: {socket: '/tmp/a,b/sock', paneId: '%12'},
    });
    expect(self.ancestors[0]).toBe(process.ppid);
    expect(self.ancestors.at(-1)).toBe(1);
    expect((await (await open()).look()).self.pane).toBeNull();
  });

  test('the work trees that processes are in', async () => {
    const dir = await scope.tempDir();
    const {execFileSync} = await import('node:child_process');
    execFileSync('git', ['-C', dir, 'init', '-q', '-b', 'trunk']);
    const {pid} = startProgram(scope, 'sleep', ['600'], {cwd: dir});
    await waitFor('exec', () => sight(pid)?.comm === 'sleep');
    const {look} = await open();
    expect((await look()).checkouts.get(dir)).toEqual({directory: dir, root: dir, mainRoot: dir, branch: 'trunk'});
  });
});

describe('a source that fails takes nothing from the others', () => {
  test('no process table', async () => {
    const tmux = await privateTmux(scope);
    await tmux.newSession('one', {command: ['sleep', '600']});
    const {look} = await open({TMUX_TMPDIR: tmux.tmpdir}, () => ({
      readTables: async () => {
        throw new Error('out of order');
      },
    }));
    const snapshot = await look();
    expect(snapshot.servers).toMatchObject([{state: 'ok', sessions: [{name: 'one'}]}]);
    expect(snapshot).toMatchObject({processesComplete: false, listeners: []});
    expect(snapshot.self.pid).toBe(process.pid);
    expect(snapshot.sources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({source: 'processes', state: 'unknown', detail: 'out of order'}),
        expect.objectContaining({source: 'listeners', state: 'unknown', detail: 'out of order'}),
      ]),
    );
  });

  test('a file system that throws', async () => {
    const {look} = await open({}, host => ({
      files: {
        ...host.files,
        list: async () => {
          throw new Error('out of order');
        },
      },
    }));
    const snapshot = await look();
    expect(snapshot.processes.has(process.pid)).toBe(true);
    expect(snapshot.sources).toContainEqual(
      expect.objectContaining({source: 'tmux', state: 'unknown', detail: expect.stringContaining('order')}),
    );
  });

  test('a directory that hangs costs the deadline, not the look', async () => {
    const {look} = await open(
      {},
      host => ({files: {...host.files, list: path => (path.includes('tmux-') ? new Promise(() => undefined) : host.files.list(path))}}),
      {deadlineMs: 500},
    );
    const snapshot = await look();
    expect(snapshot.sources).toContainEqual(expect.objectContaining({source: 'tmux', state: 'unknown'}));
    expect(snapshot.sources.some(({source, state}) => source === 'listeners' && state === 'ok')).toBe(true);
  });
});

test('a clock that is set changes no age and no process', async () => {
  let jump = 0;
  const {look} = await open({}, host => ({epochMs: () => host.epochMs() + jump}));
  const before = await look();
  jump = 86_400_000;
  const after = await look();
  const own = after.processes.get(process.pid);
  expect(own?.bornMs).toBe(before.processes.get(process.pid)?.bornMs);
  expect(after.uptimeMs - before.uptimeMs).toBeLessThan(3_600_000);
  expect(after.takenAt - before.takenAt).toBeGreaterThan(80_000_000);
  expect(after.monotonicMs).toBeGreaterThan(before.monotonicMs);
});

test('no tmux on the machine', async () => {
  const empty = await scope.tempDir();
  const {look} = await open({PATH: join(empty, 'bin')});
  const snapshot = await look();
  expect(snapshot.sources.filter(({source}) => source === 'tmux')).toMatchObject([{target: 'default', state: 'absent'}]);
  expect(snapshot.servers).toEqual([]);
});
