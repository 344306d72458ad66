import {execFile, spawn} from 'node:child_process';
import {chmod, chown, link, mkdir, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, describe, expect, test} from 'vitest';
import type {PlanSession} from '../../src/core/domain/plan.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {tellTowns} from '../../src/sources/gastown/town-events.act.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {MARKER} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const open = async () => {
  const host = createHost({markers: MARKERS});
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
  return {door: {host, isNamed: (path: string) => Promise.resolve(path === town)}, town, session, feed: join(town, '.events.jsonl')};
};

describe('the event feed of a town', () => {
  test('gets one line in its own form, behind what is there', async () => {
    const {door, session, feed} = await open();
    await writeFile(feed, '{"type":"spawn"}\n');
    expect(await tellTowns(door, [session], 'session:gt/gt-max')).toEqual([]);
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
    const {door, session, feed} = await open();
    const holder = spawn('flock', [`${feed}.lock`, 'sleep', '600'], {stdio: 'ignore', env: {...process.env, [MARKER]: scope.marker()}});
    await waitFor('the lock to be held', () =>
      promisify(execFile)('flock', ['-n', `${feed}.lock`, 'true']).then(
        () => false,
        () => true,
      ),
    );
    expect(await tellTowns(door, [session], 'x')).toEqual([expect.stringContaining('was not told of gt-max')]);
    await expect(readFile(feed)).rejects.toThrow('ENOENT');
    holder.kill('SIGKILL');
  });

  test('many at once: no line is torn', async () => {
    const {door, session, feed} = await open();
    await Promise.all(Array.from({length: 12}, () => tellTowns(door, [session], 'x'.repeat(3000))));
    const rows = (await readFile(feed, 'utf8')).trimEnd().split('\n');
    expect(rows.map(row => JSON.parse(row).type)).toEqual(Array.from({length: 12}, () => 'session_death'));
  });

  test.runIf(process.getuid?.() === 0)('of another user is left alone: a file of root’s would shut the town out', async () => {
    const {door, town, session, feed} = await open();
    await chown(town, 65_534, 65_534);
    expect(await tellTowns(door, [session], 'x')).toEqual([expect.stringContaining('65534')]);
    await expect(readFile(feed)).rejects.toThrow('ENOENT');
  });

  test('of a town that nobody has named is left alone', async () => {
    const {door, session, feed} = await open();
    const unnamed = {...door, isNamed: () => Promise.resolve(false)};
    expect(await tellTowns(unnamed, [session], 'x')).toEqual([expect.stringContaining('nobody has named this town')]);
    await expect(readFile(feed)).rejects.toThrow('ENOENT');
  });

  test('is never written through a link, nor is anything made through one', async () => {
    const {door, town, session, feed} = await open();
    const profile = join(town, 'profile');
    await writeFile(profile, '# mine\n');
    await symlink(profile, feed);
    expect(await tellTowns(door, [session], 'x')).toEqual([expect.stringContaining('is a symbolic link')]);
    await rm(feed);
    await rm(`${feed}.lock`);
    await symlink(join(town, 'created'), `${feed}.lock`);
    expect(await tellTowns(door, [session], 'x')).toEqual([expect.stringContaining('is a symbolic link')]);
    expect(await readFile(profile, 'utf8')).toBe('# mine\n');
    expect((await readdir(town)).sort()).toEqual(['.events.jsonl.lock', 'profile']);
  });

  test.each([
    ['a FIFO', (feed: string) => promisify(execFile)('mkfifo', [feed])],
    ['a second name of another file', (feed: string) => writeFile(`${feed}-other`, '# mine\n').then(() => link(`${feed}-other`, feed))],
    ['a file that everybody may write', (feed: string) => writeFile(feed, '').then(() => chmod(feed, 0o666))],
    ['a directory', (feed: string) => mkdir(feed)],
  ])('is left alone when it is %s', async (_, place) => {
    const {door, session, feed} = await open();
    await place(feed);
    expect(await tellTowns(door, [session], 'x')).toEqual([expect.stringContaining('was not told')]);
  });

  test('outside a town nobody is told', async () => {
    const {door, session} = await open();
    expect(await tellTowns(door, [{...session, town: null}], 'x')).toEqual([]);
  });
});
