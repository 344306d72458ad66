import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Listener} from '../../src/core/domain/listener.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createListenerScanner} from '../../src/core/os/proc-listeners.ts';
import {createProcReader} from '../../src/core/os/proc-read.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {sight, signalTo} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {startOne, startPortSharer, startSharedListener} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

let host: Host;
beforeEach(() => {
  host = createHost({markers: MARKERS});
  scope.add(host.close);
});

const readListeners = async (port: number | null): Promise<readonly Listener[]> => {
  const {listeners} = await host.readTables(20_000);
  if (!listeners.known) {
    throw new Error(listeners.because);
  }
  expect(listeners.value.incomplete).toBeNull();
  return listeners.value.listeners.filter(listener => listener.port === port);
};

const ownersOf = (listeners: readonly Listener[]): readonly number[] =>
  listeners.flatMap(({owners}) => (owners.known ? owners.value : [])).sort((a, b) => a - b);

/** A server that forks when told to over its standard input. */
const FORKING = `
const {spawn} = require('node:child_process');
const net = require('node:net');
const server = net.createServer().listen(Number(process.argv[1]), '127.0.0.1');
process.stdin.on('data', () => {
  // The listening descriptor is passed as the child's standard input: inherited, not opened.
  spawn('sleep', ['600'], {stdio: [server._handle.fd, 'ignore', 'ignore']});
});
`;

describe('who listens', () => {
  test.each([
    ['127.0.0.1', 4, '127.0.0.1'],
    ['0.0.0.0', 4, '0.0.0.0'],
    ['::1', 6, '::1'],
    ['::', 6, '::'],
  ] as const)('on %s', async (host, family, address) => {
    const server = await startOne(scope, {listen: {host}});
    expect(await readListeners(server.port)).toEqual([
      {port: server.port, address, family, inode: expect.any(String), uid: process.getuid?.(), owners: {known: true, value: [server.pid]}},
    ]);
  });

  test('a dual-stack port held twice is two sockets', async () => {
    const six = await startOne(scope, {listen: {host: '::1'}});
    const four = await startOne(scope, {listen: {host: '127.0.0.1', port: six.port ?? 0}});
    const listeners = await readListeners(six.port);
    expect(listeners.map(({family}) => family)).toEqual([4, 6]);
    expect(ownersOf(listeners)).toEqual([six.pid, four.pid].sort((a, b) => a - b));
  });

  test('one socket with two holders has both', async () => {
    const shared = await startSharedListener(scope);
    const listeners = await readListeners(shared.port);
    expect(listeners).toHaveLength(1);
    expect(ownersOf(listeners)).toEqual(shared.owners.map(({pid}) => pid).sort((a, b) => a - b));
  });

  test('two programs on one port by SO_REUSEPORT are two sockets', async () => {
    const first = await startPortSharer(scope);
    const second = await startPortSharer(scope, first.port);
    const listeners = await readListeners(first.port);
    expect(listeners).toHaveLength(2);
    expect(ownersOf(listeners)).toEqual([first.pid, second.pid].sort((a, b) => a - b));
  });

  test('a socket opened after the first look is found with its owner at the next', async () => {
    await readListeners(0);
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    expect(ownersOf(await readListeners(server.port))).toEqual([server.pid]);
  });

  test('an unchanged socket is the same record', async () => {
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    const [first] = await readListeners(server.port);
    const [second] = await readListeners(server.port);
    expect(second).toBe(first);
  });
});

describe('holders that change', () => {
  test('a child forked after the first look holds the socket too, and still holds it when its parent has gone', async () => {
    const {port} = await startOne(scope, {listen: {host: '127.0.0.1'}, exitAfterMs: 1});
    await waitFor('the port to be free', async () => (await readListeners(port)).length === 0);
    const parent = startProgram(scope, process.execPath, ['-e', FORKING, String(port)]);
    await waitFor('the server', async () => ownersOf(await readListeners(port)).includes(parent.pid));
    parent.say('fork\n');
    const both = await waitFor('the second holder', async () => {
      const owners = ownersOf(await readListeners(port));
      return owners.length === 2 && owners;
    });
    signalTo(parent, 'SIGKILL');
    await waitFor('the first holder to go', () => sight(parent.pid) === null);
    expect(ownersOf(await readListeners(port))).toEqual(both.filter(pid => pid !== parent.pid));
  });

  test('a server that ends frees its port', async () => {
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    expect(await readListeners(server.port)).toHaveLength(1);
    signalTo(server, 'SIGKILL');
    await waitFor('the port to be free', async () => (await readListeners(server.port)).length === 0);
  });

  test('a stopped server still holds its port', async () => {
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    signalTo(server, 'SIGSTOP');
    expect(ownersOf(await readListeners(server.port))).toEqual([server.pid]);
  });
});

describe('an owner that may not be seen', () => {
  test('is unknown, never "free"', async () => {
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    // A process table without anybody in it: what remains is a socket whose holder is out of sight.
    const blind = createListenerScanner({
      procRoot: '/proc',
      uid: 12345,
      reader: createProcReader(),
      files: {isKept: () => false},
      now: () => performance.now(),
    });
    const pass = blind.pass({
      entries: new Map(),
      fresh: [],
      stirred: [],
      gone: [],
      born: new Set(),
      ran: new Set(),
      denied: 0,
      oldestMs: 0,
    });
    let step = pass.next();
    while (!step.done) {
      step = pass.next();
    }
    const found = step.value.listeners.find(({port}) => port === server.port);
    expect(found?.owners).toEqual({known: false, because: expect.stringContaining(`uid ${process.getuid?.()}`)});
  });
});

test('lsof, where there is no /proc: the same owners', async () => {
  const portable = createHost({markers: MARKERS, tables: 'ps'});
  scope.add(portable.close);
  const shared = await startSharedListener(scope);
  const {listeners} = await portable.readTables(20_000);
  const found = listeners.known ? listeners.value.listeners.filter(({port}) => port === shared.port) : [];
  expect(found).toMatchObject([{address: '127.0.0.1', family: 4}]);
  expect(ownersOf(found)).toEqual(shared.owners.map(({pid}) => pid).sort((a, b) => a - b));
});
