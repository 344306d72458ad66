import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {createRepoCollector} from '../../src/sources/ecluse/read/repo-collector.ts';
import {createTownCollector} from '../../src/sources/gastown/read/town-collector.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createScope, type Scope} from '../support/scope.ts';

let scope: Scope;
let home: string;
beforeEach(async () => {
  scope = createScope();
  home = await scope.tempDir();
});
afterEach(() => scope.close());

const write = (path: string, text: string): string => {
  mkdirSync(join(home, path, '..'), {recursive: true});
  writeFileSync(join(home, path), text);
  return join(home, path);
};

const hostAt = (cwd: string, env: Readonly<Record<string, string>> = {}): Host => {
  const host = createHost({markers: MARKERS, env: {PATH: process.env.PATH, HOME: home, ...env}, cwd});
  scope.add(() => host.close());
  return host;
};

const settings = (more: Partial<Settings>): Settings => ({...DEFAULT_SETTINGS, ...more});

it('a repository is named by the person’s configuration, and merely found by a directory that somebody stands in', async () => {
  for (const name of ['own', 'rig', 'here', 'stood']) {
    write(`${name}/.ecluse.toml`, 'prefix = "x"\n');
  }
  const path = (name: string): string => join(home, name);
  const rig = {name: 'r', path: path('rig'), session: null, slots: 0, slotStride: 1, services: []};
  const collector = createRepoCollector(hostAt(path('here')), settings({repos: [path('own')], rigs: [rig]}));
  const stoodIn = ['rig', 'stood'].map(name => ({directory: path(name), root: path(name), mainRoot: path(name)}));
  const {repos} = await collector.collect({checkouts: stoodIn});
  expect(Object.fromEntries(repos.map(repo => [repo.name, repo.provenance]))).toEqual({
    own: 'named',
    rig: 'named',
    here: 'found',
    stood: 'found',
  });
});

it('a town is named by configuration, own environment and its usual place; other environments and directories only find it', async () => {
  for (const name of ['own', 'variable', 'gt', 'here', 'seen']) {
    write(`${name}/mayor/town.json`, JSON.stringify({type: 'town', name}));
  }
  const seen = {
    processes: new Map(),
    servers: [{sessions: [{env: {GT_TOWN_ROOT: join(home, 'seen')}}]}],
  } as unknown as Parameters<ReturnType<typeof createTownCollector>['collect']>[0];
  const host = hostAt(join(home, 'here'), {GT_TOWN_ROOT: join(home, 'variable')});
  const {towns} = await createTownCollector(host, settings({towns: [join(home, 'own')]})).collect(seen, 20_000);
  expect(Object.fromEntries(towns.map(town => [town.name, town.provenance]))).toEqual({
    own: 'named',
    variable: 'named',
    gt: 'named',
    here: 'found',
    seen: 'found',
  });
});
