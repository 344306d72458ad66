// Every size: the whole fleet at 120×36, one panel at 80×24, less and less down to a single cell, and back.
import {afterEach, expect, test} from 'vitest';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {openDemo, settled, untilQuiet} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const PANELS = ['1 Rigs', '2 Ports', '3 Agents', '4 Orphans', '5 Explain', '6 Journal'];
const BADGES = ['ORPHAN', 'ZOMBIE', 'DEAD-PANE', 'DEFUNCT', 'WRONG-OWNER', 'STALE-LOCK'];

test('120×36 shows every panel and every trouble of the demo at once', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const screen = await terminal.waitForText('STALE-LOCK');
  for (const words of [...PANELS, ...BADGES, 'READ-WRITE', 'live', 'shop', 'checkout', 'claude', 'codex']) {
    expect(screen, words).toContain(words);
  }
  expect((await terminal.lines()).length).toBeLessThanOrEqual(36);
});

test('80×24 shows one panel with its explanation, the others one key away', async () => {
  const terminal = await openDemo(scope, {columns: 80, rows: 24});
  await settled(terminal);
  await terminal.sendKeys('4');
  const orphans = await terminal.waitForText(/WRONG-OWNER[\s\S]*5 Explain|5 Explain[\s\S]*WRONG-OWNER/);
  expect(orphans).toContain('READ-WRITE');
  await terminal.sendKeys('3');
  await terminal.waitForText(/(RUNNING|BUSY|ASKS)[\s\S]*(RUNNING|BUSY|ASKS)/);
  await terminal.sendKeys('2');
  await terminal.waitForText(/shop\/\d web +vite/);
});

test('resizing to tiny, to one cell and back draws the same screen again', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  // From the top, so that no list has to be scrolled to its cursor.
  await terminal.sendKeys('3', 'g', '4', 'g');
  await untilQuiet(terminal, 2_500);
  const before = await terminal.lines();
  await terminal.resize(48, 12);
  await terminal.waitForText(/\? help {2}q quit/);
  await terminal.resize(39, 10);
  await terminal.waitForText(/40x10/);
  await terminal.resize(1, 1);
  await waitFor('one cell', async () => (await terminal.capture()).length <= 1);
  await terminal.resize(12, 4);
  await terminal.resize(120, 36);
  await waitFor('the screen as before', async () => (await terminal.lines()).join('\n') === before.join('\n'), {
    describe: terminal.capture,
  });
});

test('a terminal that only gets narrower or wider, or lower or higher, shows nothing of what stood there', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  await terminal.sendKeys('3', 'g');
  for (const [columns, rows] of [
    [80, 24],
    [48, 24],
    [80, 24],
    [60, 18],
    [60, 24],
    [120, 36],
    [119, 36],
  ] as const) {
    await terminal.resize(columns, rows);
    const shown = `the screen of ${columns}x${rows} alone`;
    await waitFor(
      shown,
      async () => {
        const lines = await terminal.lines();
        const count = (text: RegExp): number => lines.filter(line => text.test(line)).length;
        return count(/READ-WRITE/) === 1 && count(/^a attach/) === 1 && count(/q quit$/) === 1 && count(/^1\/5 /) === 1;
      },
      {describe: terminal.capture},
    );
  }
});

test('an idle fleet writes no bytes', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  // At one look a second.
  await untilQuiet(terminal, 6_000);
});

test('a moved cursor writes the cells that differ: two rows, then what explains the new one', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  await terminal.sendKeys('4', 'g');
  await untilQuiet(terminal, 2_500);
  /** Bytes of each frame that a key leads to. */
  const bytesOf = async (key: string): Promise<readonly number[]> => {
    const before = (await terminal.output()).length;
    await terminal.sendKeys(key);
    await untilQuiet(terminal, 1_000);
    const written = (await terminal.output()).slice(before);
    return written.split(/(?<=\u001b\[\?2026l)/).map(frame => Buffer.byteLength(frame));
  };
  const explained = [await bytesOf('j'), await bytesOf('j'), await bytesOf('k')];
  await terminal.sendKeys('z');
  await untilQuiet(terminal, 2_500);
  const alone = [await bytesOf('j'), await bytesOf('j'), await bytesOf('k')];
  expect(explained.map(frames => frames.length)).toEqual([2, 2, 2]);
  expect(Math.max(...explained.map(([moved = 0]) => moved))).toBeLessThan(400);
  expect(Math.max(...explained.map(([, text = 0]) => text))).toBeLessThan(700);
  expect(alone.map(frames => frames.length)).toEqual([1, 1, 1]);
  expect(Math.max(...alone.flat())).toBeLessThan(400);
});

test('a list that scrolls is moved by the terminal, which shows what drawing it anew does', async () => {
  const terminal = await openDemo(scope, {columns: 80, rows: 20});
  await settled(terminal);
  await terminal.sendKeys('L', '4', 'g');
  await untilQuiet(terminal, 2_500);
  const before = (await terminal.output()).length;
  for (const key of 'jjjjjjjjjjkkkkkkkk') {
    await terminal.sendKeys(key);
    await untilQuiet(terminal, 200);
  }
  // DECSTBM around DL, and around IL.
  const written = (await terminal.output()).slice(before);
  expect(written).toMatch(/\u001b\[\d+;\d+r\u001b\[\d+H\u001b\[1M\u001b\[r/);
  expect(written).toMatch(/\u001b\[\d+;\d+r\u001b\[\d+H\u001b\[1L\u001b\[r/);
  const moved = await terminal.capture();
  await terminal.sendKeys('C-l');
  await untilQuiet(terminal, 1_000);
  expect(await terminal.capture()).toBe(moved);
});
