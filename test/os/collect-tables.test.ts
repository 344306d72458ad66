import {mkdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {ageMs, type Process, startedAt} from '../../src/core/domain/process.ts';
import type {Host, ProcessTable} from '../../src/core/os/host.ts';
import {createHost, type HostOptions} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {sight, signalTo} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {startDefunct, startOne, startStopped} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const openHost = (options: Omit<HostOptions, 'markers'> = {}): Host => {
  const host = createHost({markers: MARKERS, ...options});
  scope.add(host.close);
  return host;
};

const readTable = async (host: Host): Promise<ProcessTable> => {
  const {processes} = await host.readTables(20_000);
  if (!processes.known) {
    throw new Error(processes.because);
  }
  return processes.value;
};

const readOne = async (host: Host, pid: number): Promise<Process | undefined> => (await readTable(host)).processes.get(pid);

describe('one process', () => {
  let host: Host;
  beforeEach(() => {
    host = openHost();
  });

  test('everything about it', async () => {
    const cwd = await scope.tempDir();
    const env = {GT_RIG: 'shop', GT_API_TOKEN: 'secret', SOMETHING: 'else'};
    const program = startProgram(scope, '/bin/sh', ['-c', 'read x; : two\nlines\tand 🦊', 'name', ''], {cwd, env});
    await waitFor('exec', () => sight(program.pid)?.comm === 'sh');
    const table = await readTable(host);
    const seen = table.processes.get(program.pid);
    expect(seen).toMatchObject({
      pid: program.pid,
      startTime: program.startTime,
      ppid: process.pid,
      uid: process.getuid?.(),
      comm: 'sh',
      argv: ['/bin/sh', '-c', 'read x; : two\nlines\tand 🦊', 'name', ''],
      cwd: {known: true, value: cwd},
      cwdDeleted: false,
      cpu: null,
    });
    expect(seen?.env).toMatchObject({known: true, value: {GT_RIG: 'shop'}});
    expect(JSON.stringify(seen?.env)).not.toMatch(/secret|SOMETHING/);
    expect(seen?.rss).toBeGreaterThan(100_000);
    const age = ageMs(seen as Process, table);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(60_000);
    expect(Math.abs(startedAt(seen as Process, table) + age - Date.now())).toBeLessThan(30_000);
  });

  test('a sleeping process stays the same record, look after look', async () => {
    const {pid} = startProgram(scope, 'sleep', ['600']);
    await waitFor('exec', () => sight(pid)?.comm === 'sleep');
    await readOne(host, pid);
    const second = await readOne(host, pid);
    expect(second?.cpu).toBe(0);
    for (let look = 0; look < 9; look += 1) {
      expect(await readOne(host, pid)).toBe(second);
    }
  });

  test('one that works shows percent of a core, and keeps its dear facts', async () => {
    const {pid} = startProgram(scope, 'sh', ['-c', 'while :; do :; done']);
    const first = await waitFor('exec', async () => {
      const seen = await readOne(host, pid);
      return seen?.comm === 'sh' && seen;
    });
    const busy = await waitFor('work', async () => {
      const seen = await readOne(host, pid);
      return (seen?.cpu ?? 0) > 1 && seen;
    });
    expect(busy.argv).toBe(first.argv);
    expect(busy.env).toBe(first.env);
    expect(busy.cwd).toBe(first.cwd);
  });

  test('exec keeps pid and start time, and is noticed', async () => {
    const program = startProgram(scope, 'sh', ['-c', 'read x; exec env -i GT_ROLE=crew sleep 600']);
    await waitFor('exec', async () => (await readOne(host, program.pid))?.comm === 'sh');
    program.say('go\n');
    const seen = await waitFor('the other program', async () => {
      const now = await readOne(host, program.pid);
      return now?.comm === 'sleep' && now;
    });
    expect(seen).toMatchObject({startTime: program.startTime, argv: ['sleep', '600'], env: {known: true, value: {GT_ROLE: 'crew'}}});
  });

  test('exec of the same program with other arguments is noticed', async () => {
    const program = startProgram(scope, 'sh', ['-c', `read x; exec sh -c 'read y # b'`]);
    await waitFor('exec', async () => (await readOne(host, program.pid))?.argv[0] === 'sh');
    program.say('go\n');
    await waitFor('the other arguments', async () => (await readOne(host, program.pid))?.argv[2] === 'read y # b');
  });

  test('a title written over the arguments', async () => {
    const {pid} = await startOne(scope, {title: 'claude'});
    expect(await readOne(host, pid)).toMatchObject({argv: ['claude'], comm: 'claude'});
  });

  test('a changed directory, a removed one, and one that only looks removed', async () => {
    const base = await scope.tempDir();
    const [odd, other] = [join(base, 'x (deleted)'), join(base, 'other')];
    await mkdir(odd);
    await mkdir(other);
    const program = startProgram(scope, 'sh', ['-c', `read x; cd "${other}"; read y; sleep 600`], {cwd: odd});
    await waitFor('exec', () => sight(program.pid)?.comm === 'sh');
    expect(await readOne(host, program.pid)).toMatchObject({cwd: {known: true, value: odd}, cwdDeleted: false});
    program.say('go\n');
    await waitFor('the change', async () => {
      const seen = await readOne(host, program.pid);
      return seen?.cwd.known && seen.cwd.value === other;
    });
    await rm(other, {recursive: true});
    await waitFor('the removal', async () => {
      const seen = await readOne(host, program.pid);
      return seen?.cwdDeleted && seen.cwd.known && seen.cwd.value === other;
    });
  });

  test('a directory removed and made again is another one, and what is above it is not', async () => {
    const base = await scope.tempDir();
    const tree = join(base, 'tree');
    await mkdir(join(tree, 'web'), {recursive: true});
    const program = startProgram(scope, 'sleep', ['600'], {cwd: join(tree, 'web')});
    await waitFor('exec', () => sight(program.pid)?.comm === 'sleep');
    await rm(tree, {recursive: true});
    expect(await readOne(openHost(), program.pid)).not.toHaveProperty('cwdRemade');
    await mkdir(join(tree, 'web'), {recursive: true});
    const seen = await readOne(openHost(), program.pid);
    expect(seen).toMatchObject({cwd: {known: true, value: join(tree, 'web')}, cwdDeleted: true, cwdRemade: tree});
  });

  test('a directory of another mount namespace counts where it is ours too, not where it only reads alike', async () => {
    const [same, alike] = [await scope.tempDir(), await scope.tempDir()];
    const script = `mount -t tmpfs none "${alike}" && mkdir "${alike}/app" && cd "$1" && exec sleep 600`;
    const start = (cwd: string) => startProgram(scope, 'unshare', ['--mount', 'sh', '-c', script, 'sh', cwd]);
    const programs = [start(same), start(join(alike, 'app'))];
    for (const {pid, child} of programs) {
      await waitFor('exec', () => child.exitCode !== null || sight(pid)?.comm === 'sleep');
    }
    if (programs.some(({child}) => child.exitCode !== null)) {
      // No mount namespaces here: the pure tests cover it.
      expect(programs.map(({child}) => child.exitCode)).not.toContain(0);
      return;
    }
    const [here, there] = await Promise.all(programs.map(({pid}) => readOne(host, pid)));
    expect(here).toMatchObject({cwd: {known: true, value: same}});
    expect(there).toMatchObject({cwd: {known: false, because: expect.stringContaining('mount namespace')}, cwdApart: join(alike, 'app')});
  });

  test('in a pid namespace below ours it is known by its pid there, as it knows itself', async () => {
    const file = join(await scope.tempDir(), 'told');
    const tell = `readlink /proc/self/ns/pid > ${file}.new; echo $$ >> ${file}.new; sleep 0.5 & echo $! >> ${file}.new; mv ${file}.new ${file}; exec sleep 600`;
    const {pid, child} = startProgram(scope, 'unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', tell]);
    const read = (): Promise<string> => readFile(file, 'utf8').catch(() => '');
    await waitFor('the namespace', async () => child.exitCode !== null || (await read()) !== '');
    if (child.exitCode !== null) {
      // No pid namespaces here: the pure tests cover it.
      expect(child.exitCode).not.toBe(0);
      return;
    }
    const [namespace, own, ended] = (await read()).trim().split('\n');
    const inside = await waitFor('what is below it', async () => {
      const {processes} = await readTable(openHost());
      return [...processes.values()].find(each => each.ppid === pid && each.comm === 'sleep');
    });
    expect(inside.inside).toBe(`${namespace?.replace(/\D/g, '')}:${own}`);
    expect(await readOne(host, pid)).not.toHaveProperty('inside');
    // What has ended there and is not collected is known so too.
    const both = openHost();
    for (const each of [both, both, openHost()]) {
      const defunct = await waitFor('what has ended there', async () =>
        [...(await readTable(each)).processes.values()].find(({ppid, state}) => ppid === inside.pid && state === 'Z'),
      );
      expect(defunct.inside).toBe(`${namespace?.replace(/\D/g, '')}:${ended}`);
    }
  });

  test('stopped, defunct, gone', async () => {
    const stopped = await startStopped(scope);
    expect((await readOne(host, stopped.pid))?.state).toBe('T');
    const {parent, child} = await startDefunct(scope);
    expect(await readOne(host, child.pid)).toMatchObject({
      state: 'Z',
      ppid: parent.pid,
      argv: [],
      cwd: {known: false},
      env: {known: false},
    });
    signalTo(stopped, 'SIGKILL');
    await waitFor('the end', async () => (await readOne(host, stopped.pid)) === undefined);
  });

  test('rigtop sees itself and its ancestors up to the first process', async () => {
    const {processes, incomplete} = await readTable(host);
    expect(processes.get(process.pid)?.ppid).toBe(process.ppid);
    expect(processes.get(1)).toBeDefined();
    expect(incomplete).toBeNull();
  });

  test('the programs it runs itself are left out, others of its children are not', async () => {
    const marker = scope.marker();
    const own = host.run('sleep', ['600'], {timeoutMs: 30_000, env: {RIGTOP_TEST: marker}});
    const {pid} = startProgram(scope, 'sleep', ['600']);
    const {processes} = await readTable(host);
    const children = [...processes.values()].filter(({ppid, comm}) => ppid === process.pid && comm === 'sleep');
    expect(children.map(child => child.pid)).toEqual([pid]);
    await host.close();
    await own;
  });
});

describe('processes that come and go while the table is read', () => {
  test('never an error, never half a record', async () => {
    const host = openHost();
    startProgram(scope, 'sh', ['-c', 'while :; do /bin/true; done']);
    for (let look = 0; look < 30; look += 1) {
      for (const seen of (await readTable(host)).processes.values()) {
        expect(Number.isFinite(seen.rss + seen.bornMs + seen.ppid)).toBe(true);
      }
    }
  });
});

describe('a /proc that hides or breaks', () => {
  const statLine = (pid: number, ppid: number): string =>
    `${pid} (x) S ${ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 55 1 1 1 ${'0 '.repeat(27)}\n`;

  const fakeProc = async (pids: readonly number[]): Promise<string> => {
    const root = await scope.tempDir();
    for (const pid of pids) {
      await mkdir(join(root, `${pid}`));
      await writeFile(join(root, `${pid}`, 'stat'), statLine(pid, 0));
    }
    await writeFile(join(root, 'uptime'), '1000.50 1.0\n');
    await writeFile(join(root, 'mounts'), 'proc /proc proc rw,hidepid=invisible 0 0\n');
    return root;
  };

  test('without pid 1 it is not whole, and says why', async () => {
    const table = await readTable(openHost({procRoot: await fakeProc([7, 8])}));
    expect(table.processes.size).toBe(2);
    expect(table.incomplete).toContain('hidepid=invisible');
    expect(table.uptimeMs).toBe(1_000_500);
  });

  test('a process that may not be read makes it not whole', async () => {
    const root = await fakeProc([1, 7]);
    await rm(join(root, '7', 'stat'));
    // A link to itself stands for what root would not be refused: it can be listed and not read.
    await symlink('stat', join(root, '7', 'stat'));
    const table = await readTable(openHost({procRoot: root}));
    expect(table.incomplete).toContain('1 processes may not be read');
    expect([...table.processes.keys()]).toEqual([1]);
  });

  test('no /proc at all is unknown, with both tables', async () => {
    const tables = await openHost({procRoot: '/no/such/proc'}).readTables(20_000);
    expect(tables.processes).toMatchObject({known: false, because: expect.stringContaining('/proc')});
    expect(tables.listeners.known).toBe(false);
  });

  test('closing while a look is running ends it', async () => {
    // More than one slice of work, on any machine.
    const host = createHost({markers: MARKERS, procRoot: await fakeProc(Array.from({length: 1000}, (_, index) => index + 1))});
    const look = host.readTables(20_000);
    await host.close();
    expect((await look).processes.known).toBe(false);
    expect((await host.readTables(20_000)).processes).toMatchObject({known: false, because: expect.stringContaining('closing')});
  });
});

test('ps, where there is no /proc: the same process', async () => {
  const host = openHost({tables: 'ps'});
  const cwd = await scope.tempDir();
  const {pid} = startProgram(scope, 'sleep', ['600'], {cwd});
  await waitFor('exec', () => sight(pid)?.comm === 'sleep');
  const table = await readTable(host);
  expect(table.incomplete).toBeNull();
  const seen = table.processes.get(pid);
  expect(seen).toMatchObject({
    ppid: process.pid,
    comm: 'sleep',
    argv: ['sleep', '600'],
    uid: process.getuid?.(),
    env: {known: false},
    cwd: {known: true, value: cwd},
  });
  expect(sight(pid)).toMatchObject({pgid: seen?.pgid, sid: seen?.sid});
  expect(ageMs(seen as Process, table)).toBeLessThan(60_000);
});
