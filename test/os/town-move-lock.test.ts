// Moving a lock aside: only what was judged, never over another file, never a link.
import {createHash} from 'node:crypto';
import {readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {moveLock} from '../../src/core/act/move-lock.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const lockIn = async (content: string) => {
  const directory = await scope.tempDir();
  const path = join(directory, 'agent.lock');
  await writeFile(path, content);
  const move = (digest = digestOf(content)) => moveLock({ref: `lock:${path}`, path, digest, moveTo: `${path}.stale-1`}, () => 0);
  return {directory, path, move};
};

test('what was judged goes aside with its content', async () => {
  const {path, directory, move} = await lockIn('{"pid":7}');
  await writeFile(join(directory, 'agent.lock.flock'), '');
  expect(move()).toMatchObject({result: 'gone', because: `moved to ${path}.stale-1`});
  expect(await readFile(`${path}.stale-1`, 'utf8')).toBe('{"pid":7}');
  expect(await readdir(directory)).toEqual(['agent.lock.flock', 'agent.lock.stale-1']);
  expect(move()).toMatchObject({result: 'already-gone'});
});

test('what was written anew stays', async () => {
  const {path, directory, move} = await lockIn('{"pid":8}');
  expect(move(digestOf('{"pid":7}'))).toMatchObject({result: 'changed', because: 'its content is another one now'});
  expect(await readFile(path, 'utf8')).toBe('{"pid":8}');
  expect(await readdir(directory)).toEqual(['agent.lock']);
});

test('nothing is overwritten, and a link is not followed', async () => {
  const {path, move} = await lockIn('{"pid":7}');
  await writeFile(`${path}.stale-1`, 'older');
  expect(move()).toMatchObject({result: 'survived', because: `${path}.stale-1 exists already`});
  expect(await readFile(`${path}.stale-1`, 'utf8')).toBe('older');
  const linked = `${path}.link`;
  await symlink(path, linked);
  const moved = moveLock({ref: '', path: linked, digest: digestOf('{"pid":7}'), moveTo: `${linked}.stale-1`}, () => 0);
  expect(moved).toMatchObject({result: 'changed', because: 'it is no regular file any more'});
});
