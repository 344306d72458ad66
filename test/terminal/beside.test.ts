// What stands beside the screen: other rigtops whose doings it shows, the clipboard of its tmux, a port that nobody declares.
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {StatusDocument} from '../../src/cli/documents/status-schema.ts';
import {createRigtop, type Rigtop} from '../cli/rigtop.ts';
import {freeBase} from '../os/slots-fleet.ts';
import {BINARY, builtBinary} from '../support/built.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

let rigtop: Rigtop;
beforeEach(async () => {
  await builtBinary();
  rigtop = await createRigtop(scope);
});

/** The screen in the private home, in a tmux of its own. */
const openScreen = (options: {readonly columns?: number; readonly args?: readonly string[]} = {}): Promise<Terminal> =>
  openTerminal(scope, {
    columns: options.columns ?? 120,
    command: [process.execPath, BINARY, ...(options.args ?? [])],
    env: {HOME: rigtop.home, TMUX_TMPDIR: rigtop.directory, XDG_STATE_HOME: null, XDG_CONFIG_HOME: null},
  });

test('the journal shows what another shell does while the screen is open', async () => {
  const one = await startOne(scope);
  const terminal = await openScreen();
  await terminal.waitForText(/6 Journal {2}nothing yet/);
  await rigtop.run(['kill', String(one.pid), '--yes']);
  await terminal.waitForText(/6 Journal {2}[0-9a-f]{4} done/);
  await terminal.sendKeys('J');
  await terminal.waitForText(new RegExp(`[0-9a-f]{4} kill process:${one.pid}: process:${one.pid}`));
});

test('c says what it copied without taking the next key, and the stanza of a port is one that loads', async () => {
  const port = (await freeBase(2)) + 1;
  const shop = join(rigtop.directory, 'w', 'shop');
  for (const directory of [shop, join(rigtop.directory, 'bin')]) {
    mkdirSync(directory, {recursive: true});
  }
  execFileSync('git', ['init', '-q', shop]);
  copyFileSync('/bin/bash', join(rigtop.directory, 'bin', 'claude'));
  const script = rigtop.write('agent.sh', `python3 -m http.server ${port} --bind 127.0.0.1 &\nwait\n`);
  const terminal = await openScreen();
  const fleet = await privateTmux(scope, {name: 'default', tmpdir: rigtop.directory});
  await fleet.newSession('shop-1', {cwd: shop, command: [join(rigtop.directory, 'bin', 'claude'), script]});
  await terminal.sendKeys('2');
  await terminal.waitForText(new RegExp(`> +${port} .*undeclared`), {deadlineMs: 40_000});
  await terminal.sendKeys('c');
  await terminal.waitForText(/─ Copied ─[\s\S]*\[\[rigs\]\]/);
  const stanza = await terminal.tmux.run('show-buffer');
  await terminal.sendKeys('Escape');
  await terminal.sendKeys('3');
  await terminal.sendKeys('c');
  await terminal.waitForText(/Copied: rigtop explain \S*shop/);
  await terminal.sendKeys('1');
  await terminal.waitForText('▸1 Rigs');
  expect(await terminal.tmux.run('show-buffer')).toMatch(/^rigtop explain /);
  const config = rigtop.write('stanza.toml', stanza);
  const row = await waitFor('the declared port', async () =>
    (await rigtop.seen<StatusDocument>(['status', '--config', config])).document.ports.find(each => each.port === port),
  );
  expect(row).toMatchObject({service: 'slot:shop/1/python3', state: 'up', rig: 'shop'});
});

const quit = async (terminal: Terminal): Promise<void> => {
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
};

const memoryFile = (): string => join(rigtop.home, '.local/state/rigtop/screen.json');

test('the next screen stands where the last one stood; --fresh does not, and changes nothing of it', async () => {
  const first = await openScreen({args: ['--theme', 'light']});
  await first.waitForText('live');
  await first.sendKeys('4', 'M', 'z');
  await first.waitForText(/▸4 Orphans .*by memory/);
  await quit(first);
  expect(statSync(memoryFile()).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(memoryFile(), 'utf8'))).toMatchObject({panel: 'orphans', zoomed: true, theme: 'light'});
  const second = await openScreen();
  await second.waitForText(/▸4 Orphans .*by memory/);
  await quit(second);
  const kept = readFileSync(memoryFile(), 'utf8');
  const fresh = await openScreen({args: ['--fresh']});
  await fresh.waitForText('▸3 Agents');
  await fresh.sendKeys('1');
  await fresh.waitForText('▸1 Rigs');
  await quit(fresh);
  expect(readFileSync(memoryFile(), 'utf8')).toBe(kept);
});

test.each([
  ['broken', (path: string) => writeFileSync(path, '{"schema":"rigtop/scr', {mode: 0o600})],
  ['open to others', (path: string) => writeFileSync(path, '{}', {mode: 0o666})],
  ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
  ['too large', (path: string) => writeFileSync(path, 'x'.repeat(100_000), {mode: 0o600})],
])('a file that is %s is told of once, and the screen begins as ever', async (_, make) => {
  mkdirSync(join(rigtop.home, '.local/state/rigtop'), {recursive: true, mode: 0o700});
  make(memoryFile());
  const terminal = await openScreen();
  await terminal.waitForText(/What the last screen left in/);
  await terminal.sendKeys('4');
  await terminal.waitForText('▸4 Orphans');
  await terminal.waitForNoText(/What the last screen left in/);
  await quit(terminal);
});

test('of two screens at once the last one counts, and the file is whole at every moment', async () => {
  const [one, other] = [await openScreen(), await openScreen()];
  for (const terminal of [one, other]) {
    await terminal.waitForText('live');
  }
  await one.sendKeys('4');
  await other.sendKeys('1');
  await waitFor('either to be remembered', () => existsSync(memoryFile()));
  expect(JSON.parse(readFileSync(memoryFile(), 'utf8'))).toHaveProperty('panel');
  await quit(other);
  await one.sendKeys('6');
  await one.waitForText('▸6 Journal');
  await quit(one);
  expect(JSON.parse(readFileSync(memoryFile(), 'utf8'))).toMatchObject({panel: 'journal'});
  expect(readdirSync(join(rigtop.home, '.local/state/rigtop')).filter(name => name.startsWith('screen'))).toEqual(['screen.json']);
});
