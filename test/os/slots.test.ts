import {execFile} from 'node:child_process';
import {mkdir, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {isAlive} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startOne, startOrphan, startTree} from '../support/throwaway.ts';
import {buildSlotFleet, perform, planOf, type SlotFleet} from './slots-fleet.ts';

const execute = promisify(execFile);

let scope: Scope;
let repo: SlotFleet;

beforeEach(async () => {
  scope = createScope();
  repo = await buildSlotFleet(scope);
});
afterEach(() => scope.close());

const stateOf = ({services}: Assessment, slot: number): string | undefined => services.find(service => service.slot === slot)?.state;

const listening = (port: number, cwd: string) => ({cwd, listen: {host: '127.0.0.1', port}});

describe('reading', () => {
  it('finds a repository through a link, and its slots by the resolved place', async () => {
    await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const link = join(await scope.tempDir(), 'link');
    await symlink(repo.root, link);
    await startOne(scope, listening(repo.base + 1, repo.tree('feat-a')));
    const assessment = await repo.supervise({}, {repos: [link]}).refresh();
    expect(assessment.snapshot.repos.map(({realRoot}) => realRoot)).toEqual([repo.root]);
    expect(stateOf(assessment, 1)).toBe('up');
  });

  it.each([
    ['half-written', '{"version": 1, "sess'],
    ['of a newer version', '{"version": 9, "sessions": []}'],
  ])('a state file that is %s is a blind spot, not an empty list', async (_, text) => {
    await writeFile(join(repo.root, '.ecluse', 'state.json'), text);
    const {snapshot, findings} = await repo.supervise().refresh();
    expect(snapshot.repos[0]?.sessions.known).toBe(false);
    expect(findings.filter(({kind}) => kind === 'blind-spot').map(({subject}) => subject)).toContain(`source:ecluse/${repo.root}`);
  });

  it('lists work trees with branch, dirt, locks and what can be pruned', async () => {
    const dirty = await repo.addTree('dirty');
    await writeFile(join(dirty, 'new'), 'x');
    const locked = await repo.addTree('locked');
    await execute('git', ['worktree', 'lock', '--reason', 'on a stick', locked], {cwd: repo.root});
    await rm(await repo.addTree('gone'), {recursive: true});
    const {snapshot} = await repo.supervise().refresh();
    const byBranch = new Map(snapshot.worktrees.map(tree => [tree.branch, tree]));
    expect(byBranch.get('dirty')).toMatchObject({dirty: {known: true, value: true}, main: false, mainRoot: repo.root});
    expect(byBranch.get('locked')).toMatchObject({dirty: {known: true, value: false}, locked: 'on a stick'});
    expect(byBranch.get('gone')?.prunable).not.toBeNull();
  });
});

describe('flush', () => {
  it('frees the slot, and leaves the neighbour, the main work tree and strangers alive', async () => {
    const a = await repo.addTree('feat-a');
    const b = await repo.addTree('feat-b');
    await mkdir(join(a, 'packages', 'app'), {recursive: true});
    await repo.tmux.newSession('ecluse-feat-a', {cwd: a, command: ['sleep', '600']});
    await repo.writeState([repo.record('feat-a', 1), repo.record('feat-b', 2)]);
    const squatter = await startOrphan(scope, {name: 'squatter', ...listening(repo.base + 1, await scope.tempDir())});
    const deep = await startTree(scope, {
      name: 'deep',
      cwd: join(a, 'packages', 'app'),
      children: [{name: 'below', setsid: true, cwd: '/'}],
    });
    const neighbour = await startOne(scope, {name: 'neighbour', ...listening(repo.base + 2, b)});
    const inMain = await startOne(scope, {name: 'main', cwd: repo.root});
    const stranger = await startOne(scope, {name: 'stranger', cwd: '/'});

    const engine = repo.supervise();
    const before = await engine.refreshUntilSettled();
    expect(stateOf(before, 1)).toBe('wrong-owner');
    expect(stateOf(before, 2)).toBe('up');
    const outcome = await perform(engine, planOf(engine, {action: 'flush', asked: ['slot:shop/1']}));

    expect(outcome).toMatchObject({ok: true, ports: [{port: repo.base + 1, free: true}]});
    expect([squatter, deep.root, deep.get('below')].map(isAlive)).toEqual([false, false, false]);
    expect([neighbour, inMain, stranger].map(isAlive)).toEqual([true, true, true]);
    const after = await engine.refresh();
    expect(after.snapshot.servers.flatMap(({sessions}) => sessions.map(({name}) => name))).toEqual([]);
    expect(stateOf(after, 2)).toBe('up');
  });

  it('ends what lives in a work tree that has been deleted', async () => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const left = await startOne(scope, {name: 'left', ...listening(repo.base + 1, a)});
    await rm(a, {recursive: true});
    const engine = repo.supervise();
    await engine.refreshUntilSettled();
    const outcome = await perform(engine, planOf(engine, {action: 'flush', asked: ['slot:shop/1']}));
    expect(outcome.ok).toBe(true);
    expect(isAlive(left)).toBe(false);
  });

  it('says when somebody still lives there, and then it is no success', async () => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    await startOne(scope, {name: 'first', cwd: a});
    const engine = repo.supervise();
    await engine.refreshUntilSettled();
    const plan = planOf(engine, {action: 'flush', asked: ['slot:shop/1']});
    // Whoever moves in after the plan was confirmed was not shown to anybody, so it is named and left alone.
    const late = await startOne(scope, {name: 'late', cwd: a});
    const outcome = await perform(engine, plan);
    expect(outcome.ok).toBe(false);
    expect(outcome.targets).toContainEqual(expect.objectContaining({pid: late.pid, result: 'survived'}));
    expect(isAlive(late)).toBe(true);
  });
});

/** Prints nothing, listens on the port given as its only argument, in a window or below a starter. */
const SERVE = "require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1'); setInterval(() => undefined, 1000)";

describe('restart', () => {
  it('runs the window’s command again in the same place, and waits until the port is its own', async () => {
    const a = await repo.addTree('feat-a');
    await repo.tmux.newSession('ecluse-feat-a', {cwd: a, command: ['sleep', '600']});
    await repo.tmux.run(
      'new-window',
      '-d',
      '-t',
      '=ecluse-feat-a:',
      '-n',
      'web',
      '-c',
      a,
      `exec ${process.execPath} -e "${SERVE}" ${repo.base + 1}`,
    );
    await repo.writeState([repo.record('feat-a', 1)]);
    const engine = repo.supervise();
    await expect.poll(async () => stateOf(await engine.refresh(), 1), {timeout: 20_000}).toBe('up');
    const before = (await engine.refresh()).services[0]?.listeners[0]?.pid;

    const outcome = await perform(engine, planOf(engine, {action: 'restart', asked: ['slot:shop/1/web']}));

    expect(outcome).toMatchObject({ok: true, started: [{ref: 'slot:shop/1/web', result: 'up'}]});
    const after = await engine.refresh();
    expect(stateOf(after, 1)).toBe('up');
    expect(after.services[0]?.listeners[0]?.pid).not.toBe(before);
    expect(after.snapshot.servers.flatMap(({sessions}) => sessions.map(({name}) => name))).toEqual(['ecluse-feat-a']);
  });

  it('leaves the start to ecluse, in the work tree and without the caller’s variables', async () => {
    const a = await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const bin = await scope.tempDir();
    const seen = join(bin, 'seen');
    const script = `#!/bin/sh\nprintf '%s|%s|%s' "$*" "$PWD" "$GT_ROLE$TMUX$CLAUDECODE" > ${seen}\nsetsid ${process.execPath} -e "${SERVE}" ${repo.base + 1} >/dev/null 2>&1 &\necho started web\n`;
    await writeFile(join(bin, 'ecluse'), script, {mode: 0o755});
    const env = {PATH: `${bin}:${process.env.PATH}`, GT_ROLE: 'x', TMUX: 'x,1,0', CLAUDECODE: '1'};
    const engine = repo.supervise(env);
    await engine.refreshUntilSettled();
    const outcome = await perform(engine, planOf(engine, {action: 'restart', asked: ['slot:shop/1/web']}));
    expect(outcome).toMatchObject({ok: true, started: [{result: 'up', output: ['started web']}]});
    const {stdout} = await execute('cat', [seen]);
    expect(stdout).toBe(`up feat-a|${a}|`);
  });

  it('is not up when the starter fails, and says what it said', async () => {
    await repo.addTree('feat-a');
    await repo.writeState([repo.record('feat-a', 1)]);
    const bin = await scope.tempDir();
    await writeFile(join(bin, 'ecluse'), '#!/bin/sh\necho "error: slot is locked" >&2\nexit 1\n', {mode: 0o755});
    const engine = repo.supervise({PATH: `${bin}:${process.env.PATH}`});
    await engine.refreshUntilSettled();
    const outcome = await perform(engine, planOf(engine, {action: 'restart', asked: ['slot:shop/1/web']}));
    expect(outcome).toMatchObject({ok: false, started: [{result: 'failed', because: 'ecluse: error: slot is locked'}]});
  });
});
