import {execFileSync} from 'node:child_process';
import {mkdir, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type CheckoutCollector, createCheckoutCollector} from '../../../src/core/look/checkouts.ts';
import {createHost} from '../../../src/core/os/real-host.ts';
import {MARKERS} from '../../../src/sources/sources.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

let now = 0;
let reads = 0;
let dir = '';
let collector: CheckoutCollector;
beforeEach(async () => {
  dir = await scope.tempDir();
  const host = createHost({markers: MARKERS});
  scope.add(host.close);
  now = 0;
  reads = 0;
  const inspect: typeof host.files.inspect = path => {
    reads += 1;
    return host.files.inspect(path);
  };
  collector = createCheckoutCollector({...host, files: {...host.files, inspect}, monotonicMs: () => now});
});

const git = (cwd: string, ...args: readonly string[]): void => {
  execFileSync('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {stdio: 'ignore'});
};

const repository = async (name: string): Promise<string> => {
  const root = join(dir, name);
  await mkdir(join(root, 'src', 'deep'), {recursive: true});
  git(root, 'init', '-q');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'one');
  return root;
};

const only = async (directory: string) => (await collector.collect([directory])).get(directory);

describe('the work tree of a directory', () => {
  test('its top, from any depth; nothing outside', async () => {
    const root = await repository('shop');
    const deep = join(root, 'src', 'deep');
    expect(await only(deep)).toMatchObject({directory: deep, root, mainRoot: root});
    expect(await only(root)).toMatchObject({directory: root, root, mainRoot: root});
    expect(await only(dir)).toBeUndefined();
  });

  test('a linked work tree knows its main one, inside and outside of it', async () => {
    const root = await repository('shop');
    for (const linked of [join(root, '.worktrees', 'a'), join(dir, 'b')]) {
      git(root, 'worktree', 'add', '-q', linked, '-b', `branch-${linked.length}`);
      expect(await only(linked)).toMatchObject({directory: linked, root: linked, mainRoot: root});
    }
  });

  test('says which branch is checked out there, and nothing of a detached one', async () => {
    const root = await repository('shop');
    git(root, 'checkout', '-q', '-b', 'trunk');
    const linked = join(dir, 'b');
    git(root, 'worktree', 'add', '-q', linked, '-b', 'feat/totals');
    expect([(await only(join(root, 'src')))?.branch, (await only(linked))?.branch]).toEqual(['trunk', 'feat/totals']);
    git(root, 'checkout', '-q', '--detach');
    now += 10_001;
    expect(await only(root)).toEqual({directory: root, root, mainRoot: root});
  });

  test('a directory that only calls itself a work tree of somebody’s is a place of its own', async () => {
    const root = await repository('shop');
    git(root, 'worktree', 'add', '-q', join(dir, 'a'), '-b', 'a');
    const [copied, made] = [join(dir, 'copied'), join(dir, 'made')];
    await mkdir(copied);
    await writeFile(join(copied, '.git'), `gitdir: ${join(root, '.git', 'worktrees', 'a')}\n`);
    await mkdir(join(made, 'own', 'worktrees', 'x'), {recursive: true});
    await writeFile(join(made, 'own', 'worktrees', 'x', 'commondir'), `${join(root, '.git')}\n`);
    await writeFile(join(made, 'own', 'worktrees', 'x', 'gitdir'), `${join(made, '.git')}\n`);
    await writeFile(join(made, '.git'), `gitdir: ${join(made, 'own', 'worktrees', 'x')}\n`);
    for (const claimant of [copied, made]) {
      expect(await only(claimant)).toMatchObject({directory: claimant, root: claimant, mainRoot: claimant});
    }
  });

  test('of a bare repository', async () => {
    const root = await repository('shop');
    const bare = join(dir, 'shop.git');
    git(dir, 'clone', '-q', '--bare', root, bare);
    const linked = join(dir, 'w');
    git(bare, 'worktree', 'add', '-q', linked);
    expect(await only(linked)).toMatchObject({directory: linked, root: linked, mainRoot: bare});
  });

  test('a submodule is a repository of its own', async () => {
    const root = await repository('shop');
    const library = await repository('library');
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'lib');
    const sub = join(root, 'lib');
    expect(await only(sub)).toMatchObject({directory: sub, root: sub, mainRoot: sub});
  });

  test.each([
    ['a pointer into nothing', 'gitdir: /no/such/.git/worktrees/x\n', '/no/such'],
    ['rubbish', 'what is this', null],
    ['an empty file', '', null],
  ])('a broken .git: %s', async (_, text, mainRoot) => {
    const root = join(dir, 'broken');
    await mkdir(root);
    await writeFile(join(root, '.git'), text);
    expect(await only(root)).toMatchObject({directory: root, root, mainRoot: mainRoot ?? root});
  });

  test('a directory that was removed, a loop of links, no absolute path', async () => {
    const root = await repository('shop');
    const gone = join(root, 'gone');
    expect(await only(gone)).toMatchObject({directory: gone, root, mainRoot: root});
    await symlink('loop', join(dir, 'loop'));
    expect(await only(join(dir, 'loop', 'x'))).toBeUndefined();
    expect(await only('(unreachable)/x')).toBeUndefined();
  });
});

describe('memory', () => {
  test('an unchanged answer is the same map, and is not read again while it is young', async () => {
    const root = await repository('shop');
    const first = await collector.collect([root, join(root, 'src')]);
    const before = reads;
    expect(await collector.collect([root, join(root, 'src')])).toBe(first);
    expect(reads).toBe(before);
    now += 60_000;
    expect(await collector.collect([root, join(root, 'src')])).toBe(first);
    expect(reads).toBeGreaterThan(before);
  });

  test('a repository that was removed is noticed', async () => {
    const root = await repository('shop');
    expect(await only(root)).toBeDefined();
    await rm(join(root, '.git'), {recursive: true});
    now += 60_000;
    expect(await only(root)).toBeUndefined();
  });
});
