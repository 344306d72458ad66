// Keys on the real screen: one at a time, several in one chunk, pasted, and in the filter.
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type DemoTerminal, openDemo, settled} from './demo-terminal.ts';

const scope = createScope();
let terminal: DemoTerminal;

beforeAll(async () => {
  terminal = await openDemo(scope);
  await settled(terminal);
});

afterAll(scope.close);

/** Background of the cursor in the panel that has the focus (theme dark). */
const CURSOR = /\u001b\[[0-9;]*48;5;237[0-9;]*m(.*)/;

/** Text of the row under the cursor of the panel in focus. */
const cursorLine = async (): Promise<string> => {
  const found = (await terminal.captureStyled()).split('\n').flatMap(line => CURSOR.exec(line)?.[1] ?? []);
  return (
    (found[0] ?? '')
      .replace(/\u001b\[[0-9;]*m/g, '')
      .split(/[│|]/)[0]
      ?.trim() ?? ''
  );
};

const isOnFirstRow = async (): Promise<boolean> => {
  const lines = (await terminal.captureStyled()).split('\n');
  const cursor = lines.findIndex(line => CURSOR.test(line));
  return cursor > 0 && /VERDICT/.test(lines[cursor - 1] ?? '');
};

beforeEach(async () => {
  // Again until it shows: keys in the chunk that closes an overlay are dropped.
  await waitFor('no overlay and no filter', async () => {
    await terminal.sendKeys('Escape');
    return !/─ (Keys|Explain) |hidden/.test(await terminal.capture());
  });
  await waitFor('the cursor on the first orphan', async () => {
    await terminal.sendKeys('4', 'g');
    return isOnFirstRow();
  });
});

const rowsBelow = async (keys: readonly string[]): Promise<readonly string[]> => {
  const seen: string[] = [];
  for (const key of keys) {
    const before = await cursorLine();
    await terminal.sendKeys(key);
    seen.push(await waitFor(`${key} to move`, async () => (await cursorLine()) !== before && cursorLine()));
  }
  return seen;
};

test('three j in one chunk move as far as three presses', async () => {
  const [, , third] = await rowsBelow(['j', 'j', 'j']);
  await terminal.sendKeys('g');
  await terminal.sendKeys('j', 'j', 'j');
  await waitFor('the third row', async () => (await cursorLine()) === third);
});

test('G goes to the end, k and arrows back', async () => {
  const [last] = await rowsBelow(['G']);
  const [above, back] = await rowsBelow(['k', 'Down']);
  expect(above).not.toBe(last);
  expect(back).toBe(last);
});

test('the filter narrows while it is typed, Esc brings everything back', async () => {
  await terminal.sendKeys('/');
  await terminal.type('state:defunct');
  await terminal.waitForText('state:defunct');
  await waitFor('only the defunct', async () => /DEFUNCT/.test(await cursorLine()));
  await terminal.sendKeys('Enter');
  expect(await terminal.waitForText(/4 Orphans .*hidden/)).toMatch(/DEFUNCT/);
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText(/4 Orphans .*hidden/);
});

test('q in the filter is a letter; pasted text never reaches the keys', async () => {
  await terminal.sendKeys('/');
  await terminal.type('q');
  await terminal.waitForText('/q_');
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText('/q_');
  await terminal.paste('qxyy');
  const help = await terminal.pressUntil('?', '─ Keys');
  expect(help).not.toContain('Stop 1 process');
  expect(await terminal.alternateScreen()).toBe(true);
});

test('help lists the keys and closes', async () => {
  const help = await terminal.pressUntil('?', '─ Keys');
  expect(help).toMatch(/Go to what belongs to this/);
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText('─ Keys');
});

test('numbers and Tab focus panels, d explains', async () => {
  await terminal.sendKeys('d');
  await terminal.waitForText(/─ Explain/);
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText(/─ Explain/);
  await terminal.sendKeys('1');
  await waitFor('rigs in focus', async () => /^> +(town|shop)\b/.test(await cursorLine()));
  await terminal.sendKeys('Tab');
  await waitFor('ports in focus', async () => /^> +\d+ vite \d+/.test(await cursorLine()));
});
