// The package as people get it: packed, installed globally from the tarball without a network, and started there.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {transform} from 'esbuild';
import {execa} from 'execa';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};

interface Bill {
  readonly components: readonly {readonly name: string; readonly version: string; readonly hashes: readonly unknown[]}[];
}

let place = '';
let installed = '';

/** An environment with nothing of ours in it: no tmux, no settings, a home of its own. */
const cleanEnv = () => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: join(place, 'home'),
  TMUX_TMPDIR: join(place, 'tmux'),
  LANG: 'C.UTF-8',
});

const run = (file: string, args: readonly string[]) =>
  execa(file, args, {cwd: place, env: {...cleanEnv(), npm_config_cache: join(place, 'cache')}, extendEnv: false, reject: false});

/** Has the launcher believe that it is on another Node. */
const disguised = (version: string): readonly string[] => {
  const disguise = join(place, `node-${version}.cjs`);
  const versions = JSON.stringify({...process.versions, node: version});
  writeFileSync(disguise, `Object.defineProperty(process, 'versions', {value: ${versions}});\n`);
  return ['--require', disguise];
};

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isSupported = major > 22 || (major === 22 && minor >= 12);

/** The installed command by its name; where these tests run on an older Node, as they may in a checkout, by a launcher that does not know. */
const rigtop = (...args: readonly string[]) =>
  isSupported ? run(installed, args) : run(process.execPath, [...disguised('22.12.0'), installed, ...args]);

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'rigtop-pack-'));
  for (const folder of ['home', 'tmux', 'prefix']) {
    mkdirSync(join(place, folder));
  }
  // Without scripts: the tests run what `npm test` has just built, and others are running it.
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', place], {cwd: root});
  const tarball = readdirSync(place).find(name => name.endsWith('.tgz')) ?? '';
  await execa('npm', ['install', '--global', '--offline', '--prefix', join(place, 'prefix'), join(place, tarball)], {
    cwd: place,
    env: {npm_config_cache: join(place, 'cache')},
  });
  installed = join(place, 'prefix/bin/rigtop');
});

afterAll(() => rmSync(place, {recursive: true, force: true}));

describe('the installed package', () => {
  it('holds the program and what belongs to it, and needs nothing else', () => {
    const folder = join(place, 'prefix/lib/node_modules/rigtop');
    expect(readdirSync(folder).sort()).toEqual([
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist',
      'docs',
      'package.json',
    ]);
    expect(readdirSync(join(folder, 'dist'))).toEqual(expect.arrayContaining(['rigtop.js', 'main.js', 'stand-in.js']));
    expect(readFileSync(join(place, 'prefix/share/man/man1/rigtop.1'), 'utf8')).toContain('.TH RIGTOP 1');
    const {dependencies} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {dependencies?: unknown};
    expect(dependencies).toBeUndefined();
  });

  it('names the packages whose code it contains', () => {
    const notice = readFileSync(join(place, 'prefix/lib/node_modules/rigtop/dist/THIRD-PARTY.txt'), 'utf8');
    const named = [...notice.matchAll(/^(\S+) \d+\.\d+\.\d+ \([\w.-]+\)$/gm)].map(([, name]) => name);
    expect(named).toEqual(
      expect.arrayContaining(['execa', 'ink', 'react', 'react-reconciler', 'smol-toml', 'yoga-layout', 'zod', 'zustand']),
    );
  });

  it('holds the text of every licence, and a bill of what is in it', () => {
    const dist = join(place, 'prefix/lib/node_modules/rigtop/dist');
    const [, ...notices] = readFileSync(join(dist, 'THIRD-PARTY.txt'), 'utf8').split(/^(?=\S+ \d+\.\d+\.\d+ \([\w.-]+\)$)/m);
    for (const notice of notices) {
      expect(notice).toMatch(/copyright|\(c\)|©/i);
    }
    const bill = JSON.parse(readFileSync(join(dist, 'sbom.cdx.json'), 'utf8')) as Bill;
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: {component: {name: 'rigtop', version: manifest.version}},
    });
    expect(bill.components.map(({name, version}) => `${name} ${version}`)).toEqual(notices.map(notice => /^\S+ \S+/.exec(notice)?.[0]));
    expect(bill.components.flatMap(({hashes}) => hashes)).toHaveLength(bill.components.length);
  });

  it('holds what its pages link to', () => {
    const folder = join(place, 'prefix/lib/node_modules/rigtop');
    const pages = (readdirSync(folder, {recursive: true}) as string[]).filter(name => name.endsWith('.md'));
    const links = pages.flatMap(page =>
      [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
        .map(([, inText, inTag]) => (inText ?? inTag ?? '').replace(/#.*/, ''))
        .filter(link => link !== '' && !/^[a-z]+:/.test(link))
        .map(link => ({page, link})),
    );
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(({page, link}) => !existsSync(join(folder, dirname(page), link)))).toEqual([]);
  });

  it('says where it comes from and where faults are told', () => {
    const {repository, bugs} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(repository).toEqual({type: 'git', url: expect.stringMatching(/^git\+https:\/\/.+\.git$/)});
    expect(bugs).toMatch(/^https:\/\//);
  });

  it('tells its version', async () => {
    const {stdout, stderr, exitCode} = await rigtop('--version');
    expect({stdout, stderr, exitCode}).toEqual({stdout: expect.stringContaining(manifest.version), stderr: '', exitCode: 0});
  });

  it('reports on this machine', async () => {
    const {stdout, exitCode} = await rigtop('status', '--json');
    const status = JSON.parse(stdout) as {schema: string; sources: readonly {source: string; state: string}[]};
    expect(status.schema).toBe('rigtop/status@1');
    expect(status.sources).toContainEqual(expect.objectContaining({source: 'processes', state: 'ok'}));
    expect([0, 1, 3]).toContain(exitCode);
  });
});

describe('the launcher', () => {
  const launcherOn = (version: string, file: string) => run(process.execPath, [...disguised(version), file, '--version']);

  it.each(['10.24.1', '12.22.12', '18.20.8', '20.20.2', '22.11.0'])('refuses Node %s in one line', async version => {
    const {stdout, stderr, exitCode} = await launcherOn(version, installed);
    expect(stderr).toMatch(/^rigtop needs Node\.js 22\.12 or newer; this is [\d.]+ \([^\n]*\)[^\n]*$/);
    expect(stderr).toContain(version);
    expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2});
  });

  it.each(['22.12.0', '24.21.0', '26.0.0'])('starts on Node %s', async version => {
    expect((await launcherOn(version, installed)).stdout).toContain(manifest.version);
  });

  it('lets a checkout run on the Node of its machine, from 20 on', async () => {
    const checkout = join(root, 'dist/rigtop.js');
    expect((await launcherOn('20.20.2', checkout)).stdout).toContain(manifest.version);
    expect((await launcherOn('18.20.8', checkout)).exitCode).toBe(2);
  });

  it('is written so that an old Node can read it', async () => {
    const text = readFileSync(join(root, 'dist/rigtop.js'), 'utf8');
    await expect(transform(text, {target: 'es5', supported: {'dynamic-import': true}})).resolves.toMatchObject({warnings: []});
    // As CommonJS too: before Node 12 a `.js` file is never a module.
    expect(text).not.toMatch(/^\s*(import\s[^(]|export\s)|import\.meta|\bawait\b/m);
  });
});
