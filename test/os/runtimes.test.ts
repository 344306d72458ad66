// What agent programs record, as real files: half-written, links that lead out, FIFOs, too many; read without following and never written.
import {execFileSync} from 'node:child_process';
import {mkdir, readdir, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import nodeProcess from 'node:process';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Process} from '../../src/core/domain/process.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {createRuntimeCollector} from '../../src/sources/runtimes/read/runtime-collector.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';
import {process} from '../support/world.ts';

const scope = createScope();
afterEach(scope.close);

let home: string;
let sessions: string;
beforeEach(async () => {
  home = await scope.tempDir();
  sessions = join(home, '.claude', 'sessions');
  await mkdir(sessions, {recursive: true});
});

const codex = new Map([[50, process(50, 1, 'codex app-server')]]);

const look = async (more: NodeJS.ProcessEnv = {}, processes: ReadonlyMap<number, Process> = new Map()) => {
  const env = {...nodeProcess.env, HOME: home, CLAUDE_CONFIG_DIR: undefined, CODEX_HOME: undefined, ...more};
  const host = createHost({markers: MARKERS, env});
  scope.add(() => host.close());
  const {runtimeStores: stores, sources} = await createRuntimeCollector(host).collect({processes});
  return {
    stores,
    records: stores.flatMap(({records}) => (records.known ? records.value : [])),
    states: sources.map(({source, target, state, detail}) => `${source} ${target} ${state}: ${detail}`),
  };
};

const record = (pid: number): string => JSON.stringify({pid, procStart: '7', sessionId: `s-${pid}`, status: 'idle'});

test('one record for each session; keys beside them are not opened, and nothing is written', async () => {
  await writeFile(join(sessions, '11.json'), record(11));
  await writeFile(join(sessions, '12.json'), record(12));
  await writeFile(join(sessions, '11.0123abcd.key'), 'SECRET');
  const before = await readdir(home, {recursive: true});
  const {records, states} = await look();
  expect(records.map(({pid, conversation, state}) => [pid, conversation, state])).toEqual([
    [11, 's-11', 'idle'],
    [12, 's-12', 'idle'],
  ]);
  expect(states).toEqual(['runtimes claude ok: 2 records']);
  expect(await readdir(home, {recursive: true})).toEqual(before);
});

test('no directory of any program: nothing is said; CLAUDE_CONFIG_DIR names another', async () => {
  const other = join(home, 'other');
  await mkdir(join(other, 'sessions'), {recursive: true});
  await writeFile(join(other, 'sessions', '13.json'), record(13));
  expect((await look({CLAUDE_CONFIG_DIR: join(home, 'none')})).states).toEqual([]);
  expect((await look({CLAUDE_CONFIG_DIR: other})).records).toMatchObject([{pid: 13}]);
});

test('what cannot be read hides nothing of the rest, and makes the source unknown', async () => {
  await writeFile(join(sessions, '11.json'), record(11));
  await writeFile(join(home, 'outside.json'), record(99));
  await symlink(join(home, 'outside.json'), join(sessions, '14.json'));
  execFileSync('mkfifo', [join(sessions, '15.json')]);
  await symlink('/dev/zero', join(sessions, '16.json'));
  await writeFile(join(sessions, '17.json'), '{"pid":17,"sess');
  await writeFile(join(sessions, '18.json'), `{"pid":18,"x":"${'x'.repeat(70_000)}"}`);
  await writeFile(join(sessions, '19.json'), '{"pid":"nineteen"}');
  const {records, states} = await look();
  expect(records.map(({pid}) => pid)).toEqual([11]);
  expect(states).toEqual([`runtimes claude unknown: ${join(sessions, '14.json')}: no regular file, and 5 more`]);
});

test('a directory that leads out is not gone into; the program’s own may be a link', async () => {
  const elsewhere = join(home, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, '20.json'), record(20));
  await mkdir(join(home, 'kept'));
  await symlink(elsewhere, join(home, 'kept', 'sessions'));
  await symlink(join(home, 'kept'), join(home, 'link'));
  const {records, states} = await look({CLAUDE_CONFIG_DIR: join(home, 'link')});
  expect(records).toEqual([]);
  expect(states).toEqual([`runtimes claude unknown: ${join(home, 'kept', 'sessions')}: no directory`]);
});

test('no more than so many files', async () => {
  await Promise.all(Array.from({length: 520}, (_, at) => writeFile(join(sessions, `${1000 + at}.json`), record(1000 + at))));
  const {records, states} = await look();
  expect(records.length).toBe(512);
  expect(states).toEqual([`runtimes claude unknown: ${sessions}: 520 files: only the first 512 were read`]);
});

test('a conversation of Codex is open while a process holds its lock; asking does not take it', async () => {
  const id = '01a22027-8783-7573-905b-3fbbfd5313c5';
  const locks = join(home, '.codex', 'thread-writer-locks');
  const day = join(home, '.codex', 'sessions', '2026', '11', '28');
  await mkdir(locks, {recursive: true});
  await mkdir(day, {recursive: true});
  await writeFile(join(locks, `${id}.lock`), '');
  const meta = JSON.stringify({type: 'session_meta', payload: {id, cwd: '/w/b'}});
  await writeFile(join(day, `rollout-2026-11-28T03-16-31-${id}.jsonl`), `${meta}\n{"later":`);
  expect((await look({}, codex)).records).toEqual([]);
  const holder = startProgram(scope, 'flock', [join(locks, `${id}.lock`), 'sleep', '300']);
  const held = await waitFor('the lock to be held', async () => {
    const {records} = await look({}, codex);
    return records.length > 0 ? records : null;
  });
  expect(held).toMatchObject([{program: 'codex', locked: true, conversation: id, directory: '/w/b', background: true}]);
  expect(holder.pid).toBe(held[0]?.pid);
  // Without a process of the program nobody can hold one.
  expect((await look()).records).toEqual([]);
});

test('jobs of Claude, ports of mise and of portless, each in its place', async () => {
  const files: Readonly<Record<string, unknown>> = {
    '.claude/jobs/1a2b3c4d/state.json': {
      state: 'working',
      sessionId: 's-1',
      cwd: '/w/a',
      updatedAt: '2026-11-28T04:00:00Z',
      intent: 'SECRET',
    },
    '.claude/jobs/0000000f/state.json': {state: 'done', sessionId: 's-2'},
    '.local/state/mise/daemons/k1/state.json': {root: '/w/a', namespace: 'a', ports: {web: {port: 5173}, bad: {port: -1}, worse: 7}},
    '.local/state/mise/daemons/k2/state.json': {ports: {web: {port: 5174}}},
    '.portless/routes.json': [{hostname: 'shop.localhost', port: 4101, pid: 77}, {hostname: 'fixed.localhost', port: 4102, pid: 0}, 7],
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), {recursive: true});
    await writeFile(join(home, name), JSON.stringify(content));
  }
  const {stores, states} = await look({MISE_STATE_DIR: undefined, XDG_STATE_HOME: undefined, PORTLESS_STATE_DIR: undefined});
  expect(states).toEqual(['runtimes claude ok: 2 records', 'runtimes mise ok: 1 record', 'runtimes portless ok: 1 record']);
  expect(stores.flatMap(({jobs = []}) => jobs)).toMatchObject([
    {id: '0000000f', runs: false, conversations: ['s-2'], updatedAt: null},
    {id: '1a2b3c4d', runs: true, conversations: ['s-1'], directory: '/w/a', updatedAt: Date.UTC(2026, 10, 28, 4)},
  ]);
  expect(stores.flatMap(({ports = []}) => ports)).toMatchObject([
    {port: 5173, service: 'a/web', directory: '/w/a', pid: null},
    {port: 4101, service: 'shop.localhost', directory: null, pid: 77},
  ]);
  expect(JSON.stringify(stores)).not.toContain('SECRET');
});
