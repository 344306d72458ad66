// The lesson of the demo on the real screen: the line at the bottom, followed to its end in its order and in another.
import {afterEach, expect, test} from 'vitest';
import {createScope} from '../support/scope.ts';
import {type DemoTerminal, openDemo} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const lastLine = async (terminal: DemoTerminal): Promise<string> => (await terminal.lines()).filter(line => line !== '').at(-1) ?? '';

/** Goes to a row of a list by its badge, row by row from the top. A busy screen may draw a row only after the next key was pressed: then once more, more slowly. */
const choose = async (terminal: DemoTerminal, panel: string, word: string): Promise<void> => {
  await terminal.sendKeys(panel);
  for (const deadlineMs of [700, 2000, 5000]) {
    const isChosen = (): Promise<boolean> =>
      terminal.waitForText(`>  ${word}`, {deadlineMs}).then(
        () => true,
        () => false,
      );
    await terminal.sendKeys('g');
    for (let row = 0; row < 14; row += 1) {
      if (await isChosen()) {
        return;
      }
      await terminal.sendKeys('j');
    }
  }
  throw new Error(`${word} cannot be chosen:\n${await terminal.capture()}`);
};

/** What `y` asks for first: a plan is read to its end, and above five the number is typed. */
const carryOut = async (terminal: DemoTerminal): Promise<void> => {
  await terminal.waitForText(/\d\/5 (G shows|Type \d+|y carries)/);
  const asked = /\d\/5 (?:Type (\d+)|y carries)/.exec(await terminal.pressUntil('G', /\d\/5 (Type \d+|y carries)/))?.[1];
  if (asked !== undefined) {
    await terminal.pressUntil(asked, /\d\/5 y carries/);
  }
  await terminal.pressUntil('y', /\d\/5 (It is being|Done)/);
  await terminal.waitForText('Done: Enter closes this');
  await terminal.sendKeys('Enter');
};

test('followed line by line at 80x24 it cures five kinds of trouble', async () => {
  const terminal = await openDemo(scope, {columns: 80, rows: 24});
  await terminal.waitForText('1/5 A port is taken: press 2, then d');
  expect(await lastLine(terminal)).toMatch(/^1\/5 .* L ends the lesson$/);
  await terminal.sendKeys('2');
  await terminal.waitForText('1/5 d tells who holds it, and why');
  await terminal.sendKeys('d');
  await terminal.waitForText('1/5 Read why, then Esc, then x');
  await terminal.sendKeys('Escape');
  await terminal.waitForText('1/5 x shows what freeing it would end');
  await terminal.sendKeys('x');
  await carryOut(terminal);
  await terminal.waitForText('2/5 An agent asks: n goes to it');
  await terminal.sendKeys('n');
  await terminal.waitForText('2/5 a goes in');
  await terminal.sendKeys('a');
  await terminal.waitForText(/^ Do you want to make this edit/m);
  await terminal.sendKeys('y', 'Enter');
  await terminal.waitForText('Working…');
  await terminal.sendKeys('C-b', 'd');
  await terminal.waitForText('3/5 ');
  await choose(terminal, '3', 'ZOMBIE');
  await terminal.waitForText('3/5 r shows how it is started again');
  await terminal.sendKeys('r');
  await carryOut(terminal);
  await terminal.waitForText('4/5 A lock is left: 4, choose STALE-LOCK');
  await choose(terminal, '4', 'STALE-LOCK');
  await terminal.waitForText('4/5 x shows how it is moved aside');
  await terminal.sendKeys('x');
  await carryOut(terminal);
  await terminal.waitForText('5/5 The rest is left over: press C');
  await terminal.sendKeys('C');
  await carryOut(terminal);
  await terminal.waitForText('5/5 All cured: ? for keys, q to leave');
  await terminal.sendKeys('L');
  await terminal.waitForNoText('5/5');
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
  expect(terminal.demosLeft()).toEqual([]);
}, 120_000);

test('steps done in another order count, at 120x36', async () => {
  const terminal = await openDemo(scope);
  await terminal.waitForText('1/5 A port is taken: press 2, then d');
  await terminal.waitForText(/ASKS 1/);
  await terminal.sendKeys('C');
  await carryOut(terminal);
  await terminal.waitForText('2/5 ');
  await terminal.sendKeys('n');
  await terminal.sendKeys('a');
  await terminal.waitForText(/^ Do you want to make this edit/m);
  await terminal.sendKeys('Enter');
  await terminal.waitForText('Working…');
  await terminal.sendKeys('C-b', 'd');
  await terminal.waitForText('5/5 All cured');
}, 120_000);

test.each([
  ['a phone', {columns: 40, rows: 24}, /^1\/5 A port is taken: press 2, then d$/],
  ['ASCII', {columns: 80, rows: 24, env: {LC_ALL: 'C', LANG: null}}, /^1\/5 A port is taken: press 2, then d +L ends the lesson$/],
] as const)('it is the last line on %s', async (_, options, line) => {
  const terminal = await openDemo(scope, options);
  await terminal.waitForText('1/5 A port is taken: press 2, then d');
  expect(await lastLine(terminal)).toMatch(line);
  await terminal.sendKeys('L');
  await terminal.waitForNoText('1/5');
  expect(await lastLine(terminal)).toMatch(/q quit/);
});

test('read-only there is nothing to cure, and nothing is taught', async () => {
  const terminal = await openDemo(scope, {args: ['--read-only']});
  await terminal.waitForText(/ORPHAN [1-9]/);
  expect(await terminal.capture()).not.toMatch(/1\/5/);
});

test('its shell says in lines of 80 what to try, and each of it works', async () => {
  const terminal = await openDemo(scope, {columns: 80, rows: 24, args: ['--shell']});
  const screen = await terminal.waitForText('Leaving the shell removes the demo.');
  const said = screen.split('\n').filter(line => line !== '');
  expect(said.slice(0, 6)).toEqual([
    expect.stringMatching(/^A shell in the demo/),
    expect.stringMatching(/^ {2}rigtop status {2,}\S/),
    expect.stringMatching(/^ {2}rigtop explain :\d+ {2,}\S/),
    expect.stringMatching(/^ {2}rigtop kill :\d+ {2,}\S/),
    expect.stringMatching(/^ {2}rigtop {2,}\S/),
    expect.stringMatching(/^and all else/),
  ]);
  const commands = said.slice(1, 5).map(line => line.trim().split(/ {2,}/)[0] ?? '');
  const answers = [/WRONG-OWNER/, /is held by/, /Carry this out\?/, /\[3 Agents\]/];
  for (const [at, command] of commands.entries()) {
    await terminal.type(`clear; ${command}`);
    await terminal.sendKeys('Enter');
    await terminal.waitForText(answers[at] ?? '');
    await terminal.sendKeys(...(command.includes('kill') ? ['n', 'Enter'] : ['q', 'C-u']));
  }
  await terminal.waitForText(/^[$#]\s*$/m);
  await terminal.type('exit');
  await terminal.sendKeys('Enter');
  await terminal.exitCode();
  expect(terminal.demosLeft()).toEqual([]);
}, 60_000);
