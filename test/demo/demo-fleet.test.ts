// The demo is made of real processes in the states it claims, and leaves nothing behind however its owner ends.
import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {connect} from 'node:net';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {buildDemoFleet, type DemoFleet} from '../../src/demo/demo-fleet.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, MARKER, sight, signalTo} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
let env: Record<string, string | undefined>;

beforeAll(builtBinary);

beforeEach(async () => {
  const temporary = await scope.tempDir();
  env = {PATH: process.env.PATH, TMPDIR: temporary, [MARKER]: scope.marker()};
});

afterEach(scope.close);

const build = async (): Promise<DemoFleet> => {
  const demo = await buildDemoFleet({env});
  scope.add(demo.remove);
  return demo;
};

const part = (demo: DemoFleet, name: string) => {
  const found = demo.parts.get(name);
  if (found === undefined) {
    throw new Error(`no part ${name}`);
  }
  return found;
};

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
  });

const demosIn = (directory: string | undefined): readonly string[] =>
  readdirSync(directory ?? '').filter(name => name.startsWith('rigtop-demo-'));

/** Everything below a demo that lives in a process of its own. */
interface Owned {
  readonly child: ChildProcess;
  readonly directory: string;
  readonly watchdogPid: number;
  readonly parts: readonly {readonly part: string; readonly pid: number; readonly startTime: number}[];
}

const buildElsewhere = async (): Promise<Owned> => {
  const script = fileURLToPath(new URL('build-demo.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], {stdio: ['ignore', 'pipe', 'inherit'], env});
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({input: child.stdout})
      .once('line', resolve)
      .once('close', () => reject(new Error('the builder ended')));
  });
  return {child, ...(JSON.parse(line) as Omit<Owned, 'child'>)};
};

const expectNothingLeft = async ({directory, parts}: Pick<Owned, 'directory' | 'parts'>): Promise<void> => {
  await waitFor('the demo to be removed', () => !existsSync(directory));
  expect(parts.filter(isAlive)).toEqual([]);
};

test('every trouble is real: adopted, escaped, unreaped, holding its port', async () => {
  const demo = await build();
  const orphan = sight(part(demo, 'orphan-of-init').pid);
  expect(orphan?.ppid).not.toBe(part(demo, 'orphan-of-tmux').pid);
  expect(sight(orphan?.ppid ?? 0)?.comm).not.toBe('tmux: server');
  expect(sight(sight(part(demo, 'orphan-of-tmux').pid)?.ppid ?? 0)?.comm).toBe('tmux: server');
  const escapee = part(demo, 'escapee');
  expect(sight(escapee.pid)?.sid).toBe(escapee.pid);
  expect(escapee.port).toBe(demo.basePort + 20);
  expect(await answers(escapee.port ?? 0)).toBe(true);
  expect(await answers(part(demo, 'orphan-helper').port ?? 0)).toBe(true);
  await waitFor('the unreaped child', () => sight(part(demo, 'defunct').pid)?.state === 'Z');
  for (const live of ['live-claude', 'live-codex', 'live-crew', 'shop-1-web', 'shop-2-web']) {
    expect(isAlive(part(demo, live)), live).toBe(true);
  }
  for (const gone of ['lost-claude', 'lost-codex', 'gone-polecat']) {
    expect(isAlive(part(demo, gone)), gone).toBe(false);
  }
});

test('removing it ends everything, those that ignore SIGTERM too, and can be done twice', async () => {
  const demo = await build();
  expect(await demo.remove()).toEqual([]);
  await expectNothingLeft({directory: demo.directory, parts: [...demo.parts.values()]});
  expect(await demo.remove()).toEqual([]);
});

test('without its watchdog it is removed all the same', async () => {
  const demo = await build();
  signalTo(identify(demo.watchdogPid), 'SIGKILL');
  expect(await demo.remove()).toEqual([]);
  await expectNothingLeft({directory: demo.directory, parts: [...demo.parts.values()]});
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGKILL'] as const)('%s to its owner removes it', async signal => {
  const demo = await buildElsewhere();
  demo.child.kill(signal);
  await expectNothingLeft(demo);
});

test('what was left when owner and watchdog were both killed is removed by the next demo; a living one is not touched', async () => {
  const living = await build();
  const killed = await buildElsewhere();
  const watchdog = identify(killed.watchdogPid);
  signalTo(watchdog, 'SIGKILL');
  await waitFor('the watchdog to end', () => !isAlive(watchdog));
  killed.child.kill('SIGKILL');
  await waitFor('the owner to end', () => killed.child.signalCode !== null);
  expect(killed.parts.filter(isAlive).length).toBeGreaterThan(5);
  expect(demosIn(env.TMPDIR)).toHaveLength(2);
  const next = await build();
  expect(next.leftovers).toEqual([killed.directory]);
  await expectNothingLeft(killed);
  expect(existsSync(living.directory)).toBe(true);
  expect(isAlive(part(living, 'live-claude'))).toBe(true);
});

test('a demo that cannot be built leaves nothing', async () => {
  await expect(buildDemoFleet({env: {...env, PATH: '/nonexistent'}})).rejects.toThrow('the demo needs tmux: tmux is not installed');
  await waitFor('the directory to go', () => demosIn(env.TMPDIR).length === 0);
});
