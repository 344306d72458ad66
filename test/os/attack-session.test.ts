// Real sessions under attack: a socket that is taken away, hostile names, servers and windows started from inside, inherited marks.
import {copyFile, rename} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {isRefusal} from '../../src/core/domain/plan.ts';
import {identify, isAlive, MARKER, markedProcesses} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Acting, openActing, resultOf} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

let tmux: PrivateTmux;
let acting: Acting;

beforeEach(async () => {
  tmux = await privateTmux(scope);
  await tmux.newSession('keep', {command: ['sleep', '600']});
  acting = await openActing(scope, tmux);
});

const bystander = async () => {
  const pane = (await tmux.panes('=keep')).map(({pid}) => identify(pid))[0];
  if (pane === undefined) {
    throw new Error('no bystander');
  }
  return pane;
};

/** A program of this test by its name, among those that carry the marker of the private server. */
const called = (comm: string) =>
  waitFor(`${comm} to start`, () => {
    const seen = markedProcesses(tmux.env[MARKER] ?? '').find(each => each.comm === comm);
    return seen === undefined ? null : identify(seen.pid);
  });

describe('a socket file that somebody removed', () => {
  test('between plan and act: a session that lives on is not called gone', async () => {
    const pane = await tmux.newSession('work', {command: ['sleep', '600']});
    const plan = await acting.plan(['session:main/work']);
    const aside = `${tmux.socket}.aside`;
    await rename(tmux.socket, aside);
    const outcome = await acting.act(plan).finally(() => rename(aside, tmux.socket));
    const root = outcome.targets.find(({ref}) => ref === 'session:main/work');
    expect(outcome.ok).toBe(false);
    expect(root?.result).not.toMatch(/gone/);
    expect(isAlive(identify(pane.pid))).toBe(true);
  });

  test('in the middle of the act: the same', async () => {
    await tmux.newSession('work', {command: ['sh', '-c', 'trap "" TERM HUP; while :; do sleep 600; done']});
    const plan = await acting.plan(['session:main/work'], {graceMs: 300});
    const aside = `${tmux.socket}.aside`;
    let moving: Promise<void> | null = null;
    const outcome = await acting
      .act(plan, ({step}) => {
        if (step === 'term') {
          moving ??= rename(tmux.socket, aside);
        }
      })
      .finally(() => moving?.then(() => rename(aside, tmux.socket)));
    const names = (await tmux.run('list-sessions', '-F', '#{session_name}')).split('\n');
    const root = outcome.targets.find(({ref}) => ref === 'session:main/work');
    expect(names).toContain('keep');
    // The pane's program is gone, so tmux has closed the session by itself; but nobody could be asked.
    expect(root?.result).not.toMatch(/gone/);
  });
});

test('the last session of a server that stays without sessions is gone all the same', async () => {
  const alone = await privateTmux(scope, {name: 'alone', tmpdir: tmux.tmpdir});
  await alone.newSession('work', {command: ['sleep', '600']});
  await alone.run('set-option', '-s', 'exit-empty', 'off');
  const server = await alone.serverProcess();
  const outcome = await acting.act(await acting.plan(['session:alone/work']));
  expect(outcome).toMatchObject({ok: true, problems: []});
  expect(isAlive(server)).toBe(true);
});

test('hostile session names: exactly the named one ends', async () => {
  const names = [
    '-t keep',
    ';kill-server',
    '$(kill-server)',
    '`true`',
    'kee',
    'keep2',
    '=keep',
    '$0',
    '%0',
    '@0',
    '{last}',
    '!',
    'a/b',
    '‮peek',
    "x'; true; '",
  ];
  for (const name of names) {
    await tmux.run('new-session', '-d', '-x', '80', '-y', '24', '-s', name, 'sleep 600');
  }
  const kept = await bystander();
  const {snapshot} = await acting.engine.refresh();
  const sessions = snapshot.servers.flatMap(server => server.sessions).filter(({name}) => name !== 'keep');
  expect(sessions.length).toBe(names.length);
  for (const [index, {name}] of sessions.entries()) {
    const plan = await acting.plan([`session:main/${name}`]);
    expect(plan.sessions.map(each => each.name)).toEqual([name]);
    expect(await acting.act(plan), name).toMatchObject({ok: true});
    const left = await tmux.run('list-sessions', '-F', '#{session_id}');
    expect(left.split('\n').length).toBe(sessions.length - index);
  }
  expect(isAlive(kept)).toBe(true);
});

test('what was opened from a pane and keeps itself lives on: a tmux server with its sessions, a browser, a database', async () => {
  const bin = await scope.tempDir();
  for (const name of ['firefox', 'postgres', 'leftover']) {
    await copyFile('/bin/sleep', join(bin, name));
  }
  const line = [
    'tmux -L inner -f /dev/null new-session -d -s person "exec sleep 600"',
    ...['firefox', 'postgres', 'leftover'].map(name => `(setsid ${bin}/${name} 600 &)`),
    'exec sleep 600',
  ].join('\n');
  await tmux.newSession('work', {command: ['sh', '-c', line]});
  const inner = await privateTmux(scope, {name: 'inner', tmpdir: tmux.tmpdir});
  const [firefox, postgres, leftover] = [await called('firefox'), await called('postgres'), await called('leftover')];
  const person = await waitFor('the inner session', async () => (await inner.panes().catch(() => []))[0] ?? null);
  const server = await inner.serverProcess();
  const program = identify(person.pid);
  const outcome = await acting.act(await acting.plan(['session:main/work']));
  expect(resultOf(outcome, leftover.pid)).toBe('gone');
  for (const alive of [firefox, postgres, server, program, await bystander()]) {
    expect(isAlive(alive)).toBe(true);
    expect(resultOf(outcome, alive.pid)).toBeUndefined();
  }
});

test('a pane that was opened in the session after the plan is not ended with it', async () => {
  await tmux.newSession('work', {command: ['sleep', '600']});
  const plan = await acting.plan(['session:main/work']);
  await tmux.run('new-window', '-d', '-t', '=work:', 'exec sleep 601');
  const added = (await tmux.panes('=work')).map(({pid}) => identify(pid)).at(-1);
  const outcome = await acting.act(plan);
  expect(outcome.ok).toBe(false);
  expect(added !== undefined && isAlive(added)).toBe(true);
});

test('marks that a server was started with make nobody’s leftover a sure one', async () => {
  const marked = await privateTmux(scope, {name: 'marked', tmpdir: tmux.tmpdir, env: {CLAUDECODE: '1', GT_ROLE: 'shop/polecats/fury'}});
  await marked.newSession('person', {command: ['sleep', '600']});
  const bin = await scope.tempDir();
  for (const name of ['own-thing', 'agent-thing']) {
    await copyFile('/bin/sleep', join(bin, name));
  }
  await marked.newSession('short', {
    command: ['sh', '-c', `setsid ${bin}/own-thing 600 & GT_ROLE=shop/polecats/other setsid ${bin}/agent-thing 600 & sleep 600`],
  });
  const find = (comm: string) =>
    waitFor(comm, () => {
      const seen = markedProcesses(marked.env[MARKER] ?? '').find(each => each.comm === comm);
      return seen === undefined ? null : identify(seen.pid);
    });
  const [own, theirs] = [await find('own-thing'), await find('agent-thing')];
  await marked.run('kill-session', '-t', '=short');
  const judging = await openActing(scope, tmux, {settings: {orphanMinAgeMs: 0}});
  const verdicts = await waitFor('a verdict', async () => {
    const {findings} = await judging.engine.refreshUntilSettled();
    const about = (pid: number) => findings.find(({subject}) => subject === `process:${pid}`)?.certainty ?? 'none';
    return about(theirs.pid) === 'sure' ? about(own.pid) : null;
  });
  expect(verdicts).not.toBe('sure');
  const cleanup = await judging.engine.plan({action: 'cleanup', asked: []});
  expect(isRefusal(cleanup) ? [] : cleanup.targets.map(({pid}) => pid)).not.toContain(own.pid);
});
