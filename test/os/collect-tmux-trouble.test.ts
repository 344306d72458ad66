import {chmod, mkdir, writeFile} from 'node:fs/promises';
import {connect, createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createTmuxCollector, type TmuxLook} from '../../src/sources/tmux/read/tmux-collector.ts';
import {sight} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

let tmpdir = '';
let directory = '';
beforeEach(async () => {
  tmpdir = await scope.tempDir();
  directory = join(tmpdir, `tmux-${process.getuid?.()}`);
  await mkdir(directory, {mode: 0o700});
});

/** Long for a server that answers, short enough to wait for one that does not. */
const DEADLINE_MS = 3000;

const watch = (env: Readonly<Record<string, string | undefined>> = {}, change: (host: Host) => Partial<Host> = () => ({})) => {
  const real = createHost({markers: MARKERS, env: {...process.env, TMUX: undefined, TMUX_TMPDIR: tmpdir, ...env}});
  scope.add(real.close);
  const commands: (readonly string[])[] = [];
  const counted: Host = {
    ...real,
    run: (file, args, options) => {
      commands.push([file, ...args]);
      return real.run(file, args, options);
    },
  };
  const host: Host = {...counted, ...change(counted)};
  const collector = createTmuxCollector(host, DEFAULT_SETTINGS, () => false);
  const look = (deadlineMs = DEADLINE_MS): Promise<TmuxLook> =>
    collector.collect(
      deadlineMs,
      host.readTables(20_000).then(({processes}) => (processes.known ? processes.value : null)),
    );
  return {look, commands, asked: (name: string) => commands.filter(words => words.includes(join(directory, name))).length};
};

const start = async (name: string) => {
  const tmux = await privateTmux(scope, {name, tmpdir});
  await tmux.newSession('one', {command: ['sleep', '600']});
  return tmux;
};

const stop = async (name: string): Promise<number> => {
  const tmux = await start(name);
  const {pid} = await tmux.serverProcess();
  process.kill(pid, 'SIGSTOP');
  scope.add(() => process.kill(pid, 'SIGCONT'));
  await waitFor('the server to stop', () => sight(pid)?.state === 'T');
  return pid;
};

/** A listening socket in the directory, as a tmux server would have it. */
const listen = async (name: string): Promise<void> => {
  const server = createServer(socket => socket.on('error', () => undefined)).listen(join(directory, name));
  scope.add(() => server.close());
  await new Promise(resolve => server.once('listening', resolve));
};

const states = ({servers}: TmuxLook): readonly string[] => servers.map(({name, state}) => `${name} ${state}`);

describe('a server that does not answer', () => {
  test('stopped: unknown with the cure, the others answer, and it is left alone for a while', async () => {
    await start('alive');
    const pid = await stop('stopped');
    const {look, asked} = watch();
    const first = await look();
    expect(states(first)).toEqual(['alive ok', 'stopped unknown']);
    expect(asked('stopped')).toBe(1);
    const second = await look();
    expect(states(second)).toEqual(['alive ok', 'stopped unknown']);
    expect(second.sources.find(({target}) => target === 'stopped')).toMatchObject({
      detail: `its process ${pid} is stopped`,
      hint: `SIGCONT to ${pid} lets it go on`,
    });
    expect(asked('stopped')).toBe(1);
    expect(asked('alive')).toBe(2);
    process.kill(pid, 'SIGCONT');
    await waitFor('it to answer again', async () => states(await look()).includes('stopped ok'));
  });

  test('a full backlog: unknown, and no client is left hanging in connect()', async () => {
    const pid = await stop('full');
    const clients: Socket[] = [];
    scope.add(() => {
      for (const client of clients) {
        client.destroy();
      }
    });
    await waitFor('the backlog to be full', () => {
      return new Promise<boolean>(resolve => {
        const client = connect(join(directory, 'full'));
        clients.push(client);
        client.once('connect', () => resolve(false));
        client.once('error', () => resolve(true));
      });
    });
    const {look, asked} = watch();
    expect(states(await look())).toEqual(['full unknown']);
    expect(asked('full')).toBe(0);
    expect(sight(pid)?.state).toBe('T');
  });
});

describe('sockets without a server', () => {
  test('hundreds of dead ones are absent, and cost no program', async () => {
    const program = `const net = require('node:net'); const {writeFileSync} = require('node:fs'); let left = 300;
      for (let i = 0; i < 300; i += 1) net.createServer().listen(${JSON.stringify(directory)} + '/dead-' + i, () => {
        left -= 1; if (left === 0) writeFileSync(${JSON.stringify(join(tmpdir, 'ready'))}, ''); });`;
    const maker = startProgram(scope, process.execPath, ['-e', program]);
    const {look, commands} = watch();
    await waitFor('the sockets', async () => (await look(1)).servers.length === 300);
    maker.child.kill('SIGKILL');
    await waitFor('the maker to end', () => sight(maker.pid) === null);
    await start('alive');
    const fresh = watch();
    const seen = await fresh.look();
    expect(states(seen).filter(state => state.endsWith(' absent'))).toHaveLength(300);
    expect(states(seen)).toContain('alive ok');
    expect(fresh.commands).toHaveLength(1);
    commands.length = 0;
    const again = await fresh.look();
    expect(again.servers).toEqual(seen.servers);
    expect(again.servers.every((server, index) => server === seen.servers[index])).toBe(true);
    expect(fresh.commands).toHaveLength(2);
  });

  test('one that may not be connected to is unknown', async () => {
    await listen('closed');
    const {look, commands} = watch({}, () => ({probeSocket: async () => 'denied'}));
    expect((await look()).servers).toMatchObject([{name: 'closed', state: 'unknown', because: expect.stringContaining('denied')}]);
    expect(commands).toEqual([]);
  });

  test('a refused connection where somebody listens on the path is unknown', async () => {
    await listen('replaced');
    const {look} = watch({}, () => ({probeSocket: async () => 'refused'}));
    expect(states(await look())).toEqual(['replaced unknown']);
  });
});

describe('tmux itself', () => {
  const pathWith = async (script: string | null): Promise<string> => {
    const bin = await scope.tempDir();
    if (script !== null) {
      await writeFile(join(bin, 'tmux'), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, 'tmux'), 0o755);
    }
    return bin;
  };

  test('not installed: a socket with a listener is unknown, no socket is no trouble', async () => {
    const PATH = await pathWith(null);
    expect((await watch({PATH}).look()).sources).toMatchObject([{target: 'default', state: 'absent'}]);
    await listen('work');
    expect((await watch({PATH}).look()).servers).toMatchObject([{state: 'unknown', because: 'tmux is not installed'}]);
  });

  test.each([
    'protocol version mismatch (client 8, server 7)',
    'server version is too old for client',
    'access not allowed',
    'lost server',
    'server exited unexpectedly',
    'error connecting to /tmp/x (Connection refused)',
    'no server running on /tmp/x',
    "can't find session: x",
    'who knows',
  ])('%j from a socket that accepts connections is unknown', async words => {
    await listen('work');
    const {look} = watch({PATH: await pathWith(`echo "${words}" >&2; exit 1`)});
    const {servers, sources} = await look();
    expect(servers).toMatchObject([{name: 'work', state: 'unknown', sessions: []}]);
    expect(sources).toMatchObject([{state: 'unknown', detail: expect.stringMatching(/./)}]);
  });

  test.each(['exit 0', 'echo nonsense', 'head -c 200 /dev/urandom', 'kill -KILL $$'])('%s is no answer', async script => {
    await listen('work');
    const {look} = watch({PATH: `${await pathWith(script)}:${process.env.PATH}`});
    expect(states(await look())).toEqual(['work unknown']);
  });
});
