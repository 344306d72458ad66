// Actions that go wrong in the middle: a tmux that hangs, a full disk, rigtop itself ended, pids handed on, plans that were altered.
import {execFile, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {chmod, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readStoredPlan} from '../../src/cli/documents/stored-plan-schema.ts';
import {createPlanStore} from '../../src/core/act/plan-store.ts';
import {gatherEntries, readJournal} from '../../src/core/act/read-journal.ts';
import type {Plan} from '../../src/core/domain/plan.ts';
import {isHolderAlive} from '../../src/core/os/holder.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, MARKER, signalTo} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Bystanders, openActing, resultOf, startBystanders} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

let bystanders: Bystanders;
beforeEach(async () => {
  bystanders = await startBystanders(scope, {cwd: await scope.tempDir()});
});
afterEach(() => bystanders.assertAlive());

describe('tmux', () => {
  test('that hangs in the middle: the processes are ended, the session is told as not proven gone', async () => {
    const tmux = await privateTmux(scope);
    await tmux.newSession('keep', {command: ['sleep', '600']});
    const pane = await tmux.newSession('work', {command: ['sleep', '600']});
    const server = await tmux.serverProcess();
    scope.add(() => signalTo(server, 'SIGCONT'));
    const acting = await openActing(scope, tmux);
    const plan = await acting.plan(['session:main/work']);
    const outcome = await acting.act(plan, ({step}) => {
      if (step === 'term') {
        signalTo(server, 'SIGSTOP');
      }
    });
    signalTo(server, 'SIGCONT');
    expect(outcome.ok).toBe(false);
    expect(resultOf(outcome, pane.pid)).toBe('gone');
    expect(outcome.targets.find(({pid}) => pid === null)).toMatchObject({
      result: 'survived',
      because: expect.stringContaining('did not answer'),
    });
  });

  test('that hangs before the act: nothing is touched', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('work', {command: ['sleep', '600']});
    const server = await tmux.serverProcess();
    const acting = await openActing(scope, tmux);
    const plan = await acting.plan(['session:main/work']);
    signalTo(server, 'SIGSTOP');
    scope.add(() => signalTo(server, 'SIGCONT'));
    const outcome = await acting.act(plan);
    signalTo(server, 'SIGCONT');
    expect(outcome.ok).toBe(false);
    expect(outcome.targets.map(({result}) => result)).toEqual(['refused', 'refused']);
    expect(isAlive(identify(pane.pid))).toBe(true);
  });
});

describe('the journal', () => {
  test('is private, and its intent is there before anything is touched', async () => {
    const acting = await openActing(scope, null);
    const one = await startOne(scope);
    const plan = await acting.plan([`process:${one.pid}`]);
    const before: string[] = [];
    await acting.act(plan, ({step}) => {
      if (step === 'term') {
        before.push(readFileSync(join(acting.state, 'journal.jsonl'), 'utf8'));
      }
    });
    expect(before[0]).toContain('"type":"intent"');
    const path = join(acting.state, 'journal.jsonl');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(acting.state)).mode & 0o777).toBe(0o700);
    const [intent, ...rest] = await readJournal(acting.state);
    expect(intent).toMatchObject({type: 'intent', asked: [`process:${one.pid}`], targets: [{pid: one.pid, startTime: one.startTime}]});
    expect(rest.at(-1)).toMatchObject({type: 'outcome', outcome: {ok: true}});
  });

  test.each(['/dev/full', 'a directory that may not be written'])('that cannot be written (%s) forbids the act', async how => {
    const acting = await openActing(scope, null);
    const one = await startOne(scope);
    const plan = await acting.plan([`process:${one.pid}`]);
    if (how === '/dev/full') {
      // ENOSPC: /dev/full answers every write with it (full(4)). The journal refuses to follow a link, which forbids just as well.
      await mkdir(acting.state, {recursive: true});
      await symlink('/dev/full', join(acting.state, 'journal.jsonl'));
    } else {
      await writeFile(acting.state, 'not a directory');
    }
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: false, refused: {rule: 'journal'}, targets: [{result: 'refused', signal: null}]});
    expect(isAlive(one)).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)('on a disk that is full forbids the act', async () => {
    const acting = await openActing(scope, null);
    const one = await startOne(scope);
    const plan = await acting.plan([`process:${one.pid}`]);
    await mkdir(acting.state, {recursive: true});
    const run = promisify(execFile);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', acting.state]);
    } catch {
      return;
    }
    scope.add(() => run('umount', ['-l', acting.state]));
    await run('sh', ['-c', `head -c 100000 /dev/zero > ${join(acting.state, 'filler')} || true`]);
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: false, refused: {rule: 'journal'}});
    expect(isAlive(one)).toBe(true);
  });
});

const rigtop = async (state: string, ...args: readonly string[]) => {
  const binary = await builtBinary();
  const env = {
    ...process.env,
    TMUX: undefined,
    TMUX_PANE: undefined,
    TMUX_TMPDIR: state,
    HOME: state,
    XDG_STATE_HOME: state,
    [MARKER]: scope.marker(),
  };
  return spawn(process.execPath, [binary, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']});
};

describe('rigtop ended in the middle', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('by %s: the journal tells what was left', async signal => {
    const state = await scope.tempDir();
    const deaf = await startOne(scope, {ignore: ['SIGTERM']});
    const acting = await rigtop(state, 'kill', `process:${deaf.pid}`, '--yes', '--grace', '60s');
    const directory = join(state, 'rigtop');
    await waitFor('SIGTERM to be sent', async () =>
      (await readJournal(directory)).some(line => line.type === 'step' && line.step === 'term'),
    );
    acting.kill(signal);
    await waitFor('rigtop to end', () => acting.exitCode !== null || acting.signalCode !== null);
    const [entry] = gatherEntries(await readJournal(directory), holder => isHolderAlive(holder, null));
    expect(entry).toMatchObject({state: 'interrupted', outcome: null, left: [{pid: deaf.pid, startTime: deaf.startTime}]});
    expect(isAlive(deaf)).toBe(true);
  });
});

describe('printed plans', () => {
  const prepare = async () => {
    const acting = await openActing(scope, null);
    const one = await startOne(scope);
    const plan = await acting.plan([`process:${one.pid}`]);
    const store = createPlanStore(acting.host, acting.state);
    const path = join(acting.state, 'plans', `${plan.id}.json`);
    const save = async (altered: Plan = plan) => {
      expect(await store.save(altered)).toEqual({ok: true});
    };
    return {acting, one, plan, store, path, save};
  };

  test('are private, read back whole, and carried out', async () => {
    const {acting, one, plan, store, path, save} = await prepare();
    await save();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const loaded = await store.load(plan.id, readStoredPlan);
    expect(loaded).toEqual({plan});
    expect(await acting.act('plan' in loaded ? loaded.plan : plan, undefined, 'file')).toMatchObject({ok: true});
    expect(isAlive(one)).toBe(false);
    await store.claim(plan.id);
    expect(await readdir(join(acting.state, 'plans'))).toEqual([]);
  });

  test('are never overwritten by another of the same id', async () => {
    const {plan, store, save} = await prepare();
    await save();
    expect(await store.save({...plan, asked: ['process:2']})).toMatchObject({ok: false});
  });

  test('that were altered to end somebody else end nobody else', async () => {
    const {acting, one, plan, store, path, save} = await prepare();
    const victim = await startOne(scope);
    await save();
    const text = await readFile(path, 'utf8');
    const changed = JSON.parse(text) as {plan: Plan};
    const [target] = changed.plan.targets;
    const altered = {
      ...changed,
      plan: {...changed.plan, targets: [{...target, pid: victim.pid, startTime: victim.startTime, ref: `process:${victim.pid}`}]},
    };
    await writeFile(path, JSON.stringify(altered));
    const loaded = await store.load(plan.id, readStoredPlan);
    const outcome = await acting.act('plan' in loaded ? loaded.plan : plan, undefined, 'file');
    expect(outcome.ok).toBe(false);
    expect(isAlive(victim) && isAlive(one)).toBe(true);
  });

  test.each([
    ['garbled', async (path: string) => writeFile(path, '{"schema":"rigtop/plan@1","plan":{"id":')],
    ['of another shape', async (path: string) => writeFile(path, '{"schema":"rigtop/plan@1","plan":{"targets":[{"pid":1}]}}')],
    ['readable by others', async (path: string) => chmod(path, 0o644)],
    [
      'with its life made longer',
      async (path: string) => {
        const document = JSON.parse(await readFile(path, 'utf8')) as {plan: Plan};
        await writeFile(path, JSON.stringify({...document, plan: {...document.plan, expiresAt: document.plan.expiresAt + 1}}));
      },
    ],
  ])('that are %s are refused', async (_, alter) => {
    const {plan, store, path, save} = await prepare();
    await save();
    await alter(path);
    expect(await store.load(plan.id, readStoredPlan)).toMatchObject({refused: {because: expect.any(String)}});
  });

  test('that have expired, or that were made before another start of the machine, are refused', async () => {
    const {acting, one, plan} = await prepare();
    const late = await acting.act({...plan, createdAt: plan.createdAt - 40_000, expiresAt: plan.expiresAt - 40_000});
    expect(late.refused?.rule).toBe('expired');
    const other = await acting.act({...plan, bootId: 'another'});
    expect(other.refused?.rule).toBe('changed');
    expect(isAlive(one)).toBe(true);
  });
});

describe('a pid that was handed on between plan and act', () => {
  const SCRIPT = `
    sleep 600 & victim=$!
    id=$("$NODE" "$RIGTOP" kill process:$victim --dry-run --json | sed -n 's/.*"id": *"\\([0-9a-z]*\\)".*/\\1/p' | head -1)
    kill -KILL $victim; wait $victim 2>/dev/null
    sleep 0.1
    echo $((victim - 1)) > /proc/sys/kernel/ns_last_pid
    sleep 601 & stranger=$!
    [ "$stranger" = "$victim" ] || { echo "not reused"; exit 0; }
    "$NODE" "$RIGTOP" apply "$id" --yes --json
    kill -0 $stranger && echo "stranger lives"
  `;

  test.runIf(process.getuid?.() === 0)('is not signalled', async () => {
    const binary = await builtBinary();
    const state = await scope.tempDir();
    const env = {
      ...process.env,
      TMUX: undefined,
      TMUX_PANE: undefined,
      TMUX_TMPDIR: state,
      HOME: state,
      XDG_STATE_HOME: state,
      NODE: process.execPath,
      RIGTOP: binary,
      [MARKER]: scope.marker(),
    };
    const {stdout} = await promisify(execFile)('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', SCRIPT], {env});
    expect(stdout).not.toContain('not reused');
    expect(stdout).toContain('stranger lives');
    expect(stdout).toContain('"changed"');
  });
});
