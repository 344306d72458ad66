import {execFile, spawn} from 'node:child_process';
import {chown, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, describe, expect, test} from 'vitest';
import {tellTowns} from '../../src/core/act/town-events.ts';
import type {PlanSession} from '../../src/core/domain/plan.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKER} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const open = async () => {
  const host = createHost({inThread: true});
  scope.add(host.close);
  const town = await scope.tempDir();
  const session: PlanSession = {
    socket: '/s',
    id: '$1',
    created: 1,
    ref: 'session:gt/gt-max',
    name: 'gt-max',
    server: 'gt',
    because: '',
    serverPid: 1,
    panes: ['%1'],
    town,
    agent: 'agent:shop/crew/max',
  };
  return {host, town, session, feed: join(town, '.events.jsonl')};
};

describe('the event feed of a town', () => {
  test('gets one line in its own form, behind what is there', async () => {
    const {host, session, feed} = await open();
    await writeFile(feed, '{"type":"spawn"}\n');
    expect(await tellTowns(host, [session], 'session:gt/gt-max')).toEqual([]);
    const [, line = '', ...rest] = (await readFile(feed, 'utf8')).split('\n');
    expect(rest).toEqual(['']);
    expect(JSON.parse(line)).toEqual({
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      source: 'gt',
      type: 'session_death',
      actor: 'gt-max',
      payload: {session: 'gt-max', agent: 'shop/crew/max', reason: 'session:gt/gt-max', caller: 'rigtop'},
      visibility: 'feed',
    });
  });

  test('waits for its other writers, and says so when one of them keeps the lock', async () => {
    const {host, session, feed} = await open();
    const holder = spawn('flock', [`${feed}.lock`, 'sleep', '600'], {stdio: 'ignore', env: {...process.env, [MARKER]: scope.marker()}});
    await waitFor('the lock to be held', () =>
      promisify(execFile)('flock', ['-n', `${feed}.lock`, 'true']).then(
        () => false,
        () => true,
      ),
    );
    expect(await tellTowns(host, [session], 'x')).toEqual([expect.stringContaining('was not told of gt-max')]);
    await expect(readFile(feed)).rejects.toThrow('ENOENT');
    holder.kill('SIGKILL');
  });

  test('many at once: no line is torn', async () => {
    const {host, session, feed} = await open();
    await Promise.all(Array.from({length: 12}, () => tellTowns(host, [session], 'x'.repeat(3000))));
    const rows = (await readFile(feed, 'utf8')).trimEnd().split('\n');
    expect(rows.map(row => JSON.parse(row).type)).toEqual(Array.from({length: 12}, () => 'session_death'));
  });

  test.runIf(process.getuid?.() === 0)('of another user is left alone: a file of root’s would shut the town out', async () => {
    const {host, town, session, feed} = await open();
    await chown(town, 65_534, 65_534);
    expect(await tellTowns(host, [session], 'x')).toEqual([expect.stringContaining('65534')]);
    await expect(readFile(feed)).rejects.toThrow('ENOENT');
  });

  test('outside a town nobody is told', async () => {
    const {host, session} = await open();
    expect(await tellTowns(host, [{...session, town: null}], 'x')).toEqual([]);
  });
});
