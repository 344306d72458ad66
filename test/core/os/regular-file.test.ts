// Files of the wrong sort in every place where one of rigtop's own, or a project's, is read or written: refused, without waiting.
import {execFileSync} from 'node:child_process';
import {chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {realFiles} from '../../../src/core/os/files.ts';
import {takeLock} from '../../../src/core/os/lock-file.ts';
import {readRegularSync} from '../../../src/core/os/regular-file.ts';
import {appendLine, createDocument, readOwn, readRows} from '../../../src/core/os/state-files.ts';
import {canBeOthers, otherUser} from '../../support/other-user.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

let dir = '';
beforeEach(async () => {
  dir = await scope.tempDir();
});

const own = {pid: 2, startTime: 2, bootId: null};

/** What may lie at a path instead of a file. */
const WRONG: readonly (readonly [string, (path: string) => void])[] = [
  ['a FIFO', path => execFileSync('mkfifo', [path])],
  ['a device behind a link', path => symlinkSync('/dev/zero', path)],
  ['a directory', path => mkdirSync(path)],
  ['a loop', path => symlinkSync(path, path)],
  ['a dangling link', path => symlinkSync(`${path}-nowhere`, path)],
  [
    'a link to a file',
    path => {
      writeFileSync(`${path}-real`, 'x');
      symlinkSync(`${path}-real`, path);
    },
  ],
  [
    'a file that everybody may write',
    path => {
      writeFileSync(path, 'x');
      chmodSync(path, 0o666);
    },
  ],
];

describe.each(WRONG)('%s in the place of a file of our own', (_, place) => {
  test('is neither read, nor written, nor waited for', async () => {
    const path = join(dir, 'own');
    place(path);
    expect((await appendLine(path, 'line', true)).ok).toBe(false);
    expect((await createDocument(path, 'text')).ok).toBe(false);
    await expect(readRows(path, 0, () => undefined)).rejects.toThrow();
    expect((await readOwn(path)).state).not.toBe('ok');
    expect((await takeLock(path, {own, isAlive: () => false})).state).toBe('failed');
    expect(() => readRegularSync(path, 100, {without: 0o002})).toThrow();
  });
});

describe('files of a project', () => {
  test('a link is followed inside the project, and not out of it', async () => {
    const project = join(dir, 'project');
    mkdirSync(join(project, 'sub'), {recursive: true});
    writeFileSync(join(project, 'real'), 'inside');
    writeFileSync(join(dir, 'secret'), 'outside');
    symlinkSync('../real', join(project, 'sub', 'in'));
    symlinkSync('../../secret', join(project, 'sub', 'out'));
    symlinkSync(dir, join(project, 'around'));
    const read = (name: string) => realFiles.readText(join(project, name), 100, project);
    expect(await read('sub/in')).toEqual({state: 'ok', value: 'inside'});
    expect(await read('sub/out')).toEqual({state: 'unknown', because: expect.stringContaining('leads out of')});
    expect(await read('around/secret')).toEqual({state: 'unknown', because: expect.stringContaining('leads out of')});
    expect(await realFiles.readTail(join(project, 'sub/out'), 100, project)).toMatchObject({state: 'unknown'});
    expect(await read('nothing')).toEqual({state: 'missing'});
  });

  test('devices and FIFOs are named and not opened', async () => {
    execFileSync('mkfifo', [join(dir, 'fifo')]);
    symlinkSync('/dev/zero', join(dir, 'zero'));
    expect(await realFiles.readText(join(dir, 'fifo'))).toEqual({state: 'unknown', because: 'is a FIFO, not a regular file'});
    expect(await realFiles.readText(join(dir, 'zero'))).toEqual({state: 'unknown', because: 'is a device, not a regular file'});
    expect(await realFiles.readTail(join(dir, 'zero'), 10)).toEqual({state: 'unknown', because: 'is a device, not a regular file'});
  });
});

describe('whose it is', () => {
  test('a directory that everybody may write in holds nothing of ours', async () => {
    chmodSync(dir, 0o777);
    expect(await appendLine(join(dir, 'journal'), 'x', true)).toEqual({
      ok: false,
      because: expect.stringContaining('every user may write'),
    });
    expect(await takeLock(join(dir, 'lock'), {own, isAlive: () => false})).toMatchObject({state: 'failed'});
  });

  test.runIf(canBeOthers)('a file, a directory or a link of another user is not ours', async () => {
    const other = await otherUser(scope);
    const journal = join(dir, 'journal');
    writeFileSync(journal, '{}\n', {mode: 0o600});
    other.own(journal);
    expect(await appendLine(journal, 'x', true)).toEqual({ok: false, because: `belongs to user ${other.uid}, not to user 0`});
    expect(await readOwn(journal)).toEqual({state: 'unknown', because: `belongs to user ${other.uid}, not to user 0`});
    expect(readFileSync(journal, 'utf8')).toBe('{}\n');
    const theirs = join(other.home, 'rigtop');
    expect(await appendLine(join(other.home, 'x'), 'x', true)).toMatchObject({because: expect.stringContaining('belongs to user')});
    await other.run('ln', ['-s', dir, theirs]);
    expect(await createDocument(join(theirs, 'x'), 'x')).toMatchObject({because: expect.stringContaining('belongs to user')});
  });

  test('a file with a second name can be demanded not to be', () => {
    writeFileSync(join(dir, 'one'), 'x', {mode: 0o600});
    linkSync(join(dir, 'one'), join(dir, 'two'));
    expect(() => readRegularSync(join(dir, 'two'), 100, {single: true})).toThrow('has 2 names');
  });
});
