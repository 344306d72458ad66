// What stands beside the screen: other rigtops whose doings it shows, the clipboard of its tmux, a port that nobody declares.
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync} from 'node:fs';
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
  await terminal.waitForText(/6 Journal {2}nothing done yet/);
  await rigtop.run(['kill', String(one.pid), '--yes']);
  await terminal.waitForText(/6 Journal {2}[0-9a-f]{4} done: 1 target gone/);
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
