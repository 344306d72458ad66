// The demo's screen sees its own fleet and nothing else of the machine, so nothing else can be acted on from there.
import {afterEach, beforeAll, expect, test} from 'vitest';
import {createHost} from '../../src/core/os/real-host.ts';
import {buildDemoFleet} from '../../src/demo/demo-fleet.ts';
import {demoHost} from '../../src/demo/demo-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {builtBinary} from '../support/built.ts';
import {MARKER} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startOrphan} from '../support/throwaway.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

test('processes and listeners of others are not there; its own are, and what they hang on', async () => {
  const other = await startOrphan(scope, {listen: {host: '127.0.0.1'}});
  const demo = await buildDemoFleet({env: {PATH: process.env.PATH, TMPDIR: await scope.tempDir(), [MARKER]: scope.marker()}});
  scope.add(demo.remove);
  const host = createHost({markers: MARKERS, env: demo.env, cwd: demo.directory});
  scope.add(host.close);
  const whole = await host.readTables(10_000);
  const seen = await demoHost(host, demo.id).readTables(10_000);
  if (!whole.processes.known || !seen.processes.known || !seen.listeners.known) {
    throw new Error('the tables could not be read');
  }
  const {processes} = seen.processes.value;
  expect(whole.processes.value.processes.has(other.pid)).toBe(true);
  expect(processes.has(other.pid)).toBe(false);
  for (const part of ['live-claude', 'escapee', 'orphan-of-init', 'orphan-of-tmux', 'defunct']) {
    expect(processes.has(demo.parts.get(part)?.pid ?? 0), part).toBe(true);
  }
  expect(processes.has(process.pid)).toBe(true);
  expect(processes.has(process.ppid)).toBe(false);
  expect(processes.has(1)).toBe(true);
  const ports = seen.listeners.value.listeners.map(listener => listener.port);
  expect(ports).toContain(demo.basePort + 20);
  expect(ports).not.toContain(other.port);
});

test('only tmux and git are asked', async () => {
  const host = createHost({markers: MARKERS});
  scope.add(host.close);
  expect(await demoHost(host, 'x').run('zellij', ['list-sessions'], {timeoutMs: 1_000})).toMatchObject({trouble: 'missing'});
  expect(await demoHost(host, 'x').run('tmux', ['-V'], {timeoutMs: 10_000})).toMatchObject({exitCode: 0});
});
