// The built program asked for the dangerous: flushes of everything, links, a state that cannot be written. Plans only, but for one process.
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {createRigtop, type Rigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';

const scope = createScope();
let rigtop: Rigtop;

beforeAll(builtBinary);
beforeEach(async () => {
  rigtop = await createRigtop(scope);
});
afterEach(scope.close);

interface Answer {
  readonly error?: {readonly code: string};
  readonly targets?: readonly {readonly pid: number}[];
}

describe('rigtop flush', () => {
  test('refuses the root, the home directory, what holds it, and every way of writing them', async () => {
    const link = join(rigtop.directory, 'link-to-home');
    await symlink(rigtop.home, link);
    const scopes = [
      '/',
      '//',
      '/.',
      '/tmp/..',
      '~',
      '~/',
      '~/.',
      '.',
      '..',
      '/tmp',
      rigtop.home,
      `${rigtop.home}/`,
      `${rigtop.home}/x/..`,
      link,
    ];
    for (const each of scopes) {
      const {code, document} = await rigtop.seen<Answer>(['flush', each, '--dry-run']);
      expect({each, code, error: document.error?.code}).toEqual({each, code: 4, error: 'too-wide'});
    }
  });

  test('refuses a rig that a configuration put there', async () => {
    for (const path of ['/', '~', '../..', '~/..']) {
      rigtop.write('home/.config/rigtop/config.toml', `[[rigs]]\nname = "all"\npath = "${path}"\n`);
      const {code, document} = await rigtop.seen<Answer>(['flush', 'rig:all', '--dry-run'], {
        env: {XDG_CONFIG_HOME: join(rigtop.home, '.config')},
      });
      expect({path, code, error: document.error?.code}).toEqual({path, code: 4, error: 'too-wide'});
    }
  });

  test('finds who lives behind a link', async () => {
    const real = join(rigtop.home, 'real');
    await mkdir(real);
    await symlink(real, join(rigtop.home, 'code'));
    const one = await startOne(scope, {cwd: real});
    for (const place of ['~/code', '~/code/', 'real', './real/../code/.']) {
      const asked = place.startsWith('real') ? `./${place}` : place;
      const {code, document} = await rigtop.seen<Answer>(['flush', asked, '--dry-run']);
      expect({asked, code, pids: document.targets?.map(({pid}) => pid)}).toEqual({asked, code: 0, pids: [one.pid]});
    }
    expect(isAlive(one)).toBe(true);
  });
});

test('a journal that cannot be written: exit 4, nothing touched', async () => {
  const file = join(rigtop.directory, 'no-directory');
  await writeFile(file, '');
  const one = await startOne(scope);
  const {code} = await rigtop.seen(['kill', `process:${one.pid}`, '--yes', '--force'], {env: {XDG_STATE_HOME: file}});
  expect(code).toBe(4);
  expect(isAlive(one)).toBe(true);
});
