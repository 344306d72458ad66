// What git says of the work that an agent leaves behind, in real checkouts.
import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import {countStashes, parseStatus, readWorkState} from '../../src/core/look/work-state.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const open = async () => {
  const root = await scope.tempDir();
  const host = createHost({markers: MARKERS, env: {PATH: process.env.PATH, HOME: root}, cwd: root});
  scope.add(() => host.close());
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', '-c', 'init.defaultBranch=main', ...args], {
      cwd,
      env: {PATH: process.env.PATH, HOME: root},
      stdio: 'pipe',
    });
  const origin = join(root, 'origin');
  const clone = join(root, 'clone');
  mkdirSync(origin);
  git(origin, 'init', '-q', '--bare');
  git(root, 'clone', '-q', origin, clone);
  writeFileSync(join(clone, 'a'), '1');
  git(clone, 'add', '.');
  git(clone, 'commit', '-qm', 'one');
  git(clone, 'push', '-q', 'origin', 'HEAD');
  return {root, host, git: (...args: string[]) => git(clone, ...args), clone};
};

describe('readWorkState', () => {
  test('nothing at risk', async () => {
    const {host, clone} = await open();
    expect(await readWorkState(host, clone)).toEqual(known({branch: 'main', uncommitted: 0, unpushed: 0, stashed: 0}));
  });

  test('changed, renamed, untracked; committed and not pushed; stashed, of this branch alone', async () => {
    const {host, git, clone} = await open();
    writeFileSync(join(clone, 'a'), '2');
    git('stash');
    git('checkout', '-qb', 'feat/x');
    writeFileSync(join(clone, 'a'), '3');
    git('stash', 'push', '-qm', 'half done');
    writeFileSync(join(clone, 'b'), '1');
    git('add', 'b');
    git('commit', '-qm', 'two');
    git('mv', 'b', 'c d');
    writeFileSync(join(clone, 'new\nname'), '');
    expect(await readWorkState(host, clone)).toEqual(known({branch: 'feat/x', uncommitted: 2, unpushed: 1, stashed: 1}));
  });

  test('a branch without a commit has nothing to push', async () => {
    const {host, git, clone} = await open();
    git('checkout', '-q', '--orphan', 'fresh');
    expect(await readWorkState(host, clone)).toEqual(known({branch: 'fresh', uncommitted: 1, unpushed: 0, stashed: 0}));
  });

  test('no repository, no git: unknown, in git’s words', async () => {
    const {host, root} = await open();
    const outside = join(root, 'plain');
    mkdirSync(outside);
    expect(await readWorkState(host, outside)).toMatchObject({known: false, because: expect.stringContaining('not a git repository')});
    const bare = createHost({markers: MARKERS, env: {PATH: '/nonexistent', HOME: root}, cwd: root});
    scope.add(() => bare.close());
    const {clone} = await open();
    expect(await readWorkState(bare, clone)).toEqual({known: false, because: 'git is not installed'});
  });
});

test('parsers take hostile names for what they are', () => {
  expect(parseStatus('# branch.oid x\0# branch.head (detached)\0? # branch.head y\x002 R. N... 1 1 1 a b R100 new\0old\0u UU x\0')).toEqual(
    {
      branch: null,
      uncommitted: 3,
    },
  );
  expect(countStashes('WIP on main: 1 a\nOn main: b\nWIP on main-2: c\nOn (no branch): d\n', 'main')).toBe(2);
  expect(countStashes('On (no branch): d\n', null)).toBe(1);
});
