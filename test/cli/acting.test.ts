import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {journalSchema} from '../../src/cli/documents/journal-schema.ts';
import {type PlanDocument, planSchema} from '../../src/cli/documents/plan-schema.ts';
import {BINARY, builtBinary} from '../support/built.ts';
import {identify, isAlive} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {openTerminal} from '../support/terminal.ts';
import {startOne, startTree} from '../support/throwaway.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

const scope = createScope();
let rigtop: Rigtop;

beforeAll(builtBinary);
beforeEach(async () => {
  rigtop = await createRigtop(scope);
});
afterEach(scope.close);

const planOf = async (...argv: readonly string[]): Promise<{code: number | null; plan: PlanDocument}> => {
  const {code, document} = await rigtop.seen(argv);
  return {code, plan: planSchema.parse(document)};
};

const stateFile = (...names: readonly string[]): string => join(rigtop.home, '.local/state/rigtop', ...names);

describe('rigtop kill', () => {
  test('without a terminal shows the plan, keeps it, and touches nothing', async () => {
    const one = await startOne(scope);
    const {code, plan} = await planOf('kill', String(one.pid));
    expect(code).toBe(0);
    expect(plan).toMatchObject({action: 'kill', applied: false, command: `rigtop apply ${plan.id}`});
    expect(plan.targets).toMatchObject([{ref: `process:${one.pid}`, startTime: one.startTime}]);
    expect(plan.outcome).toBeUndefined();
    expect(readdirSync(stateFile('plans'))).toEqual([`${plan.id}.json`]);
    expect(existsSync(stateFile('journal.jsonl'))).toBe(false);
    expect(isAlive(one)).toBe(true);
  });

  test('--yes ends the whole tree, frees its port and writes it down; a bystander lives', async () => {
    const bystander = await startOne(scope, {name: 'bystander'});
    const tree = await startTree(scope, {
      name: 'root',
      children: [
        {name: 'child', listen: {host: '127.0.0.1'}},
        {name: 'stubborn', ignore: ['SIGTERM']},
      ],
    });
    const {code, plan} = await planOf('kill', `process:${tree.root.pid}`, '--yes', '--grace', '200ms');
    expect(code).toBe(0);
    expect(plan.applied).toBe(true);
    expect(plan.frees).toEqual([tree.get('child').port]);
    expect(plan.outcome).toMatchObject({ok: true, ports: [{port: tree.get('child').port, free: true}]});
    const results = new Map(plan.outcome?.targets.map(({pid, result, signal}) => [pid, `${result} ${signal}`]));
    expect(results.get(tree.get('stubborn').pid)).toBe('gone SIGKILL');
    expect(tree.all().filter(isAlive)).toEqual([]);
    expect(isAlive(bystander)).toBe(true);
    const lines = readFileSync(stateFile('journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => journalSchema.parse(JSON.parse(line)));
    expect(lines.map(({type}) => type)).toEqual(expect.arrayContaining(['intent', 'outcome']));
    expect((await rigtop.run(['journal'])).stdout).toContain(`kill process:${tree.root.pid}`);
  });

  test('ends a session with everything in it', async () => {
    const tmux = await privateTmux(scope);
    const pane = await tmux.newSession('goner', {command: ['sh', '-c', 'sleep 600 & sleep 600']});
    await tmux.newSession('stays', {command: ['sleep', '600']});
    const first = identify(pane.pid);
    rigtop = await createRigtop(scope, tmux);
    const {code, plan} = await planOf('kill', 'session:main/goner', '--yes');
    expect(code).toBe(0);
    expect(plan.sessions).toMatchObject([{ref: 'session:main/goner'}]);
    expect(isAlive(first)).toBe(false);
    expect(await tmux.run('list-sessions', '-F', '#{session_name}')).toBe('stays');
  });

  test('refuses itself, its ancestors and what it cannot find', async () => {
    expect(await rigtop.seen(['kill', `process:${process.pid}`, '--yes'])).toMatchObject({code: 4, document: {error: {code: 'ancestor'}}});
    expect(await rigtop.run(['kill', 'nobody', '--yes'])).toMatchObject({code: 2});
    expect(await rigtop.run(['kill', '7', '--grace', 'soon'])).toMatchObject({code: 2, stderr: expect.stringContaining('--grace')});
    expect(await rigtop.run(['kill', '7', '--unlock', 'all'])).toMatchObject({code: 2});
  });

  test('read-only refuses, by flag and by file; --dry-run may still be looked at', async () => {
    const one = await startOne(scope);
    expect(await rigtop.seen(['kill', String(one.pid), '--yes', '--read-only'])).toMatchObject({
      code: 4,
      document: {error: {code: 'read-only'}},
    });
    rigtop.write('home/.config/rigtop/config.toml', 'read_only = true\n');
    expect(await rigtop.run(['kill', String(one.pid), '--yes'])).toMatchObject({code: 4, stdout: ''});
    expect((await planOf('kill', String(one.pid), '--dry-run')).code).toBe(0);
    expect(existsSync(stateFile('plans'))).toBe(false);
    expect(isAlive(one)).toBe(true);
  });

  test('a broken configuration refuses: what it meant to protect is not known', async () => {
    const one = await startOne(scope);
    rigtop.write('home/.config/rigtop/config.toml', '[protect]\ncommands = "*"\n');
    expect(await rigtop.seen(['kill', String(one.pid), '--yes'])).toMatchObject({code: 2, document: {error: {code: 'config'}}});
    expect(isAlive(one)).toBe(true);
  });

  test('what the configuration protects is refused by name', async () => {
    const one = await startOne(scope);
    rigtop.write('home/.config/rigtop/config.toml', '[protect]\ncommands = ["*throwaway-program*"]\n');
    expect(await rigtop.seen(['kill', String(one.pid), '--yes'])).toMatchObject({code: 4, document: {error: {code: 'protect-command'}}});
    expect(isAlive(one)).toBe(true);
  });
});

describe('rigtop apply', () => {
  test('carries a printed plan out, once', async () => {
    const one = await startOne(scope);
    const {plan} = await planOf('kill', String(one.pid));
    const shown = await planOf('apply', plan.id, '--dry-run');
    expect(shown.plan.targets).toEqual(plan.targets);
    expect(isAlive(one)).toBe(true);
    const applied = await planOf('apply', plan.id);
    expect(applied).toMatchObject({code: 0, plan: {id: plan.id, applied: true, outcome: {ok: true}}});
    expect(isAlive(one)).toBe(false);
    expect(await rigtop.run(['apply', plan.id])).toMatchObject({code: 4, stderr: expect.stringContaining('make the plan again')});
  });

  test('refuses a plan that has expired or was altered', async () => {
    const one = await startOne(scope);
    const {plan} = await planOf('kill', String(one.pid));
    const file = stateFile('plans', `${plan.id}.json`);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as {plan: {createdAt: number; expiresAt: number}};
    writeFileSync(file, JSON.stringify({...kept, plan: {...kept.plan, createdAt: 1000, expiresAt: 31_000}}));
    expect(await rigtop.json(['apply', plan.id])).toMatchObject({code: 4, document: {error: {code: 'expired'}}});
    writeFileSync(file, '{}');
    expect(await rigtop.json(['apply', plan.id])).toMatchObject({code: 4, document: {error: {code: 'tampered'}}});
    expect(isAlive(one)).toBe(true);
  });
});

describe('on a terminal', () => {
  const onTerminal = (...argv: readonly string[]) =>
    openTerminal(scope, {command: [process.execPath, BINARY, ...argv], env: {...rigtop.env, TMUX: null, TMUX_PANE: null}});

  test('the plan is shown and asked about; anything but y cancels', async () => {
    const one = await startOne(scope);
    const terminal = await onTerminal('kill', String(one.pid));
    await terminal.waitForText('Carry this out?');
    expect(await terminal.capture()).toContain('Stop 1 process');
    await terminal.sendKeys('Enter');
    expect(await terminal.exitCode()).toBe(4);
    expect(isAlive(one)).toBe(true);
  });

  test('y carries it out', async () => {
    const one = await startOne(scope);
    const terminal = await onTerminal('kill', String(one.pid));
    await terminal.waitForText('Carry this out?');
    await terminal.sendKeys('y', 'Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(isAlive(one)).toBe(false);
  });

  test('^C at the question does nothing', async () => {
    const one = await startOne(scope);
    const terminal = await onTerminal('kill', String(one.pid));
    await terminal.waitForText('Carry this out?');
    await terminal.sendKeys('C-c');
    expect(await terminal.exitCode()).toBe(4);
    expect(isAlive(one)).toBe(true);
  });
});

test('cleanup plans over kinds, and says so when there is nothing', async () => {
  const {code, document} = await rigtop.seen<{targets: readonly unknown[]}>(['cleanup', '--kind', 'invalid-lock', '--dry-run']);
  expect([0, 4]).toContain(code);
  if (code === 0) {
    expect(document.targets).toEqual([]);
  }
  expect(await rigtop.run(['cleanup', '--kind', 'dust'])).toMatchObject({code: 2, stderr: expect.stringContaining('"dust"')});
});

test('flush and restart take only what they can do', async () => {
  const one = await startOne(scope);
  expect(await rigtop.run(['flush', String(one.pid), '--yes'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be flushed'),
  });
  expect(await rigtop.run(['restart', String(one.pid), '--yes'])).toMatchObject({code: 4});
  expect(isAlive(one)).toBe(true);
});

test('flush ends who lives in a directory, and nobody else', async () => {
  const directory = await scope.tempDir();
  const inside = await startOne(scope, {cwd: directory});
  const outside = await startOne(scope);
  const {code, plan} = await planOf('flush', directory, '--yes');
  expect(code).toBe(0);
  expect(plan.targets.map(({pid}) => pid)).toEqual([inside.pid]);
  expect([isAlive(inside), isAlive(outside)]).toEqual([false, true]);
});
