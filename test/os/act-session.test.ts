// Ending real tmux sessions on a private server: every pane, what escaped, what was renamed, what came back, and nobody else.

import {readdirSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readJournal} from '../../src/core/act/read-journal.ts';
import {killPane, killSession} from '../../src/sources/tmux/tmux-control.act.ts';
import {isAlive, type Sighted, sight} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Acting, type Bystanders, openActing, resultOf, startBystanders} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

let tmux: PrivateTmux;
let acting: Acting;
let bystanders: Bystanders;
let cwd: string;

beforeEach(async () => {
  tmux = await privateTmux(scope);
  cwd = await scope.tempDir();
  // Another session of the same server, with a name that the first is a prefix of, in the same directory.
  await tmux.newSession('work-b', {cwd, command: ['sleep', '600']});
  bystanders = await startBystanders(scope, {cwd});
  acting = await openActing(scope, tmux);
});

const sessionNames = async (): Promise<readonly string[]> => (await tmux.run('list-sessions', '-F', '#{session_name}')).split('\n').sort();

const byComm = (comm: string): readonly Sighted[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => sight(Number(name)) ?? [])
    .filter(seen => seen.comm === comm && seen.state !== 'Z');

/** A script in the session's directory, whose children can be told by their names. */
const script = async (name: string, text: string): Promise<string> => {
  const path = join(cwd, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`, {mode: 0o755});
  return path;
};

/** A copy of sleep under a name of its own, so that a process can be found by it. */
const named = async (name: string): Promise<string> => {
  const {copyFile, chmod} = await import('node:fs/promises');
  const path = join(cwd, name);
  await copyFile('/bin/sleep', path);
  await chmod(path, 0o755);
  return path;
};

const started = (comm: string): Promise<Sighted> => waitFor(`${comm} to start`, () => byComm(comm)[0]);

const unlocked = {unlocks: ['shell'] as const};

describe('the order to tmux itself', () => {
  test('ends a session only while id, creation and server are the same', async () => {
    const pane = await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    const [id = '', created] = (await tmux.run('display-message', '-p', '-t', '=work:', '#{session_id} #{session_created}')).split(' ');
    const {pid} = await tmux.serverProcess();
    const session = {socket: tmux.socket, id, created: Number(created), serverPid: pid};
    await killSession(acting.host, {...session, created: session.created + 1});
    await killSession(acting.host, {...session, serverPid: pid + 1});
    expect(await killSession(acting.host, {...session, id: '=work-b'})).toContain('no session id');
    await killPane(acting.host, tmux.socket, pid, pane.id, pane.pid + 1);
    await killPane(acting.host, tmux.socket, pid + 1, pane.id, pane.pid);
    await killPane(acting.host, tmux.socket, pid, pane.id, 0);
    expect(await sessionNames()).toEqual(['work', 'work-b']);
    await killSession(acting.host, session);
    expect(await sessionNames()).toEqual(['work-b']);
  });
});

describe('ending a session', () => {
  test('three windows, chains of shells, stopped, deaf, hung-up-proof and escaped programs: all gone, the session too', async () => {
    const deep = await named('v-deep');
    const escaped = await named('v-escaped');
    const forked = await named('v-forked');
    const deaf = await named('v-deaf');
    const stopped = await named('v-stopped');
    const nohup = await named('v-nohup');
    const chain = await script('chain', `sh -c 'sh -c "${deep} 600; :"; :'; :`);
    const leaver = await script('leaver', `setsid ${escaped} 600 & (setsid sh -c 'cd /; ${forked} 600 & exit' &) ; exec sleep 600`);
    const stubborn = await script(
      'stubborn',
      `trap '' TERM; nohup ${nohup} 600 >/dev/null 2>&1 & (trap '' TERM; exec ${deaf} 600) & ${stopped} 600 & while :; do sleep 1; done`,
    );
    await tmux.newSession('work', {cwd, command: [chain]});
    await tmux.run('new-window', '-d', '-t', '=work:', leaver);
    await tmux.run('new-window', '-d', '-t', '=work:', stubborn);
    const victims = await Promise.all(['v-deep', 'v-escaped', 'v-forked', 'v-deaf', 'v-stopped', 'v-nohup'].map(started));
    process.kill((await started('v-stopped')).pid, 'SIGSTOP');
    await waitFor('it to stop', () => byComm('v-stopped')[0]?.state === 'T');

    const plan = await acting.plan(['session:main/work']);
    expect(plan.targets.map(({pid}) => pid)).toEqual(expect.arrayContaining(victims.map(({pid}) => pid)));
    const outcome = await acting.act(plan);

    expect(outcome).toMatchObject({ok: true, refused: null, problems: []});
    expect(victims.filter(isAlive)).toEqual([]);
    expect(await sessionNames()).toEqual(['work-b']);
    expect(outcome.targets.find(({pid}) => pid === victims[5]?.pid)).toMatchObject({result: 'gone', signal: 'SIGKILL'});
    bystanders.assertAlive();
    const lines = await readJournal(acting.state);
    expect(lines[0]?.type).toBe('intent');
    expect(lines.at(-1)?.type).toBe('outcome');
  });

  test('a child forked on SIGTERM and one that leaves by setsid then are found and ended', async () => {
    const late = await named('v-late');
    const off = await named('v-off');
    const forker = await script(
      'forker',
      `trap 'nohup ${late} 600 >/dev/null 2>&1 & setsid ${off} 600 & sleep 0.3; exit' TERM; while :; do sleep 0.1; done`,
    );
    await tmux.newSession('work', {cwd, command: [forker]});
    const plan = await acting.plan(['session:main/work']);
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: true});
    expect([...byComm('v-late'), ...byComm('v-off')]).toEqual([]);
    expect([...outcome.late, ...outcome.escaped].length).toBeGreaterThanOrEqual(2);
    bystanders.assertAlive();
  });

  test('an interactive shell is hung up, not waited for', async () => {
    await tmux.newSession('work', {cwd, command: ['bash', '--norc', '-i']});
    const [pane] = await tmux.panes('=work:');
    await waitFor('the prompt', async () => (await tmux.run('capture-pane', '-p', '-t', pane?.id ?? '')).includes('$'));
    const plan = await acting.plan(['session:main/work'], unlocked);
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: true});
    expect(outcome.targets.find(({pid}) => pid === pane?.pid)).toMatchObject({result: 'gone', signal: 'SIGTERM'});
    bystanders.assertAlive();
  });

  test('renamed between plan and act: it is the same session', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    const plan = await acting.plan(['session:main/work']);
    await tmux.run('rename-session', '-t', '=work', 'other');
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: true});
    expect(await sessionNames()).toEqual(['work-b']);
  });

  test('ended and made anew under its name between plan and act: the new one is not touched', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    const plan = await acting.plan(['session:main/work']);
    await tmux.run('kill-session', '-t', '=work');
    const fresh = await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    const outcome = await acting.act(plan);
    expect(outcome.targets.map(({result}) => result)).not.toContain('gone');
    expect(await sessionNames()).toEqual(['work', 'work-b']);
    expect((await tmux.panes('=work:'))[0]?.pid).toBe(fresh.pid);
    bystanders.assertAlive();
  });

  test('a respawn hook is disarmed first, and the session stays gone', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    await tmux.run('set-option', '-t', '=work:', 'remain-on-exit', 'on');
    await tmux.run('set-hook', '-t', '=work:', 'pane-died', 'respawn-pane -k');
    const outcome = await acting.act(await acting.plan(['session:main/work']));
    expect(outcome).toMatchObject({ok: true});
    expect(outcome.tookMs).toBeGreaterThanOrEqual(3000);
    expect(await sessionNames()).toEqual(['work-b']);
  });

  test('a pane whose server missed the end of its child, as tmux may, still tells what its hook starts again', async () => {
    const session = await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    await tmux.run('set-option', '-t', '=work:', 'remain-on-exit', 'on');
    await tmux.run('set-hook', '-t', '=work:', 'pane-died', 'respawn-pane');
    let {pid} = session;
    for (let times = 0; times < 4; times += 1) {
      // Until it has become sleep(1) it is one more process of the server's program.
      await waitFor('the program in the pane', () => sight(pid)?.comm === 'sleep');
      const outcome = await acting.act(await acting.plan([`process:${pid}`]));
      const now = (await tmux.panes('=work:'))[0]?.pid;
      expect(outcome).toMatchObject({ok: false, targets: [{result: 'gone', because: `pane %1 started it again as ${now}`}]});
      pid = now ?? 0;
    }
  });

  test('a session that something makes again at once is told, not called gone', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    await tmux.run('set-option', '-t', '=work:', 'remain-on-exit', 'on');
    await tmux.run('set-hook', '-t', '=work:', 'pane-died', 'respawn-pane -k');
    await tmux.run('set-hook', '-g', 'session-closed', 'new-session -d -s work "sleep 600"');
    const outcome = await acting.act(await acting.plan(['session:main/work']));
    expect(outcome.ok).toBe(false);
    expect(outcome.targets.find(({pid}) => pid === null)).toMatchObject({
      result: 'survived',
      because: expect.stringContaining('started it again'),
    });
    await tmux.run('set-hook', '-gu', 'session-closed');
  });

  test('a hook that answers the end of a session is waited for', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    await tmux.run(
      'set-hook',
      '-g',
      'session-closed',
      `run-shell -b 'sleep 0.5; tmux -S ${tmux.socket} new-session -d -s work "sleep 600"'`,
    );
    const outcome = await acting.act(await acting.plan(['session:main/work']));
    await tmux.run('set-hook', '-gu', 'session-closed');
    expect(outcome.ok).toBe(false);
    expect(outcome.targets.find(({pid}) => pid === null)?.because).toContain('started it again');
  });

  test('windows shared with another session: that one is named, and a client on it protects both', async () => {
    await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    await tmux.run('new-session', '-d', '-t', '=work', '-s', 'viewer');
    const plan = await acting.plan(['session:main/work']);
    expect(plan.warnings.join()).toContain('session:main/viewer');
    await acting.act(plan);
    expect(await sessionNames()).toEqual(['work-b']);
  });

  test('rigtop inside the session refuses to end it', async () => {
    const pane = await tmux.newSession('work', {cwd, command: ['sleep', '600']});
    const inside = await openActing(scope, tmux, {env: {TMUX: `${tmux.socket},1,0`, TMUX_PANE: pane.id}});
    const refusal = await inside.refusal(['session:main/work'], {unlocks: ['shell', 'attached']});
    expect(refusal.rule).toBe('own-pane');
    expect(await sessionNames()).toEqual(['work', 'work-b']);
  });

  test('two at once: both succeed', async () => {
    const other = await openActing(scope, tmux);
    const chain = await script('chain', 'sleep 600 & sleep 600 & (trap "" TERM; sleep 600) & wait');
    const {pid} = await tmux.newSession('work', {cwd, command: [chain]});
    const [one, two] = await Promise.all([acting.plan(['session:main/work']), other.plan(['session:main/work'])]);
    const outcomes = await Promise.all([acting.act(one), other.act(two)]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ok: true});
      expect(['gone', 'already-gone']).toContain(resultOf(outcome, pid));
    }
    bystanders.assertAlive();
  });
});
