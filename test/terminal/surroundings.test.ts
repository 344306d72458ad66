// Terminals and machines that lack something: colour, UTF-8, cursor addressing, a reader, tmux, a server.
import {mkdir, readFile, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {createRigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';
import {openDemo, settled} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

test('NO_COLOR: no colour is written, the words are there', async () => {
  const terminal = await openDemo(scope, {env: {NO_COLOR: '1'}});
  expect(await settled(terminal)).toContain('WRONG-OWNER');
  expect(await terminal.output()).not.toMatch(/\u001b\[[0-9;]*\b(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]/);
});

test('without UTF-8 every byte is ASCII, borders too', async () => {
  const terminal = await openDemo(scope, {env: {LANG: 'C', LC_ALL: null, LC_CTYPE: null}});
  await settled(terminal);
  expect(await terminal.capture()).toMatch(/^[ -~\n]*$/);
});

test.each([{TERM: 'dumb'}, {INK_SCREEN_READER: 'true'}])('a dumb terminal and a screen reader get the report: %o', async env => {
  const terminal = await openDemo(scope, {env});
  expect(await terminal.exitCode()).toBe(1);
  expect(await terminal.output()).not.toContain('\u001b[?1049h');
  expect(terminal.demosLeft()).toEqual([]);
});

test('without a terminal on stdout the demo is reported and removed', async () => {
  const terminal = await openDemo(scope, {redirect: '>report 2>&1'});
  expect(await terminal.exitCode()).toBe(1);
  const report = await readFile(join(terminal.directory, 'report'), 'utf8');
  for (const word of ['ORPHAN', 'ZOMBIE', 'WRONG-OWNER', 'shop']) {
    expect(report.toUpperCase(), word).toContain(word.toUpperCase());
  }
  expect(terminal.demosLeft()).toEqual([]);
});

test('with --json the demo is one document', async () => {
  const terminal = await openDemo(scope, {args: ['--json'], redirect: '>document'});
  expect(await terminal.exitCode()).toBe(1);
  const document = JSON.parse(await readFile(join(terminal.directory, 'document'), 'utf8'));
  expect(document).toMatchObject({schema: 'rigtop/status@1', counts: {orphans: 5, zombies: 1, wrongOwners: 1}});
});

test('a reader that goes away ends it quietly', async () => {
  const terminal = await openDemo(scope, {redirect: '2>errors | head -n 1'});
  await terminal.exitCode();
  expect(await readFile(join(terminal.directory, 'errors'), 'utf8')).toBe('');
  await waitFor('the demo to be removed', () => terminal.demosLeft().length === 0);
});

/** A directory with everything a shell needs, tmux excepted. */
const pathWithoutTmux = async (): Promise<string> => {
  const bin = join(await scope.tempDir(), 'bin');
  await mkdir(bin);
  for (const program of ['sh', 'env', 'cat', 'sleep', 'stty']) {
    await symlink(`/bin/${program}`, join(bin, program));
  }
  return bin;
};

test('without tmux the screen says so and works; the demo says what it needs', async () => {
  const PATH = await pathWithoutTmux();
  const demo = await openDemo(scope, {env: {PATH}, redirect: '2>errors'});
  expect(await demo.exitCode()).toBe(3);
  expect(await readFile(join(demo.directory, 'errors'), 'utf8')).toMatch(/^rigtop: the demo needs tmux: tmux is not installed.*\n$/);
  expect(demo.demosLeft()).toEqual([]);

  const screen = await openTerminal(scope, {command: [process.execPath, await builtBinary()], env: {PATH}});
  await screen.waitForText('3 Agents');
  await screen.waitForText(/tmux is not installed/);
  await screen.sendKeys('q');
  expect(await screen.exitCode()).toBe(0);
});

test('without tmux the report says in one line what to install', async () => {
  const rigtop = await createRigtop(scope);
  const {code, stdout} = await rigtop.run(['status'], {env: {PATH: await pathWithoutTmux()}});
  expect(code).not.toBe(2);
  expect(stdout).toMatch(/^NOTE .*tmux is not installed \(apt-get install tmux.*$/m);
  expect(stdout).toMatch(/Looked at \d+ processes|finding/);
});

test('without a tmux server the screen works', async () => {
  const screen = await openTerminal(scope, {
    command: [process.execPath, await builtBinary()],
    env: {TMUX: null, TMUX_PANE: null, TMUX_TMPDIR: await scope.tempDir()},
  });
  await screen.waitForText('3 Agents');
  await screen.waitForText(/live/);
  await screen.sendKeys('q');
  expect(await screen.exitCode()).toBe(0);
});
