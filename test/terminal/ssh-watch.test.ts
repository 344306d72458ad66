// rigtop watch left on at the far end of a line: over a real ssh, hung up on, stopped and continued, attached again, several at once.
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, MARKER, markedProcesses, sight, signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {type SshServer, startSshServer} from '../support/ssh-server.ts';
import {openTerminal, type Terminal} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';
import {settled, untilQuiet} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const overSsh = (server: SshServer, ...command: readonly string[]): Promise<Terminal> =>
  openTerminal(scope, {
    command: ['ssh', '-t', server.host, ...command],
    env: {PATH: `${server.bin}:${process.env.PATH}`, TMUX: null, TMUX_PANE: null, HOME: server.directory},
  });

/** Other agents of a busy machine are none of ours. */
const showFleet = async (terminal: Terminal): Promise<void> => {
  await terminal.waitForText('3 Agents');
  await terminal.pressUntil('/', 'Enter keeps');
  await terminal.sendKeys('C-u');
  await terminal.type('server:fleet');
  await terminal.sendKeys('Enter');
  await terminal.waitForText('build-it');
};

const quietFleet = async (): Promise<PrivateTmux> => {
  const tmux = await privateTmux(scope, {name: 'fleet'});
  await tmux.newSession('build-it', {command: ['sleep', '600']});
  return tmux;
};

test('over ssh: keys answer, an idle screen sends nothing, a changed row costs less than 300 bytes', async () => {
  const temporary = await scope.tempDir();
  const server = await startSshServer(scope, {TMPDIR: temporary, HOME: await scope.tempDir(), LANG: 'C.UTF-8'});
  const terminal = await overSsh(server, 'rigtop', 'demo', '--read-only');
  await settled(terminal);
  // What a list is ordered by is always shown.
  await terminal.sendKeys('3', 'M');
  await terminal.waitForText('MEM▾');
  // A port whose explanation stands still.
  await terminal.sendKeys('2');
  await terminal.pressUntil('j', /^│>.* up /m);
  await untilQuiet(terminal, 5000);

  const [demo = ''] = readdirSync(temporary);
  const sockets = join(temporary, demo, `tmux-${process.getuid?.() ?? 0}`);
  const town = readdirSync(sockets).find(name => name.startsWith('town-')) ?? '';
  const [lines, bytes] = [await terminal.lines(), await terminal.bytesWritten()];
  // The shell that is left of the zombie starts something: its memory is shown.
  execFileSync('tmux', ['-S', join(sockets, town), 'send-keys', '-t', '=co-amber:', 'sleep 600 & sleep 600 & sleep 600 &', 'Enter']);
  const changed = async (): Promise<number> => {
    const now = await terminal.lines();
    return now.filter((line, at) => line !== lines[at]).length;
  };
  await waitFor('a row to change', changed);
  await untilQuiet(terminal, 5000);
  expect(((await terminal.bytesWritten()) - bytes) / Math.max(1, await changed())).toBeLessThan(300);

  await terminal.sendKeys('q');
  expect(await terminal.exitCode()).toBe(0);
  const {before, after} = await terminal.stty();
  expect(after).toBe(before);
  await waitFor('the demo to be removed', () => readdirSync(temporary).length === 0);
});

test('a lost connection ends rigtop over there and nothing else', async () => {
  const tmux = await quietFleet();
  const server = await startSshServer(scope, {TMUX_TMPDIR: tmux.tmpdir, HOME: await scope.tempDir(), LANG: 'C.UTF-8'});
  const terminal = await overSsh(server, 'rigtop', 'watch', '--socket', 'fleet');
  await showFleet(terminal);
  const [pane] = await tmux.panes();
  const worker = identify(pane?.pid ?? 0);
  expect(markedProcesses(server.marker).length).toBeGreaterThan(0);
  // The client is gone without a word, as with a phone that lost its network.
  await terminal.signal('SIGKILL');
  await waitFor('everything that ssh started to end', () => markedProcesses(server.marker).length === 0, {
    describe: () => JSON.stringify(markedProcesses(server.marker)),
  });
  expect(isAlive(worker)).toBe(true);
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('build-it');
});

test('rigtop that watches another machine and is hung up on leaves no ssh behind', async () => {
  const server = await startSshServer(scope, {HOME: await scope.tempDir(), LANG: 'C.UTF-8'});
  const terminal = await openTerminal(scope, {
    command: [process.execPath, await builtBinary(), 'watch', 'box'],
    env: {
      PATH: `${server.bin}:${process.env.PATH}`,
      TMUX: null,
      TMUX_PANE: null,
      TMUX_TMPDIR: await scope.tempDir(),
      HOME: server.directory,
    },
  });
  await terminal.waitForText(/ 2 machines /);
  const connected = (): boolean => markedProcesses(server.marker).length > 0;
  await waitFor('the connection', connected);
  await terminal.signal('SIGHUP');
  expect(await terminal.exitCode()).toBe(129);
  await waitFor('rigtop over there to end', () => !connected(), {deadlineMs: 30_000});
});

const watchHere = async (tmux: PrivateTmux, more: Readonly<Record<string, string>> = {}): Promise<Terminal> => {
  const terminal = await openTerminal(scope, {
    command: [process.execPath, await builtBinary(), 'watch', '--socket', 'fleet', '--interval', '200ms'],
    env: {TMUX: null, TMUX_PANE: null, TMUX_TMPDIR: tmux.tmpdir, ...more},
  });
  await showFleet(terminal);
  return terminal;
};

test('stopped by SIGSTOP and continued it draws everything anew', async () => {
  const terminal = await watchHere(await quietFleet());
  const program = await terminal.process();
  await terminal.signal('SIGSTOP');
  await waitFor('it to stop', () => sight(program.pid)?.state === 'T');
  // Somebody else used the terminal meanwhile.
  await terminal.tmux.run('send-keys', '-R', ';', 'clear-history');
  expect(await terminal.capture()).not.toContain('build-it');
  signalTo(program, 'SIGCONT');
  await terminal.waitForText('build-it');
  expect(await terminal.modes()).toMatchObject({alternate: true, cursor: false});
  await terminal.pressUntil('/', 'Enter keeps');
});

test('stopped by SIGTSTP the shell has its terminal back; continued the screen has it again', async () => {
  const tmux = await quietFleet();
  const line = `set -m; ${process.execPath} ${await builtBinary()} watch --socket fleet; echo the shell is back; read answer; fg`;
  const terminal = await openTerminal(scope, {
    command: ['/bin/sh', '-c', line],
    env: {TMUX: null, TMUX_PANE: null, TMUX_TMPDIR: tmux.tmpdir},
  });
  await showFleet(terminal);
  const watch = markedProcesses(terminal.tmux.env[MARKER] ?? '').find(({comm}) => ['node', 'MainThread'].includes(comm));
  signalTo(identify(watch?.pid ?? 0), 'SIGTSTP');
  await terminal.waitForText(/^the shell is back$/m);
  expect(await terminal.modes()).toEqual({alternate: false, cursor: true, mouse: false, wrap: true});
  await terminal.sendKeys('Enter');
  await terminal.waitForText('build-it');
  expect(await terminal.modes()).toMatchObject({alternate: true, cursor: false});
  await terminal.pressUntil('q', '$ ');
  expect(await terminal.modes()).toMatchObject({alternate: false, cursor: true});
});

test('detached and attached again, on a terminal of another size, the screen fits it', async () => {
  const tmux = await quietFleet();
  const inner = await privateTmux(scope, {name: 'inner'});
  const watch = [process.execPath, await builtBinary(), 'watch', '--socket', tmux.socket];
  await inner.newSession('screen', {command: watch, env: {TMUX_TMPDIR: tmux.tmpdir, XDG_STATE_HOME: await scope.tempDir()}});
  const attach = (columns: number, rows: number): Promise<Terminal> =>
    openTerminal(scope, {
      command: ['tmux', '-S', inner.socket, 'attach-session', '-t', '=screen'],
      env: {TMUX: null, TMUX_PANE: null},
      columns,
      rows,
    });
  const first = await attach(120, 37);
  await first.waitForText('1 Rigs');
  await inner.run('detach-client', '-s', '=screen');
  expect(await first.exitCode()).toBe(0);
  const second = await attach(80, 25);
  await second.waitForText(/\[3 Agents\]/);
  // Right after attaching, the client may take a key for the answer of its terminal.
  await second.pressUntil('q', '[exited]');
  expect(await tmux.run('list-sessions', '-F', '#S')).toBe('build-it');
});

test('several at once: each runs tmux once a look, whatever the others do', async () => {
  const tmux = await quietFleet();
  const directory = await scope.tempDir();
  const real = execFileSync('/bin/sh', ['-c', 'command -v tmux'], {encoding: 'utf8'}).trim();
  const counted = async (name: string): Promise<() => {readonly looks: number; readonly others: number}> => {
    const bin = join(directory, name);
    await mkdir(bin);
    await writeFile(join(bin, 'tmux'), `#!/bin/sh\necho "$@" >> ${bin}/calls\nexec ${real} "$@"\n`, {mode: 0o755});
    await watchHere(tmux, {PATH: `${bin}:${process.env.PATH}`});
    return () => {
      const calls = readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');
      const looks = calls.filter(line => line.includes('list-panes')).length;
      return {looks, others: calls.length - looks};
    };
  };
  const watchers = await Promise.all(['one', 'two', 'three'].map(counted));
  await waitFor('each to look a while', () => watchers.every(watcher => watcher().looks > 30), {deadlineMs: 60_000});
  for (const watcher of watchers) {
    const {looks, others} = watcher();
    // Names and the ends of shown screens are asked for as well, now and then.
    expect(others).toBeLessThan(looks / 2);
  }
  expect(await tmux.run('list-clients')).toBe('');
});
