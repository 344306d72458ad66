// Every screen at every size of one demo: as text it fits the terminal to the cell, and as a picture it is whole.
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {ansiToSvg} from '../support/ansi-to-svg.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type DemoTerminal, openDemo} from './demo-terminal.ts';

const scope = createScope();
let terminal: DemoTerminal;

beforeAll(async () => {
  terminal = await openDemo(scope, {args: ['--read-only'], columns: 120, rows: 36});
  await terminal.waitForText(/CRASHED[\s\S]*ORPHAN/);
});
afterAll(() => scope.close());

const SIZES = [
  [200, 50],
  [160, 48],
  [120, 36],
  [100, 30],
  [80, 24],
  [60, 18],
  [50, 12],
] as const;

/**
 * Keys that lead to the screen, what it shows there, the least size at which it says so, and whether Escape closes it.
 * What opens over the screen is told by its own frame: a word that stands on the screen anyway would be found before the
 * dialog is drawn, and opened and closed within one frame nothing is written at all.
 */
const SCREENS = [
  {name: 'rigs', keys: ['1'], shows: /Rigs/, from: 60, closes: false},
  {name: 'ports', keys: ['2'], shows: /Ports/, from: 60, closes: false},
  {name: 'agents', keys: ['3'], shows: /Agents/, from: 60, closes: false},
  {name: 'orphans', keys: ['4'], shows: /Orphans/, from: 60, closes: false},
  {name: 'explanation', keys: ['4', 'd'], shows: /─ Explain /, from: 50, closes: true},
  {name: 'journal', keys: ['J'], shows: /─ Journal /, from: 50, closes: true},
  {name: 'help', keys: ['?'], shows: /─ Keys /, from: 50, closes: true},
  {name: 'palette', keys: [':'], shows: /│ : /, from: 50, closes: true},
  {name: 'sort menu', keys: ['s'], shows: /─ Order \w+ by /, from: 50, closes: true},
] as const;

describe.each(SIZES)('%i by %i', (columns, rows) => {
  test('shows every screen within its cells', async () => {
    await terminal.resize(columns, rows);
    for (const {name, keys, shows, from, closes} of SCREENS) {
      await terminal.sendKeys(...keys);
      // Below its size there is a moment after a resize when the screen has been cleared.
      const text = await terminal.waitForText(columns >= from ? shows : /\S/);
      const lines = text.split('\n');
      expect(lines.length, `${name}: lines`).toBeLessThanOrEqual(rows);
      expect(text.trim(), `${name}: something is shown`).not.toBe('');
      const picture = ansiToSvg(await terminal.captureStyled(), {columns, rows, title: name});
      expect(picture, `${name}: picture`).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
      if (closes) {
        await terminal.sendKeys('Escape');
        // What follows an Escape in the same read is a key with Alt: the next key waits until the dialog is gone.
        await waitFor(`${name} to close`, async () => !shows.test(await terminal.capture()));
      }
    }
  });
});
