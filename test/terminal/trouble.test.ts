// What goes wrong while the screen is up: a bug of its own, a tmux server that hangs or ends, names made to break a screen.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import stringWidth from 'string-width';
import {afterEach, expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {identify, sight, signalTo} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';
import {openDemo, settled} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

/** Runs inside rigtop and breaks it once a file appears. */
const plantedFault = (trigger: string, fault: string): string => {
  const code = `import {existsSync} from 'node:fs'; import {isMainThread} from 'node:worker_threads'; const t = setInterval(() => {if (isMainThread && existsSync(${JSON.stringify(trigger)})) {clearInterval(t); ${fault}}}, 20); t.unref();`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
};

test.each([
  ['an exception', 'throw new Error("planted fault");'],
  ['an unhandled rejection', 'Promise.reject(new Error("planted fault"));'],
])('%s restores the terminal, says what it was, exits with 1 and leaves no demo', async (_, fault) => {
  const trigger = join(await scope.tempDir(), 'now');
  const terminal = await openDemo(scope, {env: {NODE_OPTIONS: plantedFault(trigger, fault)}});
  await settled(terminal);
  writeFileSync(trigger, '');
  expect(await terminal.exitCode()).toBe(1);
  const {before, after} = await terminal.stty();
  expect(after).toBe(before);
  expect(await terminal.modes()).toEqual({alternate: false, cursor: true, mouse: false, wrap: true});
  expect(await terminal.capture()).toContain('planted fault');
  await waitFor('the demo to be removed', () => terminal.demosLeft().length === 0);
});

test('a tmux server that hangs makes nothing dead: it is unseen, the keys still answer, and all is back when it goes on', async () => {
  const terminal = await openDemo(scope);
  const before = await settled(terminal);
  const orphans = /ORPHAN (\d+)/.exec(before)?.[1];
  const crew = await terminal.part('live-crew');
  const server = identify(sight(crew.pid)?.ppid ?? 0);
  signalTo(server, 'SIGSTOP');
  const blind = await terminal.waitForText(/unseen/);
  expect(/ORPHAN (\d+)/.exec(blind)?.[1]).toBe(orphans);
  expect(blind).not.toMatch(/CRASHED [2-9]/);
  await terminal.sendKeys('?');
  await terminal.waitForText(/─ Keys/);
  await terminal.sendKeys('Escape');
  signalTo(server, 'SIGCONT');
  await terminal.waitForNoText(/unseen/);
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
});

const HOSTILE = [
  'tab\there',
  'quote"s \'n `cmd` $(x)',
  'rocket 🚀🏳️‍🌈 x',
  '日本語の名前',
  'colon:dot.dot',
  'red\u001b[31mred',
  'right\u202eleft',
  'x'.repeat(180),
  '-dash',
  ' ',
];

test('session names made to break a screen leave every border in its column', async () => {
  const fleet = await privateTmux(scope, {name: 'hostile'});
  for (const name of HOSTILE) {
    await fleet.newSession(name, {command: ['sleep', '600']}).catch(() => undefined);
  }
  const columns = 120;
  const terminal = await openTerminal(scope, {
    command: [process.execPath, await builtBinary(), 'watch', '--socket', fleet.socket],
    columns,
    // High enough for every session of this machine.
    rows: 200,
    env: {TMUX_TMPDIR: fleet.tmpdir},
  });
  await terminal.waitForText('日本語');
  const lines = await terminal.lines();
  const framed = lines.filter(line => /^[│┌└]/.test(line));
  expect(framed.length).toBeGreaterThan(20);
  for (const line of framed) {
    expect(line, line).toMatch(/[│┐┘]$/);
    expect(stringWidth(line), line).toBe(columns);
  }
  expect(await terminal.captureStyled()).not.toMatch(/red\u001b\[31mred/);
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
});
