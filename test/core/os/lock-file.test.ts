import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type LockHolder, type LockParts, takeLock} from '../../../src/core/os/lock-file.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-lock-'));
  path = join(directory, 'sub', 'x.lock');
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const holder = (pid: number, bootId: string | null = 'boot-1'): LockHolder => ({pid, startTime: pid * 10, bootId});
const parts = (own: LockHolder, alive: readonly number[] = []): LockParts => ({own, isAlive: ({pid}) => alive.includes(pid)});

describe('a lock file', () => {
  it('is held by one at a time and released', async () => {
    const first = await takeLock(path, parts(holder(2), [2]));
    expect(first.state).toBe('held');
    expect(await takeLock(path, parts(holder(3), [2, 3]))).toEqual({state: 'busy', holder: holder(2)});
    await (first as {release(): Promise<void>}).release();
    expect((await takeLock(path, parts(holder(3), [3]))).state).toBe('held');
  });

  it('of a holder that is gone, or of another start of the machine, is taken over', async () => {
    await takeLock(path, parts(holder(2)));
    expect((await takeLock(path, parts(holder(3)))).state).toBe('held');
    expect((await takeLock(path, parts(holder(4, 'boot-2'), [3]))).state).toBe('held');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(holder(4, 'boot-2'));
    expect(await readdir(join(directory, 'sub'))).toEqual(['x.lock']);
  });

  it('that cannot be read is busy, never stale', async () => {
    await takeLock(path, parts(holder(2)));
    await writeFile(path, 'half a');
    expect((await takeLock(path, parts(holder(3)))).state).toBe('busy');
  });

  it('is not released by who has lost it', async () => {
    const first = await takeLock(path, parts(holder(2)));
    await takeLock(path, parts(holder(3)));
    await (first as {release(): Promise<void>}).release();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(holder(3));
  });

  it('goes to exactly one of many who find it stale at once, every time', async () => {
    const pids = Array.from({length: 12}, (_, index) => index + 10);
    for (let time = 0; time < 40; time += 1) {
      await mkdir(join(directory, 'sub'), {recursive: true});
      await writeFile(path, JSON.stringify(holder(2)));
      const taken = await Promise.all(pids.map(pid => takeLock(path, parts(holder(pid), pids))));
      expect(taken.filter(({state}) => state === 'held').length).toBe(1);
    }
    expect(await readdir(join(directory, 'sub'))).toEqual(['x.lock']);
  });

  it('is cleared although one died while it cleared it', async () => {
    await takeLock(path, parts(holder(2)));
    await takeLock(`${path}.clear`, parts(holder(4)));
    expect((await takeLock(path, parts(holder(3), [3]))).state).toBe('held');
  });

  it('says whether it is still held, taken away, another’s or out of sight', async () => {
    const lock = await takeLock(path, parts(holder(2)));
    const check = () => (lock.state === 'held' ? lock.check() : null);
    expect(await check()).toBe('ours');
    await writeFile(path, JSON.stringify(holder(3)));
    expect(await check()).toBe('another');
    await rm(path);
    expect(await check()).toBe('gone');
    await mkdir(path);
    expect(await check()).toBe('unknown');
  });

  it('where none can be made has failed', async () => {
    await writeFile(join(directory, 'sub'), '');
    expect((await takeLock(path, parts(holder(2)))).state).toBe('failed');
  });
});
