// Paths that lead to the same place by another name: links in protections, rigs and flushes.
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {loadConfig} from '../../src/config/load.ts';
import {realPathOf} from '../../src/config/real-paths.ts';
import {createScope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';
import {openActing} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

const load = async (text: string) => {
  const home = await scope.tempDir();
  await mkdir(join(home, 'real/keep'), {recursive: true});
  await symlink(join(home, 'real'), join(home, 'code'));
  const path = join(home, 'rigtop.toml');
  await writeFile(path, text);
  const flags = {towns: [], repos: [], sockets: [], readOnly: false};
  return {home, config: await loadConfig({path, cwd: home, env: {HOME: home, XDG_CONFIG_HOME: home}, flags})};
};

test('a protected path that is reached by a link protects what works behind it', async () => {
  const {home, config} = await load('[protect]\npaths = ["~/code/keep"]\n');
  const kept = await startOne(scope, {cwd: join(home, 'real/keep')});
  const acting = await openActing(scope, null, {settings: config.settings});
  expect(await acting.refusal([`process:${kept.pid}`])).toMatchObject({rule: 'protect-path'});
});

test('a rig that is reached by a link is where its processes are', async () => {
  const {home, config} = await load('[[rigs]]\nname = "keep"\npath = "code/keep"\n');
  expect(config.settings.rigs[0]?.path).toBe(join(await realPathOf(home), 'real/keep'));
});

test('a project’s file cannot allow what the user has forbidden', async () => {
  const home = await scope.tempDir();
  const project = join(home, 'project');
  await mkdir(join(home, 'rigtop'), {recursive: true});
  await mkdir(project);
  await writeFile(join(home, 'rigtop/config.toml'), 'read_only = true\n');
  await writeFile(join(project, '.rigtop.toml'), 'read_only = false\n');
  const flags = {towns: [], repos: [], sockets: [], readOnly: false};
  const config = await loadConfig({cwd: project, env: {HOME: home, XDG_CONFIG_HOME: home}, flags});
  expect(config).toMatchObject({readOnly: true, problems: []});
});

test('what does not exist keeps its last parts', async () => {
  const {home} = await load('');
  expect(await realPathOf(join(home, 'code/gone/deep'))).toBe(join(await realPathOf(home), 'real/gone/deep'));
});
