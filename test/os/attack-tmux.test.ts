// Planted tmux sockets: a server is trusted by its client with the environment and with what to run, so none but one's own is spoken to.
import {chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {createHandOver} from '../../src/core/look/hand-over.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {createTmuxCollector} from '../../src/sources/tmux/read/tmux-collector.ts';
import {builtBinary} from '../support/built.ts';
import {canBeOthers, otherUser} from '../support/other-user.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const MSG_SHELL = 209;
const MSG_COMMAND = 200;

/** Somebody else's server, as an attacker writes it: takes what the client sends of itself, then tells it to run a program. */
const plant = async (path: string, program: string): Promise<{readonly heard: () => string; readonly calls: () => number}> => {
  const heard: Buffer[] = [];
  let calls = 0;
  const server = createServer(socket => {
    calls += 1;
    socket.on('error', () => undefined);
    socket.on('data', bytes => {
      heard.push(bytes);
      const command = Buffer.alloc(4);
      command.writeUInt32LE(MSG_COMMAND);
      if (bytes.includes(command)) {
        const head = Buffer.alloc(16);
        head.writeUInt32LE(MSG_SHELL, 0);
        head.writeUInt16LE(16 + program.length + 1, 4);
        head.writeUInt32LE(8, 8);
        head.writeUInt32LE(process.pid, 12);
        socket.write(Buffer.concat([head, Buffer.from(`${program}\0`)]));
      }
    });
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  chmodSync(path, 0o777);
  scope.add(() => new Promise(resolve => server.close(resolve)));
  return {heard: () => Buffer.concat(heard).toString('latin1'), calls: () => calls};
};

let base = '';
let directory = '';
let evil = '';
beforeEach(async () => {
  base = await scope.tempDir();
  directory = join(base, `tmux-${process.getuid?.()}`);
  mkdirSync(directory, {mode: 0o700});
  evil = join(base, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\nid > '${base}/pwned'\n`, {mode: 0o755});
});

const look = async (sockets: readonly string[] | null = null, env: Readonly<Record<string, string>> = {}) => {
  const host = createHost({
    markers: MARKERS,
    env: {...process.env, TMUX: undefined, TMUX_TMPDIR: base, ANTHROPIC_API_KEY: 'sk-victim-secret', ...env},
  });
  scope.add(host.close);
  const collector = createTmuxCollector(host, {...DEFAULT_SETTINGS, sockets}, () => true);
  return {host, ...(await collector.collect(3000, Promise.resolve(null)))};
};

const refusals = ({sources}: Awaited<ReturnType<typeof look>>) => sources.map(({state, detail}) => [state, detail]);

describe('no connection is made to', () => {
  test('anything in a directory that others may enter', async () => {
    const server = await plant(join(directory, 'default'), evil);
    chmodSync(directory, 0o777);
    expect(refusals(await look())).toEqual([['unknown', expect.stringContaining('other users may enter it')]]);
    expect(refusals(await look(['default']))).toEqual([['unknown', expect.stringContaining('other users may enter it')]]);
    expect(server.calls()).toBe(0);
  });

  test('anything behind a link in place of the directory', async () => {
    const elsewhere = join(base, 'elsewhere');
    mkdirSync(elsewhere, {mode: 0o700});
    const server = await plant(join(elsewhere, 'default'), evil);
    const linked = await scope.tempDir();
    symlinkSync(elsewhere, join(linked, `tmux-${process.getuid?.()}`));
    expect(refusals(await look(null, {TMUX_TMPDIR: linked}))).toEqual([['unknown', expect.stringContaining('symbolic link')]]);
    expect(server.calls()).toBe(0);
  });

  test('a socket below a directory in which every user may write, named by hand or by $TMUX', async () => {
    const open = join(base, 'open');
    mkdirSync(join(open, 'mine'), {recursive: true});
    const server = await plant(join(open, 'mine', 's'), evil);
    chmodSync(open, 0o777);
    const path = join(open, 'mine', 's');
    expect(refusals(await look([path]))).toEqual([['unknown', expect.stringContaining(`every user may write in ${open}`)]]);
    expect(refusals(await look(null, {TMUX: `${path},1,0`}))).toEqual([['unknown', expect.stringContaining('every user may write')]]);
    const {host} = await look([path]);
    expect(await createHandOver(host, SOURCES).capturePane({socket: path, paneId: '%0'}, 1)).toMatchObject({ok: false});
    expect(server.calls()).toBe(0);
    chmodSync(open, 0o1777);
    await look([path]);
    expect(server.calls()).toBeGreaterThan(0);
  });

  describe.runIf(canBeOthers)('what another user has made', () => {
    test('the directory, a socket in ours, a link in ours to theirs', async () => {
      const server = await plant(join(directory, 'default'), evil);
      chownSync(join(directory, 'default'), 4242, 4242);
      symlinkSync(join(directory, 'default'), join(directory, 'link'));
      const seen = await look();
      expect(refusals(seen)).toEqual([
        ['unknown', 'not spoken to: it belongs to user 4242'],
        ['unknown', 'not spoken to: it belongs to user 4242'],
      ]);
      chownSync(directory, 4242, 4242);
      expect(refusals(await look())).toEqual([['unknown', expect.stringContaining('it belongs to user 4242')]]);
      expect(server.calls()).toBe(0);
    });

    test('the whole program, as root and as an ordinary user: nothing heard, nothing run, one source unknown', async () => {
      const binary = await builtBinary();
      const victim = await otherUser(scope, 4243);
      for (const uid of [0, victim.uid]) {
        const open = await scope.tempDir();
        chmodSync(open, 0o1777);
        const planted = join(open, `tmux-${uid}`);
        mkdirSync(planted);
        chmodSync(planted, 0o777);
        const server = await plant(join(planted, 'default'), evil);
        chownSync(join(planted, 'default'), 4242, 4242);
        chownSync(planted, 4242, 4242);
        const env = {TMUX_TMPDIR: open, ANTHROPIC_API_KEY: 'sk-victim-secret'};
        const user = uid === 0 ? await otherUser(scope, 0) : victim;
        const {code, stdout} = await user.run(process.execPath, [binary, 'status', '--read-only', '--json'], {env});
        const {sources} = JSON.parse(stdout) as {sources: readonly {source: string; target: string; state: string; detail: string}[]};
        expect(sources.filter(({source}) => source === 'tmux')).toMatchObject([
          {target: planted, state: 'unknown', detail: expect.stringContaining('belongs to user 4242')},
        ]);
        expect([code === 3 || code === 1, server.calls(), server.heard()]).toEqual([true, 0, '']);
      }
    });
  });
});

beforeAll(builtBinary);

test('a server of one’s own is asked as before, and hears of no keys', async () => {
  const tmux = await privateTmux(scope, {tmpdir: base});
  await tmux.newSession('gt-one', {command: ['sleep', '600']});
  const {servers} = await look();
  expect(servers).toMatchObject([{state: 'ok', sessions: [{name: 'gt-one'}]}]);
  const spy = await plant(join(directory, 'spy'), evil);
  await look();
  expect(spy.calls()).toBeGreaterThan(0);
  expect(spy.heard()).toContain('PATH=');
  expect(spy.heard()).not.toContain('sk-victim-secret');
});
