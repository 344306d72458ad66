// Real processes under attack: pids handed on, groups shared with strangers, another pid namespace, a journal that cannot be written.
import {execFile} from 'node:child_process';
import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, describe, expect, test} from 'vitest';
import {createProcReader} from '../../src/core/os/process-now.ts';
import {signalGroup, signalProcess} from '../../src/core/os/signal.ts';
import {identify, isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startOne, startTree} from '../support/throwaway.ts';
import {openActing, resultOf} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** Hands whose kill(2) only notes: nothing is ever sent, whatever they are told. */
const noting = () => {
  const sent: number[] = [];
  const own = {pid: process.pid, uid: process.getuid?.() ?? 0, ancestors: [process.ppid, 1]};
  return {sent, parts: {reader: createProcReader(), own, serves: () => false, kill: (pid: number) => void sent.push(pid)}};
};

describe('the one that signals', () => {
  test('sends nothing to numbers that mean more than one process, whatever it is told', () => {
    const {sent, parts} = noting();
    for (const pid of [0, 1, -1, -process.pid, Number.NaN, 1.5, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(signalProcess(parts, {pid, startTime: 0}, 'SIGKILL').result).not.toBe('sent');
      expect(signalGroup(parts, pid, [{pid, startTime: 0}], 'SIGKILL').result).not.toBe('sent');
    }
    expect(sent).toEqual([]);
  });

  test('nor to itself, what is above it, or their group', () => {
    const {sent, parts} = noting();
    for (const pid of [process.pid, process.ppid]) {
      expect(signalProcess(parts, identify(pid), 'SIGKILL').result).toBe('refused');
    }
    expect(
      signalGroup(parts, createProcReader().look(process.pid).state === 'here' ? ownGroup() : 0, [identify(process.pid)], 'SIGKILL').result,
    ).toBe('refused');
    expect(sent).toEqual([]);
  });

  test('nor to a group in which anybody is no target', async () => {
    const tree = await startTree(scope, {name: 'leader', children: [{name: 'target'}, {name: 'bystander'}]});
    const {sent, parts} = noting();
    const group = ownGroupOf(tree.get('target').pid);
    expect(signalGroup(parts, group, [tree.root, tree.get('target')], 'SIGKILL').result).toBe('refused');
    expect(sent).toEqual([]);
  });
});

const ownGroupOf = (pid: number): number => {
  const seen = createProcReader().look(pid);
  return seen.state === 'here' ? seen.process.pgid : 0;
};
const ownGroup = (): number => ownGroupOf(process.pid);

describe('a pid that was handed on', () => {
  /** Runs inside a pid namespace of its own, where the next pid can be chosen (proc_sys_kernel(5), ns_last_pid). */
  const program = `
    import {spawn} from 'node:child_process';
    import {writeFileSync} from 'node:fs';
    import {createProcReader} from '${join(process.cwd(), 'src/core/os/process-now.ts')}';
    import {signalProcess} from '${join(process.cwd(), 'src/core/os/signal.ts')}';
    const reader = createProcReader();
    const parts = {reader, own: {pid: process.pid, uid: process.getuid(), ancestors: [1]}, serves: () => false, kill: (pid, signal) => process.kill(pid, signal)};
    const ended = child => new Promise(resolve => child.once('exit', resolve));
    const victim = spawn('sleep', ['600'], {stdio: 'ignore'});
    const id = {pid: victim.pid, startTime: reader.look(victim.pid).process.startTime};
    await new Promise(resolve => setTimeout(resolve, 50));
    victim.kill('SIGKILL');
    await ended(victim);
    const others = [];
    let heir;
    for (let round = 0; round < 200 && heir === undefined; round += 1) {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(id.pid - 1));
      const other = spawn('sleep', ['600'], {stdio: 'ignore'});
      others.push(other);
      heir = other.pid === id.pid ? other : undefined;
    }
    const answers = ['SIGTERM', 'SIGKILL', 'SIGCONT'].map(signal => signalProcess(parts, id, signal).result);
    await new Promise(resolve => setTimeout(resolve, 100));
    const alive = heir !== undefined && heir.exitCode === null && heir.signalCode === null;
    for (const other of others) other.kill('SIGKILL');
    process.stdout.write(JSON.stringify({reused: heir !== undefined, answers, alive}));
  `;

  test.runIf(isRoot)('to another program is not signalled', async () => {
    const directory = await scope.tempDir();
    const file = join(directory, 'reuse.mts');
    await writeFile(file, program);
    const tsx = join(process.cwd(), 'node_modules/.bin/tsx');
    const ran = await execute('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', tsx, file], {timeout: 60_000}).catch(
      (error: {stderr?: string}) => ({stdout: '', stderr: String(error.stderr)}),
    );
    if (ran.stdout === '') {
      // No namespaces here: the simulated machine covers it.
      expect(ran.stderr).toMatch(/unshare|not permitted|ns_last_pid|EACCES|EROFS|EPERM/);
      return;
    }
    expect(JSON.parse(ran.stdout)).toEqual({reused: true, answers: ['changed', 'changed', 'changed'], alive: true});
  });
});

describe('what shares a group or a session with a target', () => {
  test('lives on: a job control shell’s other half, a sibling of the same group', async () => {
    // A group of its own: the one that the tests themselves run in may have no number here (a parent outside the pid namespace).
    const children = [{name: 'one', children: [{name: 'below'}]}, {name: 'two'}];
    const tree = await startTree(scope, {name: 'leader', setsid: true, children});
    const acting = await openActing(scope, null);
    const plan = await acting.plan([`process:${tree.get('one').pid}`], {force: true});
    expect(plan.warnings.join('\n')).toContain('is shared with');
    const outcome = await acting.act(plan);
    expect(resultOf(outcome, tree.get('below').pid)).toBe('gone');
    expect([tree.root, tree.get('two')].filter(isAlive)).toHaveLength(2);
  });
});

describe('a state directory', () => {
  test('that is a link to nowhere, a file, or a file where the journal’s directory should be: nothing is touched', async () => {
    const home = await scope.tempDir();
    await symlink('/nonexistent/rigtop', join(home, 'link'));
    await writeFile(join(home, 'file'), '');
    await mkdir(join(home, 'taken'));
    await writeFile(join(home, 'taken/rigtop'), '');
    for (const place of ['link', 'file', 'taken']) {
      const one = await startOne(scope);
      const acting = await openActing(scope, null, {env: {XDG_STATE_HOME: join(home, place)}});
      const outcome = await acting.act(await acting.plan([`process:${one.pid}`]));
      expect(outcome, place).toMatchObject({ok: false, refused: {rule: 'journal'}});
      expect(isAlive(one), place).toBe(true);
    }
  });

  test.runIf(!isRoot)('that may not be written: nothing is touched', async () => {
    const home = await scope.tempDir();
    await chmod(home, 0o500);
    const one = await startOne(scope);
    const acting = await openActing(scope, null, {env: {XDG_STATE_HOME: home}});
    expect(await acting.act(await acting.plan([`process:${one.pid}`]))).toMatchObject({refused: {rule: 'journal'}});
    expect(isAlive(one)).toBe(true);
  });
});

describe('the clock', () => {
  test.each([
    ['forward', 31_000],
    ['back', -1],
  ])('jumps %s between plan and act: the plan is no longer valid', async (_, by) => {
    const one = await startOne(scope);
    let jump = 0;
    const acting = await openActing(scope, null, {change: real => ({epochMs: () => real.epochMs() + jump})});
    const frozen = await acting.plan([`process:${one.pid}`]);
    jump = by - (acting.host.epochMs() - frozen.createdAt);
    const outcome = await acting.act(frozen);
    expect(outcome).toMatchObject({ok: false, refused: {rule: 'expired'}});
    expect(isAlive(one)).toBe(true);
  });
});
