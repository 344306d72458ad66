// The built screen beside a built supervisor: how it stands, pausing it from its row, approving what it proposes.
import {afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {buildKeepFleet, type KeepFleet} from '../os/supervise-fleet.ts';
import {builtBinary} from '../support/built.ts';
import {isAlive, signalTo} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';

let scope: Scope;
let fleet: KeepFleet;

beforeAll(builtBinary);
beforeEach(async () => {
  scope = createScope();
  fleet = await buildKeepFleet(scope);
});
afterEach(() => scope.close());

/** The screen with its cursor on the last row of the rigs, once that row says `text`. */
const lastRig = async (text: string | RegExp): Promise<Terminal> => {
  const terminal = await openTerminal(scope, {
    command: [process.execPath, await builtBinary(), '--socket', fleet.tmux.socket],
    cwd: fleet.rigtop.home,
    env: {...fleet.rigtop.env, TMUX: null, TMUX_PANE: null},
    columns: 140,
    rows: 40,
  });
  await terminal.waitForText(text);
  await terminal.sendOneByOne('1', 'G');
  return terminal;
};

const seenUp = async (args?: readonly string[]) => {
  await fleet.openSlot(1);
  const supervisor = await fleet.start(args);
  await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
  return supervisor;
};

test('Z on its row pauses it and lets it go on, and nothing in the fleet changes', async () => {
  await seenUp();
  const service = fleet.service(1);
  const terminal = await lastRig(/supervisor +- +ACTS/);
  await terminal.waitForText(/It acts as the configuration allows/);
  await terminal.sendKeys('Z');
  await fleet.recorded('the pause', ({paused}) => paused);
  await terminal.waitForText(/supervisor +- +PAUSED/);
  await terminal.sendKeys('Z');
  await fleet.recorded('no pause', ({paused}) => !paused);
  await terminal.waitForText(/supervisor +- +ACTS/);
  expect(service !== null && isAlive(service)).toBe(true);
  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
  expect(fleet.record()?.pid).toBeGreaterThan(1);
});

test('one that was killed is said to have died, until it is started again', async () => {
  const {id, ended} = await seenUp();
  const terminal = await lastRig(/supervisor +- +ACTS/);
  signalTo(id, 'SIGKILL');
  await ended;
  await terminal.waitForText(/supervisor +- +DIED/);
  await terminal.waitForText(new RegExp(`DIED: process ${id.pid} died without stopping`));
  await terminal.sendKeys('Z');
  await terminal.waitForText(/No supervisor with this configuration runs/);
  await fleet.start();
  await terminal.waitForText(/supervisor +- +ACTS/);
});

test('what an observing one proposes is carried out once a person has read the plan and said y', async () => {
  await seenUp([]);
  const service = fleet.service(1);
  signalTo(service ?? {pid: 0, startTime: 0}, 'SIGKILL');
  const terminal = await lastRig(/search\/1\/web +RESTART\?/);
  await terminal.waitForText(/PROPOSED by supervisor/);
  await terminal.sendKeys('p');
  await terminal.waitForText(/y do it/);
  expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
  await terminal.pressUntil('y', /Done in [\d.]+ m?s/);
  const next = await fleet.newService(1, service);
  expect(isAlive(next)).toBe(true);
  await fleet.recorded('nothing more to propose', ({proposals}) => proposals.length === 0);
  await terminal.sendKeys('Enter');
  await terminal.waitForNoText(/RESTART\?/);
});
