import {execFileSync} from 'node:child_process';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {realFiles} from '../../../src/core/os/files.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

let dir = '';
beforeEach(async () => {
  dir = await scope.tempDir();
});

describe('reading text', () => {
  test('a file, and one that says it is empty but is not', async () => {
    await writeFile(join(dir, 'a'), 'hé\n');
    expect(await realFiles.readText(join(dir, 'a'))).toEqual({state: 'ok', value: 'hé\n'});
    expect(await realFiles.readText('/proc/self/stat')).toMatchObject({state: 'ok', value: expect.stringContaining(`${process.pid} (`)});
  });

  test('what is not there is missing, below a file too', async () => {
    await writeFile(join(dir, 'a'), '');
    expect(await realFiles.readText(join(dir, 'b'))).toEqual({state: 'missing'});
    expect(await realFiles.readText(join(dir, 'a', 'b'))).toEqual({state: 'missing'});
    await symlink('nowhere', join(dir, 'dangling'));
    expect(await realFiles.readText(join(dir, 'dangling'))).toEqual({state: 'missing'});
  });

  test('what cannot be read is unknown', async () => {
    await symlink('loop', join(dir, 'loop'));
    expect(await realFiles.readText(join(dir, 'loop'))).toEqual({state: 'unknown', because: 'too many levels of symbolic links'});
    expect(await realFiles.readText(dir)).toEqual({state: 'unknown', because: 'is a directory'});
    await writeFile(join(dir, 'large'), 'x'.repeat(101));
    expect(await realFiles.readText(join(dir, 'large'), 100)).toEqual({state: 'unknown', because: 'larger than 100 bytes'});
    expect(await realFiles.readText(join(dir, 'large'), 101)).toMatchObject({state: 'ok'});
  });

  test('a FIFO that nobody writes to does not hang', async () => {
    execFileSync('mkfifo', [join(dir, 'fifo')]);
    expect(await realFiles.readText(join(dir, 'fifo'))).toEqual({state: 'unknown', because: 'is a FIFO, not a regular file'});
  });
});

test('names in order; missing and unknown as ever', async () => {
  await writeFile(join(dir, 'b'), '');
  await writeFile(join(dir, 'a'), '');
  expect(await realFiles.list(dir)).toEqual({state: 'ok', value: ['a', 'b']});
  expect(await realFiles.list(join(dir, 'none'))).toEqual({state: 'missing'});
});

test('a link is a link, a socket a socket', async () => {
  await mkdir(join(dir, 'd'));
  await symlink('d', join(dir, 'l'));
  const server = createServer().listen(join(dir, 's'));
  scope.add(() => server.close());
  await new Promise(resolve => server.once('listening', resolve));
  const kind = async (name: string) => {
    const info = await realFiles.inspect(join(dir, name));
    return info.state === 'ok' ? info.value.kind : info.state;
  };
  expect([await kind('d'), await kind('l'), await kind('s'), await kind('x')]).toEqual(['directory', 'link', 'socket', 'missing']);
  expect(await realFiles.realPath(join(dir, 'l'))).toEqual({state: 'ok', value: join(dir, 'd')});
});
