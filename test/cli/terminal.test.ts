import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {BINARY, builtBinary} from '../support/built.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

const scope = createScope();
let rigtop: Rigtop;

beforeAll(builtBinary);
beforeEach(async () => {
  rigtop = await createRigtop(scope);
});
afterEach(scope.close);

describe('on a terminal', () => {
  const open = (argv: readonly string[], env: Readonly<Record<string, string>> = {}, redirect = '') =>
    openTerminal(scope, {
      command: [process.execPath, BINARY, ...argv],
      env: {...rigtop.env, ...env, TMUX: null, TMUX_PANE: null},
      redirect,
    });

  test.each([
    ['without a command, able to act', [], 'READ-WRITE'],
    ['watch, without hands', ['watch'], 'READ-ONLY'],
    ['--read-only, without hands', ['--read-only'], 'READ-ONLY'],
  ])('the screen is shown %s', async (_, argv, word) => {
    const terminal = await open(argv);
    await terminal.waitForText(word);
    expect(await terminal.alternateScreen()).toBe(true);
    await terminal.sendKeys('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.alternateScreen()).toBe(false);
  });

  test('a broken configuration shows the screen without hands, and says why', async () => {
    rigtop.write('home/.config/rigtop/config.toml', 'interval = 1\n');
    const terminal = await open([]);
    await terminal.waitForText('READ-ONLY');
    await terminal.waitForText('Nothing is acted on');
    await terminal.sendKeys('q');
    expect(await terminal.exitCode()).toBe(0);
  });

  test.each([
    ['a dumb terminal', {TERM: 'dumb'}, ''],
    ['keys from elsewhere', {}, '</dev/null'],
  ])('%s gets the report', async (_, env, redirect) => {
    const terminal = await open([], env as Record<string, string>, redirect);
    expect([0, 1, 3]).toContain(await terminal.exitCode());
    await waitFor('the report', async () => (await terminal.output()).includes('looked for'));
    expect(await terminal.alternateScreen()).toBe(false);
  });
});
