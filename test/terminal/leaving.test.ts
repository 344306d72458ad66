// However rigtop ends, the terminal is as it was, the exit code says how, and nothing of the demo is left.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {createRigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, MARKER, markedProcesses, signalTo} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type DemoTerminal, openDemo, settled} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const expectRestored = async (terminal: DemoTerminal): Promise<void> => {
  const {before, after} = await terminal.stty();
  expect(after).toBe(before);
  expect(await terminal.modes()).toEqual({alternate: false, cursor: true, mouse: false, wrap: true});
  // The shell is usable: what is typed is echoed and run.
  await terminal.type('echo usa""ble');
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/^usable$/m);
};

const expectNothingLeft = async (terminal: DemoTerminal): Promise<void> => {
  await waitFor('the demo to be removed', () => terminal.demosLeft().length === 0, {describe: () => terminal.demosLeft().join(' ')});
};

const isWatchdog = (pid: number, directory: string): boolean => {
  const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return argv.some(word => word.endsWith('demo-watchdog.js')) && argv.includes(directory);
};

test.each([
  ['q', 'q', 0],
  ['^C', 'C-c', 0],
])('%s quits, removes the demo and restores the terminal', async (_, key, code) => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  expect(await terminal.alternateScreen()).toBe(true);
  await terminal.sendKeys(key);
  expect(await terminal.exitCode()).toBe(code);
  expect(terminal.demosLeft()).toEqual([]);
  await expectRestored(terminal);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGQUIT', 131],
] as const)('%s restores the terminal and removes the demo', async (signal, code) => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  await terminal.signal(signal);
  expect(await terminal.exitCode()).toBe(code);
  await expectRestored(terminal);
  await expectNothingLeft(terminal);
});

test('SIGTERM while the demo is being built leaves nothing', async () => {
  const terminal = await openDemo(scope);
  await terminal.demoDirectory();
  await terminal.signal('SIGTERM');
  expect(await terminal.exitCode()).toBe(143);
  await expectNothingLeft(terminal);
});

test('SIGKILL: the watchdog removes the demo', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const claude = await terminal.part('live-claude');
  await terminal.signal('SIGKILL');
  expect(await terminal.exitCode()).toBe(137);
  await expectNothingLeft(terminal);
  expect(isAlive(claude)).toBe(false);
});

test('SIGKILL to rigtop and its watchdog: the next demo removes the leftover', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const directory = await terminal.demoDirectory();
  const claude = await terminal.part('live-claude');
  const watchdog = markedProcesses(terminal.tmux.env[MARKER] ?? '').find(({pid}) => isWatchdog(pid, directory));
  signalTo(identify(watchdog?.pid ?? 0), 'SIGKILL');
  await terminal.signal('SIGKILL');
  await terminal.exitCode();
  expect(isAlive(claude)).toBe(true);
  const next = await openDemo(scope, {temporary: terminal.temporary});
  await settled(next);
  expect(existsSync(directory)).toBe(false);
  expect(isAlive(claude)).toBe(false);
  await next.sendKeys('q');
  expect(await next.exitCode()).toBe(0);
  await expectNothingLeft(next);
});

test('a terminal that is gone is no fault to report', async () => {
  await builtBinary();
  const rigtop = await createRigtop(scope);
  const said = join(rigtop.directory, 'said');
  const tmux = await privateTmux(scope, {tmpdir: rigtop.directory});
  const pane = await tmux.newSession('one', {command: ['sh', '-c', `exec $RIGTOP 2>${said}`], env: rigtop.env});
  await waitFor('the screen', async () => (await tmux.run('capture-pane', '-p', '-t', pane.id)).includes('agents'));
  const program = identify(pane.pid);
  await tmux.killServer();
  await waitFor('its end', () => !isAlive(program));
  // Ink shows the cursor again wherever it can.
  expect(readFileSync(said, 'utf8').replace('\u001b[?25h', '')).toBe('');
});
