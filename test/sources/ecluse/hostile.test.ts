// One hostile repository beside a good one: it is a blind spot of its own, and the good one is told as ever.
import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import type {Host} from '../../../src/core/os/host.ts';
import {createHost} from '../../../src/core/os/real-host.ts';
import {createRepoCollector} from '../../../src/sources/ecluse/read/repo-collector.ts';
import {MARKERS} from '../../../src/sources/sources.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const CONFIG = 'mode = "host"\n[[services]]\nname = "web"\nbase_port = 3100\n';
const session = (slug: string, more: object = {}) => ({slug, slot: 1, worktree_path: `/w/${slug}`, ...more});
const state = (sessions: readonly object[], version: unknown = 1): string => JSON.stringify({version, sessions});

let root = '';
let evil = '';
let host: Host;
beforeEach(async () => {
  root = await scope.tempDir();
  evil = join(root, 'evil');
  for (const name of ['good', 'evil']) {
    mkdirSync(join(root, name, '.ecluse'), {recursive: true});
    writeFileSync(join(root, name, '.ecluse.toml'), CONFIG);
    writeFileSync(join(root, name, '.ecluse', 'state.json'), state([session('feat')]));
  }
  host = createHost({markers: MARKERS, cwd: root});
  scope.add(() => host.close());
});

const collect = async (on: Host = host) => {
  const checkouts = ['good', 'evil'].map(name => ({directory: join(root, name), root: join(root, name), mainRoot: join(root, name)}));
  const {repos} = await createRepoCollector(on, DEFAULT_SETTINGS).collect({checkouts}, 2000);
  const told = (name: string) => repos.find(repo => repo.realRoot === join(root, name));
  expect(told('good')).toMatchObject({config: {known: true}, sessions: {known: true, value: [{slug: 'feat', pidFiles: {known: true}}]}});
  return told('evil');
};

const deep = (depth: number): string => `{"version":${'['.repeat(depth)}${']'.repeat(depth)},"sessions":[]}`;
const many = (count: number): readonly object[] => Array.from({length: count}, (_, index) => session(`s${index}`));

/** What is written into the place of state.json. */
const STATES: readonly (readonly [string, string])[] = [
  ['a version nested a hundred thousand deep', deep(100_000)],
  ['20 000 sessions', state(many(5000).map(({...each}) => ({...each, worktree_path: '/'})))],
  ['50 000 pid files', state([session('x', {pid_files: Array.from({length: 50_000}, (_, index) => `/${index}`)})])],
  ['more bytes than are read', `${' '.repeat(2_000_000)}${state([])}`],
  ['a version with a tower of words', JSON.stringify({version: {toString: 'x'}, sessions: []})],
];

describe('the state of a repository', () => {
  test.each(STATES)('%s', async (_, text) => {
    writeFileSync(join(evil, '.ecluse', 'state.json'), text);
    expect(await collect()).toMatchObject({sessions: {known: false, because: expect.any(String)}});
  });

  test('is a FIFO, a device, or a link that leads out', async () => {
    const path = join(evil, '.ecluse', 'state.json');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(await collect()).toMatchObject({sessions: {known: false}});
    for (const target of ['/dev/zero', join(root, 'good', '.ecluse', 'state.json')]) {
      rmSync(path);
      symlinkSync(target, path);
      expect(await collect()).toMatchObject({sessions: {known: false, because: expect.stringContaining('leads out of')}});
    }
  });

  test('names pid files elsewhere: none of them is opened', async () => {
    const opened: string[] = [];
    const watched: Host = {
      ...host,
      files: {
        ...host.files,
        readText: (path, ...rest) => {
          opened.push(path);
          return host.files.readText(path, ...rest);
        },
      },
    };
    writeFileSync(join(evil, '.ecluse', 'state.json'), state([session('x', {pid_files: ['/proc/kmsg', '/dev/watchdog', '/etc/x.pid']})]));
    expect(await collect(watched)).toMatchObject({
      sessions: {value: [{pidFiles: {known: false, because: expect.stringContaining('pid file')}}]},
    });
    expect(opened.filter(path => !path.startsWith(root) && !path.startsWith('/proc/net'))).toEqual([]);
  });
});

test('a configuration with 40 000 services is unknown', async () => {
  const service = '[[services]]\nname = "web"\nbase_port = 3100\n';
  writeFileSync(join(evil, '.ecluse.toml'), `mode = "host"\n${service.repeat(5000)}`);
  expect(await collect()).toMatchObject({config: {known: false, because: expect.stringContaining('services')}});
});

test('one that breaks or never answers takes nothing from the others', async () => {
  for (const trouble of [() => Promise.reject(new Error('broken')), () => new Promise<never>(() => undefined)]) {
    const files: Host['files'] = {
      ...host.files,
      list: path => (path.startsWith(evil) ? trouble() : host.files.list(path)),
    };
    expect(await collect({...host, files})).toMatchObject({config: {known: false}, sessions: {known: false}});
  }
});
