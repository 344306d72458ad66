// The support itself: a fixture that lies would make every test behind it worthless.
import {existsSync, readFileSync} from 'node:fs';
import {afterEach, expect, test} from 'vitest';
import {endMarked, isAlive, markedProcesses, sight} from './marked.ts';
import {privateTmux} from './private-tmux.ts';
import {createScope} from './scope.ts';
import {openTerminal} from './terminal.ts';
import {startChain, startDefunct, startInDeletedDirectory, startOrphan, startSharedListener, startStopped, startTree} from './throwaway.ts';
import {waitFor} from './wait-for.ts';

const scope = createScope();
afterEach(scope.close);

test('a chain with shells reports every link, and its marker finds the shells too', async () => {
  const chain = await startChain(scope, 3, {shells: true});
  expect(
    chain
      .all()
      .map(each => each.name)
      .sort(),
  ).toEqual(['link-0', 'link-1', 'link-2']);
  expect(markedProcesses(chain.marker)).toHaveLength(5);
  await endMarked(chain.marker);
  expect(markedProcesses(chain.marker)).toEqual([]);
});

test('an orphan is adopted, a stopped process stopped, a defunct child unreaped, a directory deleted', async () => {
  const orphan = await startOrphan(scope, {ignore: ['SIGTERM']});
  process.kill(orphan.pid, 'SIGTERM');
  expect(isAlive(orphan)).toBe(true);
  expect(sight((await startStopped(scope)).pid)?.state).toBe('T');
  const {parent, child} = await startDefunct(scope);
  expect(sight(child.pid)).toMatchObject({state: 'Z', ppid: parent.pid});
  const {cwd} = await startInDeletedDirectory(scope);
  expect(existsSync(cwd)).toBe(false);
});

test('a set-sid child leads a session of its own; listeners say their port; a shared socket has two owners', async () => {
  const tree = await startTree(scope, {
    name: 'root',
    children: [
      {name: 'escapee', setsid: true, listen: {host: '127.0.0.1'}},
      {name: 'v6', listen: {host: '::1'}},
    ],
  });
  const escapee = tree.get('escapee');
  expect(sight(escapee.pid)?.sid).toBe(escapee.pid);
  expect(escapee.port).toBeGreaterThan(0);
  expect(tree.get('v6').port).toBeGreaterThan(0);
  const {port, owners} = await startSharedListener(scope);
  expect(owners).toHaveLength(2);
  expect(readFileSync('/proc/net/tcp', 'latin1')).toContain(`:${port.toString(16).toUpperCase().padStart(4, '0')} `);
});

test('closing a scope ends what was started, escaped or not, and removes what was made', async () => {
  const inner = createScope();
  const dir = await inner.tempDir();
  const tree = await startTree(inner, {
    name: 'a',
    leave: true,
    children: [{name: 'b', setsid: true, ignore: ['SIGTERM', 'SIGHUP'], emptyEnv: true}],
  });
  const tmux = await privateTmux(inner);
  await tmux.newSession('one');
  const server = await tmux.serverProcess();
  await inner.close();
  expect(existsSync(dir)).toBe(false);
  expect(isAlive(server)).toBe(false);
  await waitFor('the escapee to end', () => !isAlive(tree.get('b')));
});

test('a terminal shows, takes keys and paste, resizes, counts bytes and tells how the program ended', async () => {
  const terminal = await openTerminal(scope, {
    command: ['/bin/sh', '-c', 'echo ready; read line; echo "got $line"; stty size; exit 3'],
    columns: 80,
    rows: 24,
  });
  await terminal.waitForText('ready');
  await terminal.resize(70, 20);
  await terminal.paste('some text');
  await terminal.sendKeys('Enter');
  await terminal.waitForText('got some text');
  await terminal.waitForText('20 70');
  expect(await terminal.exitCode()).toBe(3);
  const {before, after} = await terminal.stty();
  expect(after).toBe(before);
  expect(await terminal.modes()).toEqual({alternate: false, cursor: true, mouse: false, wrap: true});
  expect(await terminal.bytesWritten()).toBeGreaterThan(10);
});
