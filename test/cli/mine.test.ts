// rigtop … --mine with the built program and real processes: two agents in sibling work trees, and whoever tries to get at the other's.
import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {type AgentStandIn, startAgent} from '../support/agent-stand-in.ts';
import {builtBinary} from '../support/built.ts';
import {isAlive, sight} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

interface PlanAnswer {
  readonly id?: string;
  readonly mine?: {readonly caller: string; readonly conversation: string | null};
  readonly targets?: readonly {readonly pid: number}[];
  readonly leftOut?: readonly {readonly ref: string; readonly rule: string | null; readonly because: string}[];
  readonly outcome?: {readonly targets: readonly {readonly pid: number; readonly result: string; readonly because: string | null}[]};
  readonly error?: {readonly code: string; readonly message: string};
}

let scope: Scope;
let rigtop: Rigtop;
let app: string;
let sibling: string;
let a: AgentStandIn;
let b: AgentStandIn;

const agentIn = (cwd: string, conversation: string): AgentStandIn =>
  startAgent(scope, {conversation, cwd, env: rigtop.env, outputs: rigtop.directory});

beforeEach(async () => {
  await builtBinary();
  scope = createScope();
  rigtop = await createRigtop(scope);
  app = join(rigtop.directory, 'r', 'app');
  sibling = join(rigtop.directory, 'r', 'app-2');
  mkdirSync(app, {recursive: true});
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: app,
      env: {...rigtop.env, GIT_CONFIG_GLOBAL: '/dev/null'},
    });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', sibling);
  a = agentIn(app, 'conversation-a');
  b = agentIn(sibling, 'conversation-b');
});
afterEach(() => scope.close());

/** What rigtop says to an agent, as a document. */
const asked = async (by: AgentStandIn, ...argv: readonly string[]): Promise<{readonly code: number; readonly plan: PlanAnswer}> => {
  const {code, stdout, stderr} = await by.run(`$RIGTOP ${argv.join(' ')} --json`);
  expect(stdout, stderr).toMatch(/^\{/);
  return {code, plan: JSON.parse(stdout) as PlanAnswer};
};

const pids = ({targets = []}: PlanAnswer): readonly number[] => targets.map(({pid}) => pid).toSorted((x, y) => x - y);
const sorted = (...ids: readonly ProcessId[]): readonly number[] => ids.map(({pid}) => pid).toSorted((x, y) => x - y);
const living = (...ids: readonly ProcessId[]): readonly boolean[] => ids.map(isAlive);

describe('an agent ends what is its own', () => {
  test('and nothing of its sibling, whatever is unlocked', async () => {
    const [below, orphan, theirs, theirOrphan] = [
      await a.start('exec sleep 600'),
      await a.start('exec sleep 601', 'reparented'),
      await b.start('exec sleep 602'),
      await b.start('exec sleep 603', 'reparented'),
    ];
    expect(sight(orphan.pid)?.ppid).not.toBe(a.pid);
    const unlocks = ['crew', 'attached', 'shell', 'editor'].map(rule => `--unlock ${rule}`);
    const {code, plan} = await asked(
      a,
      'kill',
      ...[below, orphan, theirs, theirOrphan, a, b].map(({pid}) => String(pid)),
      '--mine --yes',
      ...unlocks,
    );
    expect(code).toBe(0);
    expect(pids(plan)).toEqual(sorted(below, orphan));
    expect(plan.mine).toMatchObject({conversation: 'conversation-a'});
    expect(plan.leftOut?.filter(({rule}) => rule === 'not-mine').map(({ref}) => ref)).toEqual(
      expect.arrayContaining([theirs, theirOrphan, b].map(({pid}) => `process:${pid}`)),
    );
    expect(living(below, orphan, theirs, theirOrphan, a, b)).toEqual([false, false, true, true, true, true]);
    const refused = await asked(a, 'kill', String(theirs.pid), '--mine --yes');
    expect(refused).toMatchObject({code: 4, plan: {error: {code: 'not-mine'}}});
  });

  test('in its whole work tree by a flush, also through a link', async () => {
    symlinkSync(app, join(rigtop.directory, 'link'));
    const own = [await a.start('exec sleep 600'), await a.start(`cd ${rigtop.directory}/link; exec sleep 601`, 'reparented')];
    const guest = await b.start(`cd ${app}; exec sleep 602`);
    const {code, plan} = await asked(a, 'flush', join(rigtop.directory, 'link'), '--mine --yes');
    expect(code).toBe(0);
    expect(pids(plan)).toEqual(sorted(...own));
    expect(living(...own, guest, a)).toEqual([false, false, true, true]);
  });

  test('outside of any agent it says so in one line', async () => {
    const {code, stderr} = await rigtop.run(['kill', String(a.pid), '--mine', '--yes']);
    expect({code, lines: stderr.trim().split('\n').length}).toEqual({code: 4, lines: 1});
    expect(stderr).toContain('no agent program is above it');
    expect((await rigtop.run(['flush', app, '--mine', '--docker'])).code).toBe(2);
  });
});

describe('it does not get at its sibling’s', () => {
  test('by a mark of the other in its environment', async () => {
    const theirs = await b.start('exec sleep 602');
    const forged = `CLAUDE_CODE_SESSION_ID=conversation-b CLAUDE_PID=${b.pid}`;
    const {code, stdout} = await a.run(`env ${forged} $RIGTOP kill ${theirs.pid} --mine --yes --json`);
    expect({code, answer: JSON.parse(stdout)}).toMatchObject({code: 4, answer: {error: {code: 'not-mine'}}});
    // What it starts under the other's mark is not the other's either: it runs below this agent.
    const child = await a.start(`exec env ${forged} sleep 603`);
    expect((await asked(b, 'kill', String(child.pid), '--mine --yes')).code).toBe(4);
    expect(living(theirs, child)).toEqual([true, true]);
  });

  test('by the plan of the other', async () => {
    const own = await a.start('exec sleep 600');
    const {plan} = await asked(a, 'kill', String(own.pid), '--mine');
    expect(await asked(b, 'apply', plan.id ?? '')).toMatchObject({code: 4});
    expect(isAlive(own)).toBe(true);
    const again = await asked(a, 'kill', String(own.pid), '--mine');
    expect((await asked(a, 'apply', again.plan.id ?? '')).code).toBe(0);
    expect(isAlive(own)).toBe(false);
  });

  test('nor by its work tree once another agent lives there', async () => {
    const unmarked = await a.start('exec env -u CLAUDECODE -u CLAUDE_CODE_SESSION_ID -u CLAUDE_PID sleep 600', 'reparented');
    const marked = await a.start('exec sleep 601', 'reparented');
    const first = await asked(a, 'kill', String(unmarked.pid), String(marked.pid), '--mine');
    expect(pids(first.plan)).toEqual(sorted(unmarked, marked));
    agentIn(app, 'conversation-c');
    // Planned while it was alone there; carried out, only what bears its own mark goes.
    const {plan} = await asked(a, 'apply', first.plan.id ?? '');
    const results = Object.fromEntries((plan.outcome?.targets ?? []).map(({pid, result}) => [pid, result]));
    expect(results).toMatchObject({[unmarked.pid]: 'refused', [marked.pid]: 'gone'});
    expect(living(unmarked, marked)).toEqual([true, false]);
  });
});

describe('while it is being ended', () => {
  test('what moves out of the tree is not killed, what loses its parent is', async () => {
    const unmarked = 'env -u CLAUDECODE -u CLAUDE_CODE_SESSION_ID -u CLAUDE_PID';
    const mover = await a.start(`exec ${unmarked} bash -c "trap \\"cd /\\" TERM; while :; do sleep 0.05; done"`, 'reparented');
    const parent = await a.start(
      `cd /; trap "exit 0" TERM; bash -c "trap : TERM; while :; do sleep 0.05; done" & echo $! > ${rigtop.directory}/child; wait`,
    );
    const child = await waitFor('the child', async () => {
      const {stdout} = await a.run(`cat ${rigtop.directory}/child`);
      const seen = sight(Number(stdout));
      return seen !== null && seen;
    });
    const {plan} = await asked(a, 'kill', String(mover.pid), String(parent.pid), '--mine --yes --grace 1s');
    const results = Object.fromEntries((plan.outcome?.targets ?? []).map(({pid, result}) => [pid, result]));
    expect(results).toMatchObject({[mover.pid]: 'refused', [parent.pid]: 'gone', [child.pid]: 'gone'});
    expect(living(mover, parent, child)).toEqual([true, false, false]);
  });
});
