import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Server, Session} from '../../src/core/domain/multiplexer.ts';
import type {Process} from '../../src/core/domain/process.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createTmuxCollector, type TmuxCollector, type TmuxLook} from '../../src/sources/tmux/read/tmux-collector.ts';
import {signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';
import {process as aProcess} from '../support/world.ts';

const scope = createScope();
afterEach(scope.close);

/** Generous for a server that works; servers that hang are given less by their tests. */
const DEADLINE_MS = 15_000;
const NOBODY: Promise<null> = Promise.resolve(null);

interface Watch {
  readonly host: Host;
  /** Programs run so far. */
  readonly commands: string[][];
  look(deadlineMs?: number): Promise<TmuxLook>;
  server(name: string, deadlineMs?: number): Promise<Server>;
}

interface WatchOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly sockets?: readonly string[];
  readonly needsEnvironment?: (session: Session) => boolean;
}

const watch = (tmpdir: string, {env = {}, sockets, needsEnvironment = () => false}: WatchOptions = {}): Watch => {
  const real = createHost({markers: MARKERS, env: {...process.env, TMUX: undefined, TMUX_TMPDIR: tmpdir, ...env}});
  scope.add(real.close);
  const commands: string[][] = [];
  const host: Host = {
    ...real,
    run: (file, args, options) => {
      commands.push([file, ...args]);
      return real.run(file, args, options);
    },
  };
  const settings: Settings = {...DEFAULT_SETTINGS, sockets: sockets ?? null};
  const collector: TmuxCollector = createTmuxCollector(host, settings, needsEnvironment);
  const look = (deadlineMs = DEADLINE_MS): Promise<TmuxLook> => collector.collect(deadlineMs, NOBODY);
  const server = async (name: string, deadlineMs = DEADLINE_MS): Promise<Server> => {
    const {servers} = await look(deadlineMs);
    const found = servers.find(one => one.name === name);
    if (found === undefined) {
      throw new Error(`no server ${name} among ${servers.map(one => one.name)}`);
    }
    return found;
  };
  return {host, commands, look, server};
};

const started = async (name = 'main', tmpdir?: string): Promise<PrivateTmux> => {
  const tmux = await privateTmux(scope, {name, ...(tmpdir === undefined ? {} : {tmpdir})});
  await tmux.newSession('first', {command: ['sleep', '600']});
  return tmux;
};

/** Whether tmux will not have such a name: from 3.8 on it takes no control characters. */
const refuses = (made: Promise<unknown>): Promise<boolean> =>
  made.then(
    () => false,
    (error: Error) => {
      expect(error.message).toMatch(/invalid (session|window) name/);
      return true;
    },
  );

describe('a server that answers', () => {
  test('sessions, windows and panes, in one program', async () => {
    const tmux = await started();
    await tmux.run('split-window', '-d', '-t', '=first:', 'sleep 601');
    const seen = watch(tmux.tmpdir);
    const server = await seen.server('main');
    expect(server).toMatchObject({
      state: 'ok',
      socket: tmux.socket,
      version: await tmux.run('display-message', '-p', '#{version}'),
      pid: (await tmux.serverProcess()).pid,
    });
    const panes = await tmux.panes();
    expect(server.sessions).toMatchObject([{name: 'first', server: 'main', attached: 0, group: null, env: null}]);
    expect(server.sessions[0]?.panes.map(({id, pid, dead}) => ({id, pid, dead}))).toEqual(panes);
    expect(server.sessions[0]?.panes[1]?.startCommand).toBe('sleep 601');
    expect(seen.commands).toHaveLength(1);
  });

  test('what did not change is the same record, look after look', async () => {
    const tmux = await started();
    const {server} = watch(tmux.tmpdir);
    const first = await server('main');
    expect(await server('main')).toBe(first);
    await tmux.newSession('second', {command: ['sleep', '600']});
    const then = await server('main');
    expect(then.sessions).toHaveLength(2);
    expect(then.sessions.find(({name}) => name === 'first')).toBe(first.sessions[0]);
  });

  test.each(['tab\there', 'quo"te \'s', 'a:b.c', 'emoji 🦊 é 汉字', 'new\nline', '#{pid} | ; \\'])('a session called %j', async name => {
    const tmux = await started();
    if (await refuses(tmux.newSession(name, {command: ['sleep', '600']}))) {
      expect(name).toMatch(/[\t\n]/);
      return;
    }
    const {sessions} = await watch(tmux.tmpdir, {env: {LANG: 'C', LC_ALL: 'C'}}).server('main');
    expect(sessions).toHaveLength(2);
    const other = sessions.find(session => session.name !== 'first');
    // tmux rewrites some characters of a name, other ones in other versions: what it answers for this session is what counts.
    expect(other?.name).toBe(await tmux.run('display-message', '-p', '-t', `${other?.id}:`, '#{session_name}'));
  });

  test('window names and start commands with anything in them', async () => {
    const tmux = await started();
    const command = 'sleep 602 # one\ntwo\t"three"';
    if (await refuses(tmux.run('new-window', '-d', '-n', 'a\tb\nc|🦊\u001b[31m', command))) {
      await tmux.run('new-window', '-d', '-n', 'ab c|🦊', command);
    }
    await tmux.run('new-window', '-d', '-n', '$0', 'sleep', '603');
    const {sessions} = await watch(tmux.tmpdir).server('main');
    const windows = sessions[0]?.panes ?? [];
    expect(windows).toHaveLength(3);
    for (const {windowId, windowName} of windows) {
      expect(windowName).toBe(await tmux.run('display-message', '-p', '-t', windowId, '#{window_name}'));
    }
    expect(windows[1]?.startCommand).toContain('three');
    expect(windows[2]?.startCommand).toBe('sleep 603');
  });

  test('a dead pane, a group, an attached client', async () => {
    const tmux = await started();
    await tmux.run('set-option', '-g', 'remain-on-exit', 'on');
    await tmux.run('new-window', '-d', 'exit 7');
    await tmux.run('new-session', '-d', '-s', 'twin', '-t', '=first');
    const {server} = watch(tmux.tmpdir);
    const {sessions} = await waitFor('the pane to die', async () => {
      const seen = await server('main');
      return seen.sessions[0]?.panes[1]?.dead && seen;
    });
    expect(sessions[0]?.panes[1]).toMatchObject({dead: true, exitStatus: 7, tty: ''});
    expect(sessions.map(({name, group}) => [name, group])).toEqual([
      ['first', 'first'],
      ['twin', 'first'],
    ]);
    expect(sessions[1]?.panes.map(({id}) => id)).toEqual(sessions[0]?.panes.map(({id}) => id));
    startProgram(scope, 'tmux', ['-S', tmux.socket, '-C', 'attach-session', '-t', '=twin'], {env: tmux.env});
    await waitFor('a client', async () => (await server('main')).sessions[1]?.attached === 1);
  });

  test('a server without sessions is there all the same', async () => {
    const tmux = await started();
    await tmux.run('set-option', '-g', 'exit-empty', 'off');
    await tmux.run('kill-session', '-t', '=first');
    expect(await watch(tmux.tmpdir).server('main')).toMatchObject({state: 'ok', sessions: []});
  });
});

describe('environments', () => {
  test('of those asked about, markers only, in one program; kept while they are young', async () => {
    const tmux = await started();
    await tmux.newSession('gt-a', {command: ['sleep', '600'], env: {GT_ROLE: 'crew', GT_API_TOKEN: 'secret'}});
    await tmux.newSession('gt-b', {command: ['sleep', '600']});
    await tmux.run('set-environment', '-t', '=gt-b', 'GT_ROLE', 'two\nlines"; export GT_ROLE; x');
    const seen = watch(tmux.tmpdir, {needsEnvironment: ({name}) => name.startsWith('gt-')});
    const {sessions} = await seen.server('main');
    expect(sessions.map(({name, env}) => [name, env?.GT_ROLE, env?.GT_API_TOKEN])).toEqual([
      ['first', undefined, undefined],
      ['gt-a', 'crew', undefined],
      ['gt-b', 'two\nlines"; export GT_ROLE; x', undefined],
    ]);
    expect(sessions[0]?.env).toBeNull();
    expect(seen.commands).toHaveLength(2);
    expect((await seen.server('main')).sessions[1]).toBe(sessions[1]);
    expect(seen.commands).toHaveLength(3);
  });

  test('of more sessions than fit one question: two programs beside the listing, and every session answered', async () => {
    const tmux = await started();
    const more = Array.from({length: 150}, (_, index) => [
      'new-session',
      '-d',
      '-s',
      `gt-${index}`,
      '-e',
      `GT_CREW=c${index}`,
      'sleep',
      '600',
      ';',
    ]);
    // One command has a limited length since 3.8.
    for (let from = 0; from < more.length; from += 25) {
      await tmux.run(
        ...more
          .slice(from, from + 25)
          .flat()
          .slice(0, -1),
      );
    }
    const seen = watch(tmux.tmpdir, {needsEnvironment: ({name}) => name.startsWith('gt-')});
    const {sessions} = await seen.server('main');
    expect(sessions.filter(({name, env}) => env?.GT_CREW === name.replace('gt-', 'c'))).toHaveLength(150);
    expect(seen.commands).toHaveLength(3);
  });
});

describe('which servers', () => {
  test('every socket in the directory; only those asked for; the one rigtop sits in', async () => {
    const one = await started('one');
    const two = await started('two', one.tmpdir);
    const elsewhere = await started('one');
    const names = async (options: WatchOptions): Promise<readonly string[]> =>
      (await watch(one.tmpdir, options).look()).servers.map(({name, state}) => `${name} ${state}`);
    expect(await names({})).toEqual(['one ok', 'two ok']);
    expect(await names({sockets: ['two']})).toEqual(['two ok']);
    expect(await names({sockets: [two.socket, 'none']})).toEqual(['none absent', 'two ok']);
    const both = await names({env: {TMUX: `${elsewhere.socket},123,0`}});
    expect(both).toEqual(expect.arrayContaining([`${one.socket} ok`, `${elsewhere.socket} ok`, 'two ok']));
  });

  test('one that was told to listen on a path of its own is asked there, and takes no name from the others', async () => {
    const one = await started('one');
    const far = await started('far');
    const other = await started('one');
    const told = async (tmux: PrivateTmux): Promise<Process> => {
      const {pid} = await tmux.serverProcess();
      return aProcess(pid, 1, ['tmux', '-S', tmux.socket, 'new-session'], {uid: process.getuid?.() ?? 0, comm: 'tmux: server'});
    };
    const processes = new Map((await Promise.all([far, other].map(told))).map(each => [each.pid, each] as const));
    const names = (collector: TmuxCollector) => async (): Promise<readonly string[]> =>
      (await collector.collect(DEADLINE_MS, Promise.resolve({processes}))).servers.map(({name, state}) => `${name} ${state}`).sort();
    const all = names(createTmuxCollector(watch(one.tmpdir).host, DEFAULT_SETTINGS, () => false));
    expect(await all()).toEqual([`${other.socket} ok`, 'far ok', 'one ok']);
    await far.killServer();
    processes.clear();
    expect(await all()).toEqual([`${other.socket} ok`, 'far absent', 'one ok']);
    const asked = {...DEFAULT_SETTINGS, sockets: ['one']};
    expect(await names(createTmuxCollector(watch(one.tmpdir).host, asked, () => false))()).toEqual(['one ok']);
  });

  test('no directory, an empty one, one that holds other things', async () => {
    const dir = await scope.tempDir();
    const sources = async (): Promise<TmuxLook['sources']> => (await watch(dir).look()).sources;
    expect(await sources()).toMatchObject([{source: 'tmux', target: 'default', state: 'absent'}]);
    const sockets = join(dir, `tmux-${process.getuid?.()}`);
    await mkdir(sockets, {mode: 0o700});
    expect(await sources()).toMatchObject([{target: 'default', state: 'absent'}]);
    await writeFile(join(sockets, 'default.lock'), '');
    expect(await sources()).toMatchObject([{target: 'default', state: 'absent'}]);
  });

  test('a directory that cannot be listed is unknown, and no reason to forget the servers', async () => {
    const tmux = await started();
    const seen = watch(tmux.tmpdir);
    const refusing: Host = {
      ...seen.host,
      files: {...seen.host.files, list: async () => ({state: 'unknown', because: 'permission denied'})},
    };
    const {sources, servers} = await createTmuxCollector(refusing, DEFAULT_SETTINGS, () => false).collect(DEADLINE_MS, NOBODY);
    expect(sources.find(({state}) => state === 'unknown')).toMatchObject({detail: expect.stringContaining('permission denied')});
    expect(servers.map(({state}) => state)).toEqual(['ok']);
  });
});

describe('a server that ends', () => {
  test('is absent, and stays on the list', async () => {
    const tmux = await started();
    const {server} = watch(tmux.tmpdir);
    expect((await server('main')).state).toBe('ok');
    await tmux.killServer();
    expect(await server('main')).toMatchObject({state: 'absent', sessions: [], pid: null});
    expect((await server('main')).state).toBe('absent');
    await tmux.newSession('again', {command: ['sleep', '600']});
    expect(await server('main')).toMatchObject({state: 'ok', sessions: [{name: 'again'}]});
  });

  test('leaves a dead socket behind when it is killed', async () => {
    const tmux = await started();
    const {server, commands} = watch(tmux.tmpdir);
    signalTo(await tmux.serverProcess(), 'SIGKILL');
    await waitFor('the socket to be dead', async () => (await server('main')).state === 'absent');
    commands.length = 0;
    await server('main');
    expect(commands).toEqual([]);
  });

  test('a server whose socket file was removed lives, and the process table tells how to reach it', async () => {
    const tmux = await started();
    const {pid} = await tmux.serverProcess();
    const host = createHost({markers: MARKERS, env: {...process.env, TMUX: undefined, TMUX_TMPDIR: tmux.tmpdir}});
    scope.add(host.close);
    const collector = createTmuxCollector(host, DEFAULT_SETTINGS, () => false);
    const look = async () =>
      collector.collect(
        DEADLINE_MS,
        host.readTables(DEADLINE_MS).then(({processes}) => (processes.known ? processes.value : null)),
      );
    await look();
    await rm(tmux.socket);
    const {servers, sources} = await look();
    expect(servers).toMatchObject([{name: 'main', state: 'unknown', because: expect.stringContaining('removed')}]);
    expect(sources).toMatchObject([{state: 'unknown', hint: `SIGUSR1 to ${pid} recreates the socket`}]);
    process.kill(pid, 'SIGUSR1');
    await waitFor('the socket to be back', async () => (await look()).servers[0]?.state === 'ok');
  });
});
