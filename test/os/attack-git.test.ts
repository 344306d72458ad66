// Hostile repositories: what they tell git to run is not run by looking at them, and what they call their own is not theirs for that.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {readWorkState} from '../../src/core/look/work-state.ts';
import {createWorktreeCollector} from '../../src/core/look/worktrees.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createRigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {MARKER} from '../support/marked.ts';
import {canBeOthers, otherUser} from '../support/other-user.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';

const scope = createScope();
afterEach(scope.close);
beforeAll(builtBinary);

let root = '';
let repo = '';
let pwned = '';

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    env: {PATH: process.env.PATH, HOME: root},
    encoding: 'utf8',
    stdio: 'pipe',
  });

beforeEach(async () => {
  root = await scope.tempDir();
  repo = join(root, 'repo');
  pwned = join(root, 'pwned');
  mkdirSync(repo);
  git(repo, 'init', '-q');
  writeFileSync(join(repo, 'a'), '1');
  git(repo, 'add', '.');
  git(repo, 'commit', '-qm', 'one');
});

const hostOf = () => {
  const host = createHost({markers: MARKERS, env: {PATH: process.env.PATH, HOME: root}, cwd: root});
  scope.add(() => host.close());
  return host;
};

const attack = (): string => `touch '${pwned}'; false`;

/** Ways in which a repository's own files make git run something. */
const TRAPS: readonly (readonly [string, () => void])[] = [
  ['core.fsmonitor', () => git(repo, 'config', 'core.fsmonitor', attack())],
  [
    'filter.clean',
    () => {
      git(repo, 'config', 'filter.x.clean', attack());
      writeFileSync(join(repo, '.git', 'info', 'attributes'), '* filter=x\n');
      writeFileSync(join(repo, 'a'), '2');
    },
  ],
  ['include', () => git(repo, 'config', 'include.path', '/tmp/other')],
  ['core.sshcommand', () => git(repo, 'config', 'core.sshCommand', attack())],
  ['diff', () => git(repo, 'config', 'diff.external', attack())],
  ['credential', () => git(repo, 'config', 'credential.helper', `!${attack()}`)],
  ['remote', () => git(repo, 'config', 'remote.origin.promisor', 'true')],
  [
    'filter',
    () => {
      const path = join(repo, '.git', 'config');
      writeFileSync(path, `[core] [filter "x"] clean = "${attack().replaceAll('"', '')}"\n`);
    },
  ],
];

describe('git is not asked about a repository that may have it run a program', () => {
  test.each(TRAPS)('%s', async (name, set) => {
    set();
    const answer = await readWorkState(hostOf(), repo);
    expect(answer).toEqual({known: false, because: expect.stringContaining(`may run programs (${name}`)});
    expect(existsSync(pwned)).toBe(false);
  });

  test('whose configuration it has no words for, or is a link out', async () => {
    writeFileSync(join(repo, '.git', 'config'), '[core]\n bare = false\\\n [filter "x"] clean = x\n "\n');
    expect(await readWorkState(hostOf(), repo)).toMatchObject({known: false});
    rmSync(join(repo, '.git', 'config'));
    writeFileSync(join(root, 'outside'), '[core]\n');
    symlinkSync(join(root, 'outside'), join(repo, '.git', 'config'));
    expect(await readWorkState(hostOf(), repo)).toEqual({known: false, because: expect.stringContaining('leads out')});
  });

  test('hooks and the built-in monitor are switched off instead, and branches and remotes do no harm', async () => {
    git(repo, 'config', 'core.hooksPath', join(root, 'hooks'));
    git(repo, 'config', 'core.fsmonitor', 'true');
    git(repo, 'config', 'remote.origin.url', 'ext::sh -c touch% /x');
    git(repo, 'config', 'branch.main.remote', 'origin');
    mkdirSync(join(root, 'hooks'));
    writeFileSync(join(root, 'hooks', 'post-index-change'), `#!/bin/sh\n${attack()}\n`, {mode: 0o755});
    writeFileSync(join(repo, 'b'), '');
    expect(await readWorkState(hostOf(), repo)).toMatchObject({known: true, value: {uncommitted: 1, branch: 'main'}});
    expect(existsSync(pwned)).toBe(false);
  });

  test.runIf(canBeOthers)('that belongs to another user, whatever root’s own configuration calls safe', async () => {
    const other = await otherUser(scope);
    writeFileSync(join(root, '.gitconfig'), '[safe]\n\tdirectory = *\n');
    other.own(join(repo, '.git'));
    expect(await readWorkState(hostOf(), repo)).toEqual({known: false, because: expect.stringContaining('belongs to user')});
  });

  test('an embedded bare repository is none of its own', async () => {
    const inner = join(repo, 'vendor', 'lib');
    mkdirSync(inner, {recursive: true});
    git(inner, 'init', '-q', '--bare', '.');
    writeFileSync(join(inner, 'config'), `[core]\n bare=false\n worktree=.\n fsmonitor="${attack()}"\n`);
    expect(await readWorkState(hostOf(), inner)).toEqual({known: false, because: 'not a git repository'});
    expect(existsSync(pwned)).toBe(false);
  });
});

describe('work trees are read from files', () => {
  const collect = async () => createWorktreeCollector(hostOf(), {...DEFAULT_SETTINGS, repos: [repo]}).collect([repo]);

  test('as git lists them', async () => {
    git(repo, 'worktree', 'add', '-q', '-b', 'feat/x', join(root, 'feat x'));
    git(repo, 'worktree', 'add', '-q', '--detach', join(root, 'loose'));
    git(repo, 'worktree', 'add', '-q', '-b', 'gone', join(root, 'gone'));
    git(repo, 'worktree', 'lock', '--reason', 'on a stick', join(root, 'loose'));
    rmSync(join(root, 'gone'), {recursive: true});
    writeFileSync(join(root, 'loose', 'new'), '');
    const {worktrees, sources} = await collect();
    const listed = git(repo, 'worktree', 'list', '--porcelain')
      .split('\n')
      .filter(line => line.startsWith('worktree '));
    expect(worktrees.map(({path}) => `worktree ${path}`).sort()).toEqual(listed.sort());
    const by = (path: string) => worktrees.find(tree => tree.path === path);
    expect(by(repo)).toMatchObject({main: true, branch: 'main', dirty: {value: false}});
    expect(by(join(root, 'feat x'))).toMatchObject({main: false, mainRoot: repo, branch: 'feat/x', prunable: null});
    expect(by(join(root, 'loose'))).toMatchObject({branch: null, locked: 'on a stick', dirty: {value: true}});
    expect(by(join(root, 'gone'))?.prunable).toContain('non-existent');
    expect(sources).toMatchObject([{state: 'ok', detail: '4 work trees'}]);
  });

  test('of a bare repository with its work trees beside it', async () => {
    const place = join(root, 'place');
    mkdirSync(place);
    git(root, 'clone', '-q', '--bare', repo, join(place, '.bare'));
    git(join(place, '.bare'), 'worktree', 'add', '-q', '-b', 'b', join(place, 'b'));
    writeFileSync(join(place, '.git'), 'gitdir: ./.bare\n');
    const {worktrees} = await createWorktreeCollector(hostOf(), DEFAULT_SETTINGS).collect([place, join(place, 'b')]);
    expect(new Set(worktrees.map(({path}) => path))).toEqual(new Set([join(place, '.bare'), join(place, 'b')]));
    expect(worktrees.every(({dirty}) => !dirty.known)).toBe(true);
  });

  test('a directory that does not point back is not a repository’s own', async () => {
    const prod = join(root, 'prod');
    mkdirSync(prod);
    const claim = (id: string, target: string): void => {
      mkdirSync(join(repo, '.git', 'worktrees', id), {recursive: true});
      writeFileSync(join(repo, '.git', 'worktrees', id, 'gitdir'), `${target}\n`);
      writeFileSync(join(repo, '.git', 'worktrees', id, 'HEAD'), 'ref: refs/heads/x\n');
    };
    claim('plain', join(prod, '.git'));
    const other = join(root, 'other');
    mkdirSync(other);
    git(other, 'init', '-q');
    claim('other', join(other, '.git'));
    claim('file', join(root, 'home', 'x'));
    const {worktrees, sources} = await collect();
    expect(worktrees.map(({path}) => path)).toEqual([realpathSync(repo)]);
    expect(sources).toMatchObject([{detail: expect.stringContaining('3 more that do not point back')}]);
  });
});

test('the whole program in and beside hostile repositories runs nothing of them', async () => {
  const rigtop = await createRigtop(scope);
  git(repo, 'config', 'core.fsmonitor', attack());
  git(repo, 'config', 'filter.x.clean', attack());
  writeFileSync(join(repo, '.gitattributes'), '* filter=x\n');
  writeFileSync(join(repo, '.ecluse.toml'), 'mode = "host"\n[[services]]\nname = "web"\nbase_port = 3100\n');
  writeFileSync(join(repo, '.rigtop.toml'), '[[rigs]]\nname = "lib"\npath = "."\n');
  startProgram(scope, 'sleep', ['600'], {cwd: repo, env: {[MARKER]: scope.marker()}});
  const bin = join(repo, 'git');
  writeFileSync(bin, `#!/bin/sh\n${attack()}\n`, {mode: 0o755});
  for (const cwd of [repo, '/']) {
    for (const words of [['status', '--read-only'], ['doctor'], ['flush', repo, '--dry-run']]) {
      await rigtop.run(words, {cwd, env: {PATH: `:.:${process.env.PATH}`}});
    }
  }
  expect(existsSync(pwned)).toBe(false);
});
