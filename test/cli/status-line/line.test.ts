import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {type LineFile, leavingLine, looksAtAll} from '../../../src/cli/status-line/leaving-line.ts';
import {formatLeftLine, parseLeftLine, standingOf} from '../../../src/cli/status-line/left-line.ts';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import type {Engine} from '../../../src/core/engine.ts';
import {BINARY, builtBinary} from '../../support/built.ts';
import {privateTmux} from '../../support/private-tmux.ts';
import {createScope} from '../../support/scope.ts';
import {openTerminal} from '../../support/terminal.ts';
import {waitFor} from '../../support/wait-for.ts';
import {fleetRecord} from '../fleet-record.ts';
import {createRigtop, type Rigtop} from '../rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

/** Writing is not waited for by who looks. */
const written = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const left = (line: string, readsScreens = true): string => formatLeftLine({line, blind: false, readsScreens});

/** An engine whose looks are given, and a file in memory that counts. */
const leaving = (readsScreens = true) => {
  const clock = {now: 0};
  const counts = {writes: 0, touches: 0, reads: 0};
  let file: {text: string; at: number} | null = null;
  let look: Assessment = fleetRecord();
  const inMemory: LineFile = {
    read: () => {
      counts.reads += 1;
      return file;
    },
    write: async text => {
      counts.writes += 1;
      file = {text, at: clock.now};
    },
    touch: async () => {
      counts.touches += 1;
    },
    remove: async () => {
      file = null;
    },
  };
  const engine = {refresh: async () => look, refreshUntilSettled: async () => look, close: async () => undefined} as unknown as Engine;
  const host = {epochMs: () => clock.now, monotonicMs: () => clock.now};
  return {
    engine: leavingLine(engine, {host, file: inMemory, readsScreens}),
    counts,
    clock,
    file: () => file,
    others: (text: string) => {
      file = {text, at: clock.now};
    },
    show: (next: Assessment) => {
      look = next;
    },
  };
};

describe('what a running rigtop leaves', () => {
  test('is written once while it says the same, touched every half minute, written again when it changes', async () => {
    const {engine, counts, clock, show} = leaving();
    for (let look = 0; look < 60; look += 1) {
      await engine.refresh();
      clock.now += 1_000;
    }
    expect(counts).toMatchObject({writes: 1, touches: 1});
    // Other objects that say the same are no change.
    const again = fleetRecord();
    show({...again, fleet: {...again.fleet, agents: [...again.fleet.agents]}});
    await engine.refresh();
    expect(counts.writes).toBe(1);
    show({...again, fleet: {...again.fleet, agents: []}, findings: []});
    await engine.refresh();
    await engine.refresh();
    expect(counts.writes).toBe(2);
  });

  test('a look that shows the same objects costs nothing, not even a read', async () => {
    const {engine, counts} = leaving();
    await engine.refresh();
    const {reads} = counts;
    for (let look = 0; look < 20; look += 1) {
      await engine.refresh();
    }
    expect(counts.reads).toBe(reads);
  });

  test('is written anew when somebody else’s stands there, and left alone when it goes', async () => {
    const {engine, counts, clock, others, file} = leaving();
    await engine.refresh();
    await written();
    others(left('9 agents'));
    clock.now += 31_000;
    await engine.refresh();
    await written();
    expect(counts).toMatchObject({writes: 2, touches: 0});
    others(left('9 agents'));
    await engine.close();
    expect(file()).not.toBeNull();
  });

  test('goes with its writer', async () => {
    const {engine, file} = leaving();
    await engine.refresh();
    await engine.close();
    expect(file()).toBeNull();
  });

  test('who reads no screens leaves nothing beside who does, until that one is silent', async () => {
    const {engine, counts, clock, others} = leaving(false);
    others(left('1 asks: max'));
    await engine.refreshUntilSettled();
    expect(counts.writes).toBe(0);
    clock.now += 60_000;
    await engine.refreshUntilSettled();
    expect(counts.writes).toBe(1);
  });

  test('only by who looks at everything', () => {
    const flags = {config: undefined, readOnly: true, json: false, towns: [], repos: [], sockets: [], color: 'auto'} as const;
    expect(looksAtAll({flags})).toBe(true);
    expect(looksAtAll({flags: {...flags, sockets: ['x']}})).toBe(false);
    expect(looksAtAll({flags: {...flags, config: 'x'}})).toBe(false);
    expect(looksAtAll({flags, restrict: host => host})).toBe(false);
  });

  test('counts for three quarters of a minute, with its age for ten, and not from the future', () => {
    expect([0, -1_000, 44_000].map(standingOf)).toEqual(['current', 'current', 'current']);
    expect([46_000, 599_000].map(standingOf)).toEqual(['old', 'old']);
    expect([601_000, -10_000].map(standingOf)).toEqual(['useless', 'useless']);
    expect(['', '{}', 'null', '{"schema":"rigtop/line@1","line":3}', '{"schema":"rigtop/line@2"}'].map(parseLeftLine)).toEqual(
      Array(5).fill(null),
    );
  });
});

const stateOf = ({home}: Rigtop): string => join(home, '.local/state/rigtop/line.json');

const leave = (rigtop: Rigtop, text: string, ageSeconds = 0): string => {
  const file = stateOf(rigtop);
  mkdirSync(dirname(file), {recursive: true, mode: 0o700});
  writeFileSync(file, text, {mode: 0o600});
  const at = Date.now() / 1000 - ageSeconds;
  utimesSync(file, at, at);
  return file;
};

describe('rigtop line', () => {
  test('prints what was left, with its age when it is old, and looks when that is of no use', async () => {
    const rigtop = await createRigtop(scope);
    leave(rigtop, left('4 busy'));
    expect(await rigtop.run(['line'])).toEqual({code: 0, stdout: '4 busy\n', stderr: ''});
    leave(rigtop, left('4 busy'), 130);
    expect(await rigtop.run(['line'])).toEqual({code: 3, stdout: '4 busy (2m old)\n', stderr: ''});
    leave(rigtop, formatLeftLine({line: 'BLIND tmux', blind: true, readsScreens: true}));
    expect(await rigtop.run(['line'])).toMatchObject({code: 3, stdout: 'BLIND tmux\n'});
    for (const [text, age] of [
      [left('4 busy'), 3_600],
      ['{"schema":', 0],
      [left('4 busy'.padEnd(10_000)), 0],
    ] as const) {
      leave(rigtop, text, age);
      const {stdout, stderr} = await rigtop.run(['line']);
      expect([stdout, stderr]).toEqual([expect.stringMatching(/^[^\n]+\n$/), '']);
      expect(stdout).not.toContain('4 busy');
    }
  });

  test('believes no link, no file that others may write, and no flags: it looks then', async () => {
    const rigtop = await createRigtop(scope);
    const elsewhere = rigtop.write('elsewhere', left('4 busy'));
    const file = leave(rigtop, left('4 busy'));
    chmodSync(file, 0o622);
    expect((await rigtop.run(['line'])).stdout).not.toContain('4 busy');
    chmodSync(file, 0o600);
    expect((await rigtop.run(['line', '--socket', 'nowhere'])).stdout).not.toContain('4 busy');
    const linked = await createRigtop(scope);
    mkdirSync(dirname(stateOf(linked)), {recursive: true});
    symlinkSync(elsewhere, stateOf(linked));
    expect((await linked.run(['line'])).stdout).not.toContain('4 busy');
  });

  test('nothing of the program is loaded for it: one file of a few kilobytes beside the launcher', () => {
    const file = join(dirname(BINARY), 'print-left.js');
    expect(statSync(file).size).toBeLessThan(20_000);
    expect(readFileSync(file, 'utf8')).not.toMatch(/from "\.\/|import\("\.\//);
  });

  test('a screen leaves its line while it runs, closed to others, and takes it away', async () => {
    const rigtop = await createRigtop(scope);
    const terminal = await openTerminal(scope, {
      command: [process.execPath, BINARY, 'watch'],
      env: {...rigtop.env, TMUX: null},
      cwd: rigtop.home,
    });
    const file = stateOf(rigtop);
    await waitFor('a line', () => existsSync(file));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const said = parseLeftLine(readFileSync(file, 'utf8'));
    expect((await rigtop.run(['line'])).stdout).toBe(`${said?.line}\n`);
    await terminal.sendKeys('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  test('in the status bar of a real tmux nothing in it is a format', async () => {
    const rigtop = await createRigtop(scope);
    const line = '1 asks: #S#{pid}#[fg=red]%H #(id)';
    leave(rigtop, left(line));
    const inner = await privateTmux(scope, {name: 'inner', env: rigtop.env});
    await inner.newSession('work', {command: ['sleep', '600']});
    await inner.run('set-option', '-g', 'status-interval', '1');
    await inner.run('set-option', '-g', 'status-right-length', '100');
    await inner.run('set-option', '-g', 'status-right', `#(${rigtop.env.RIGTOP} line)`);
    const outer = await privateTmux(scope, {name: 'outer', columns: 140, tmpdir: inner.tmpdir});
    await outer.newSession('show', {command: ['env', '-u', 'TMUX', 'tmux', '-u', '-L', 'inner', 'attach'], env: inner.env});
    await waitFor('the line in the status bar', async () => (await outer.run('capture-pane', '-p', '-t', 'show')).includes(line), {
      describe: () => outer.run('capture-pane', '-p', '-t', 'show'),
    });
  });
});
