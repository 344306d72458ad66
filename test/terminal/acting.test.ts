// Plan dialogs on the real screen: what opens them does not answer them, what confirms them ends exactly what they list.
import {readFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type DemoTerminal, openDemo, settled} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const LIVING = ['live-claude', 'live-codex', 'live-crew', 'shop-1-web', 'shop-2-web'];

/** The only row of the Orphans panel is the process of this part. */
const select = async (terminal: DemoTerminal, part: string) => {
  const process = await terminal.part(part);
  await terminal.sendKeys('4');
  await terminal.sendKeys('/');
  await terminal.type(`pid:${process.pid}`);
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/4 Orphans {2}1 sure, \d+ hidden/);
  return process;
};

const expectLiving = async (terminal: DemoTerminal): Promise<void> => {
  for (const part of LIVING) {
    expect(isAlive(await terminal.part(part)), part).toBe(true);
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.unref();
  });

const readJournal = async (terminal: DemoTerminal): Promise<string> =>
  readFile(join(await terminal.demoDirectory(), 'home', '.local', 'state', 'rigtop', 'journal.jsonl'), 'utf8');

test('x shows the plan, y carries it out, the result stays until it is closed, the journal has both', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const orphan = await select(terminal, 'orphan-of-init');
  await terminal.sendKeys('x');
  const plan = await terminal.waitForText('Stop 1 process');
  expect(plan).toMatch(new RegExp(`${orphan.pid} .*claude`));
  expect(isAlive(orphan)).toBe(true);
  const result = await terminal.pressUntil('y', /everything is gone/);
  expect(result).toMatch(new RegExp(`gone +${orphan.pid}`));
  expect(isAlive(orphan)).toBe(false);
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/ORPHAN 4/);
  const journal = (await readJournal(terminal)).trim().split('\n');
  expect(journal[0]).toContain(String(orphan.pid));
  expect(journal.length).toBeGreaterThanOrEqual(2);
  await expectLiving(terminal);
});

test('one that ignores SIGTERM is ended by SIGKILL after the grace, and its dialog says so meanwhile', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const stubborn = await select(terminal, 'orphan-of-tmux');
  await terminal.sendKeys('x');
  await terminal.waitForText('Stop 1 process');
  await terminal.pressUntil('y', /TERM sent|waiting|everything is gone/);
  await terminal.waitForText(/everything is gone/);
  expect(isAlive(stubborn)).toBe(false);
  await expectLiving(terminal);
});

test('the chunk that opens a dialog does not answer it, nor does a key right behind it, nor the opening key, nor Enter', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const orphan = await select(terminal, 'orphan-of-init');
  await terminal.sendKeys('x', 'y');
  await terminal.waitForText(/expires in (?:2[0-8]|1?\d) s/);
  expect(isAlive(orphan)).toBe(true);
  await terminal.sendKeys('x');
  await terminal.sendKeys('x', 'x');
  await terminal.waitForText(/expires in (?:2[0-6]|1?\d) s/);
  await terminal.sendKeys('Enter');
  await terminal.waitForNoText('Stop 1 process');
  await terminal.sendOneByOne('x', 'y');
  await terminal.waitForText(/expires in (?:2[0-8]|1?\d) s/);
  await terminal.sendKeys('n');
  await terminal.waitForNoText('Stop 1 process');
  await terminal.paste('xyxyxy');
  await terminal.sendKeys('x');
  await terminal.waitForText('Stop 1 process');
  await terminal.paste('yyyy');
  await terminal.waitForText(/expires in (?:2[0-8]|1?\d) s/);
  await terminal.sendKeys('C-c');
  await terminal.waitForNoText('Stop 1 process');
  expect(isAlive(orphan)).toBe(true);
  expect(await readJournal(terminal).catch(() => '')).toBe('');
});

test('C cleans up everything sure: above five roots the count is typed; nothing living is touched', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  await terminal.waitForText('ORPHAN 5');
  const ended = await Promise.all(['orphan-of-init', 'orphan-of-tmux', 'orphan-helper', 'orphan-runner', 'escapee'].map(terminal.part));
  await terminal.sendKeys('C');
  const dialog = await terminal.waitForText(/Type \d+ to arm y/);
  const [, count = ''] = /Type (\d+) to arm y/.exec(dialog) ?? [];
  await terminal.waitForText(/expires in (?:2[0-8]|1?\d) s/);
  await terminal.sendKeys('y');
  await terminal.waitForText(/expires in 2[0-7] s/);
  expect(ended.every(isAlive)).toBe(true);
  await terminal.sendKeys('G');
  await terminal.type(count);
  await terminal.pressUntil('y', /everything is gone/);
  await terminal.sendKeys('Enter');
  await terminal.waitForNoText(/ORPHAN \d/);
  expect(ended.filter(isAlive)).toEqual([]);
  for (const {port} of ended) {
    expect(port === null || (await isFree(port))).toBe(true);
  }
  await terminal.waitForNoText(/ZOMBIE|STALE-LOCK|WRONG-OWNER/);
  await expectLiving(terminal);
});

test('where the plan is longer than the screen, y is armed only when its end was shown', async () => {
  const terminal = await openDemo(scope, {columns: 80, rows: 24});
  await settled(terminal);
  await terminal.sendKeys('4', 'A');
  const orphan = await terminal.part('orphan-of-init');
  await terminal.waitForText(/marked/);
  await terminal.sendKeys('x');
  await terminal.waitForText(/lines 1-\d+ of \d+/);
  await terminal.waitForText(/expires in (?:2[0-8]|1?\d) s/);
  await terminal.sendKeys('y');
  await terminal.waitForText(/expires in (?:2[0-6]|1?\d) s/);
  expect(isAlive(orphan)).toBe(true);
  await terminal.pressUntil('PageDown', /lines \d+-(\d+) of \1/);
  const [, count] = /Type (\d+) to arm y/.exec(await terminal.capture()) ?? [];
  await terminal.type(count ?? '');
  await terminal.pressUntil('y', /working|everything is gone/);
  await waitFor('the orphan to end', () => !isAlive(orphan));
});

test('read-only says so in words and why a key does nothing', async () => {
  const terminal = await openDemo(scope, {args: ['--read-only']});
  expect(await settled(terminal)).toContain('READ-ONLY');
  await select(terminal, 'orphan-of-init');
  await terminal.sendKeys('x');
  await terminal.waitForText(/read-only/);
  expect(await terminal.capture()).not.toContain('Stop 1 process');
});

test('attaching hands the terminal over; after detaching the screen is back and takes keys', async () => {
  const terminal = await openDemo(scope);
  await settled(terminal);
  const claude = await terminal.part('live-claude');
  await terminal.sendKeys('3');
  await terminal.sendKeys('/');
  await terminal.type(`pid:${claude.pid}`);
  await terminal.sendKeys('Enter');
  await terminal.waitForText(/3 Agents {2}1 of/);
  await terminal.sendKeys('l');
  await terminal.waitForText(/─ Peek [\s\S]*add a basket to the shop/);
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText('─ Peek ');
  await terminal.sendKeys('a');
  await terminal.waitForNoText('3 Agents');
  await terminal.waitForText('add a basket to the shop');
  await terminal.sendKeys('C-b');
  await terminal.sendKeys('d');
  await terminal.waitForText('3 Agents');
  // What arrives right after the return is not taken for input.
  await terminal.pressUntil('?', /─ Keys/);
  await terminal.sendKeys('Escape');
  await terminal.waitForNoText(/─ Keys/);
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
});
