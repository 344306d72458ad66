// Ending real processes: chains, ignorers, escapees, bombs and ports; with a neighbour of every kind alive afterwards.
import {spawn} from 'node:child_process';
import {chmod, copyFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readJournal} from '../../src/core/act/read-journal.ts';
import {identify, isAlive, MARKER, sight} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startChain, startDefunct, startOne, startOrphan, startSharedListener, startStopped, startTree} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Acting, type Bystanders, openActing, resultOf, startBystanders} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

let acting: Acting;
let bystanders: Bystanders;
let cwd: string;

beforeEach(async () => {
  cwd = await scope.tempDir();
  bystanders = await startBystanders(scope, {cwd});
  acting = await openActing(scope, null);
});

const end = async (pid: number, force = false) => acting.act(await acting.plan([`process:${pid}`], {force}));

describe('ending processes', () => {
  test('a chain with shells in between, and nobody beside it', async () => {
    const sibling = await startOne(scope, {cwd});
    const tree = await startChain(scope, 4, {shells: true});
    const outcome = await end(tree.root.pid);
    expect(outcome).toMatchObject({ok: true, late: [], escaped: []});
    expect(tree.all().filter(isAlive)).toEqual([]);
    expect(isAlive(sibling)).toBe(true);
    bystanders.assertAlive();
  });

  test('who ignores SIGTERM and SIGHUP is killed after the grace; a sibling of the target in its group lives', async () => {
    const tree = await startTree(scope, {
      name: 'parent',
      children: [
        {name: 'deaf', ignore: ['SIGTERM', 'SIGHUP', 'SIGINT'], cwd},
        {name: 'bystander', cwd},
      ],
    });
    expect(sight(tree.get('deaf').pid)?.pgid).toBe(sight(tree.get('bystander').pid)?.pgid);
    const outcome = await end(tree.get('deaf').pid);
    expect(outcome.targets).toMatchObject([{result: 'gone', signal: 'SIGKILL'}]);
    expect(isAlive(tree.get('bystander')) && isAlive(tree.root)).toBe(true);
    bystanders.assertAlive();
  });

  test('--force kills at once', async () => {
    const deaf = await startOne(scope, {ignore: ['SIGTERM']});
    const outcome = await end(deaf.pid, true);
    expect(outcome.targets).toMatchObject([{result: 'gone', signal: 'SIGKILL'}]);
    expect(outcome.tookMs).toBeLessThan(3000);
  });

  test('a stopped process is continued so that it can end', async () => {
    const stopped = await startStopped(scope);
    const steps: string[] = [];
    const plan = await acting.plan([`process:${stopped.pid}`]);
    const outcome = await acting.act(plan, ({step}) => steps.push(step));
    expect(outcome.targets).toMatchObject([{result: 'gone', signal: 'SIGTERM'}]);
    expect(steps).toContain('continued');
  });

  test('a child forked on SIGTERM is found, ended and told', async () => {
    const tree = await startTree(scope, {name: 'forker', onTerm: {name: 'late', ignore: ['SIGTERM']}});
    const outcome = await end(tree.root.pid);
    expect(outcome.ok).toBe(true);
    expect(outcome.late).toMatchObject([{result: 'gone'}]);
    const late = tree.get('late');
    expect(isAlive(late)).toBe(false);
    const lines = await readJournal(acting.state);
    expect(lines.flatMap(line => (line.type === 'intent' ? line.targets.map(({pid}) => pid) : []))).toEqual(
      expect.arrayContaining([late.pid, tree.root.pid]),
    );
  });

  test('a bounded fork bomb is ended with all its children', async () => {
    const bomb = join(cwd, 'bomb.sh');
    // Each of the first generations forks two more before it waits; ten of them ignore SIGTERM.
    await writeFile(
      bomb,
      `#!/bin/sh\ntrap '' TERM\nif [ "$1" -gt 0 ]; then "$0" $(($1 - 1)) & "$0" $(($1 - 1)) & fi\nwhile :; do sleep 0.2; done\n`,
      {mode: 0o755},
    );
    const marker = scope.marker();
    const child = spawn(bomb, ['4'], {stdio: 'ignore', detached: true, env: {...process.env, [MARKER]: marker}});
    const root = identify(child.pid ?? 0);
    const {markedProcesses} = await import('../support/marked.ts');
    await waitFor('the bomb to grow', () => markedProcesses(marker).length >= 20);
    const plan = await acting.plan([`process:${root.pid}`], {graceMs: 300});
    const outcome = await acting.act(plan);
    expect(outcome.ok).toBe(true);
    expect(markedProcesses(marker)).toEqual([]);
    bystanders.assertAlive();
  });

  test('a port is free afterwards; one that somebody else holds too is not promised', async () => {
    const server = await startOne(scope, {listen: {host: '127.0.0.1'}});
    const plan = await acting.plan([`port:${server.port}`]);
    expect(plan.frees).toEqual([server.port]);
    expect(await acting.act(plan)).toMatchObject({ok: true, ports: [{port: server.port, free: true}]});

    const shared = await startSharedListener(scope);
    const child = shared.owners[1];
    const partial = await acting.plan([`process:${child?.pid}`]);
    expect(partial.frees).toEqual([]);
    const whole = await acting.plan([`port:${shared.port}`]);
    expect(whole.frees).toEqual([shared.port]);
    expect(await acting.act(whole)).toMatchObject({ok: true, ports: [{port: shared.port, free: true}]});
  });

  test('what its parent starts again is told, not called gone alone', async () => {
    const marker = scope.marker();
    const loop = spawn('/bin/sh', ['-c', 'while :; do sleep 600; done'], {
      stdio: 'ignore',
      detached: true,
      env: {...process.env, [MARKER]: marker},
    });
    const {markedProcesses} = await import('../support/marked.ts');
    const sleeping = (): number | undefined => markedProcesses(marker).find(({comm}) => comm === 'sleep')?.pid;
    const first = await waitFor('the loop to begin', sleeping);
    const outcome = await end(first);
    expect(outcome.ok).toBe(false);
    expect(outcome.targets).toMatchObject([
      {result: 'gone', because: `sh -c while :; do sleep 600; done ${loop.pid} started it again as ${sleeping()}`},
    ]);
  });

  test('an orphan of the double fork', async () => {
    const orphan = await startOrphan(scope, {ignore: ['SIGHUP']});
    const outcome = await end(orphan.pid);
    expect(resultOf(outcome, orphan.pid)).toBe('gone');
    bystanders.assertAlive();
  });

  test('a defunct process: only its parent can clear it, and the plan says so', async () => {
    const {child, parent} = await startDefunct(scope);
    const refusal = await acting.refusal([`process:${child.pid}`]);
    expect(refusal).toMatchObject({rule: 'defunct', because: expect.stringContaining(String(parent.pid))});
    const outcome = await end(parent.pid);
    expect(outcome.ok).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)('a process of another user below a target is left alone, root or not', async () => {
    const marker = scope.marker();
    const path = join(cwd, 'other');
    await copyFile('/bin/sleep', path);
    await chmod(path, 0o755);
    const child = spawn('/bin/sh', ['-c', `setpriv --reuid=65534 --clear-groups sleep 600 & sleep 600; :`], {
      stdio: 'ignore',
      detached: true,
      env: {...process.env, [MARKER]: marker},
    });
    const root = identify(child.pid ?? 0);
    const {markedProcesses} = await import('../support/marked.ts');
    const other = await waitFor('the other user’s process', () => {
      const seen = markedProcesses(marker).filter(({comm}) => comm === 'sleep');
      return seen.length === 2 ? seen : null;
    });
    const plan = await acting.plan([`process:${root.pid}`]);
    expect(plan.leftOut).toMatchObject([{rule: 'other-user'}]);
    await acting.act(plan);
    expect(other.filter(isAlive)).toHaveLength(1);
    bystanders.assertAlive();
  });

  test('rigtop itself, its ancestors and pid 1 are refused', async () => {
    expect((await acting.refusal([`process:${process.pid}`])).rule).toBe('self');
    expect((await acting.refusal([`process:${process.ppid}`])).rule).toBe('ancestor');
    expect(['init', 'ancestor', 'other-user']).toContain((await acting.refusal(['process:1'])).rule);
  });

  test('between plan and act it ended by itself: already gone, and nobody is signalled', async () => {
    const one = await startOne(scope);
    const plan = await acting.plan([`process:${one.pid}`]);
    process.kill(one.pid, 'SIGKILL');
    await waitFor('its end', () => !isAlive(one));
    expect(await acting.act(plan)).toMatchObject({ok: true, targets: [{result: 'already-gone', signal: null}]});
  });
});
