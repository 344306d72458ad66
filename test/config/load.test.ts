import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type LoadRequest, loadConfig} from '../../src/config/load.ts';
import {formatProblem} from '../../src/config/problem.ts';

let root = '';
const NO_FLAGS = {towns: [], repos: [], sockets: [], readOnly: false};

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'rigtop-config-')));
  mkdirSync(join(root, 'home/project/deep'), {recursive: true});
});

afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (path: string, text: string): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, text, {mode: 0o644});
  return file;
};

const load = (request: Partial<LoadRequest> = {}) =>
  loadConfig({cwd: join(root, 'home/project/deep'), env: {HOME: join(root, 'home')}, flags: NO_FLAGS, ...request});

describe('where configuration comes from', () => {
  test('without any file the defaults hold', async () => {
    const config = await load();
    expect(config).toMatchObject({intervalMs: 2000, readOnly: false, theme: 'dark', files: [], problems: [], refusesActions: false});
    expect(config.settings).toMatchObject({orphanMinAgeMs: 60_000, confirmGapMs: 500, termGraceMs: 5000, sockets: null});
    expect(config.settings.runtimes.map(runtime => runtime.name)).toContain('claude');
  });

  test('the nearer file wins key by key', async () => {
    write('home/.config/rigtop/config.toml', 'interval = "9s"\n[thresholds]\norphan_min_age = "1s"\nterm_grace = "1s"\n');
    write('home/project/.rigtop.toml', 'interval = "8s"\n[thresholds]\nterm_grace = "2s"\n');
    write('home/project/deep/.rigtop.toml', 'interval = "7s"\n');
    const config = await load();
    expect(config.intervalMs).toBe(7000);
    expect(config.settings).toMatchObject({orphanMinAgeMs: 1000, termGraceMs: 2000});
    expect(config.files).toHaveLength(3);
  });

  test('XDG_CONFIG_HOME moves the file of the user, a relative one is ignored', async () => {
    write('xdg/rigtop/config.toml', 'interval = "9s"\n');
    const env = {HOME: join(root, 'home')};
    expect((await load({env: {...env, XDG_CONFIG_HOME: join(root, 'xdg')}})).intervalMs).toBe(9000);
    expect((await load({env: {...env, XDG_CONFIG_HOME: 'xdg'}})).intervalMs).toBe(2000);
  });

  test('a file named on the command line replaces the one of the user and is nearest of all', async () => {
    write('home/.config/rigtop/config.toml', 'interval = "9s"\n');
    write('home/project/.rigtop.toml', 'interval = "8s"\nread_only = true\n');
    const path = write('given.toml', 'interval = "7s"\n');
    expect(await load({path})).toMatchObject({intervalMs: 7000, readOnly: true});
  });

  test('what the user protects cannot be taken away by a project', async () => {
    write('home/.config/rigtop/config.toml', '[protect]\nsessions = ["mine"]\npaths = ["~/keep"]\n');
    write('home/project/.rigtop.toml', '[protect]\nsessions = []\npaths = ["sub", "*/x"]\n');
    expect((await load()).settings.protect).toEqual({
      sessions: ['mine'],
      commands: [],
      paths: [join(root, 'home/keep'), join(root, 'home/project/sub'), '*/x'],
    });
  });

  test('paths are absolute: ~ is the home, relative ones start at their file, flags at the working directory', async () => {
    write('home/project/.rigtop.toml', '[[towns]]\npath = "~/gt"\n[[repos]]\npath = "."\n');
    const config = await load({flags: {...NO_FLAGS, towns: ['../t'], repos: ['~/r'], sockets: ['work', './s']}});
    expect(config.settings.towns).toEqual([join(root, 'home/project/t'), join(root, 'home/gt')]);
    expect(config.settings.repos).toEqual([join(root, 'home/r'), join(root, 'home/project')]);
    expect(config.settings.sockets).toEqual(['work', join(root, 'home/project/deep/s')]);
  });

  test('a project’s file may not say what is kept, run or ended unattended: its commands would run without a person', async () => {
    const file = write('home/project/.rigtop.toml', '[supervise]\ninterval = "5s"\nkeep = ["agent:a/*"]\nnotify = ["x"]\n');
    const config = await load();
    expect(config.supervise).toMatchObject({keep: [], notify: null, intervalMs: 5000});
    expect(config.problems.map(formatProblem)).toEqual([
      expect.stringContaining(`${file}:3: supervise.keep: belongs into`),
      expect.stringContaining(`${file}:4: supervise.notify: belongs into`),
    ]);
    write('home/.config/rigtop/config.toml', '[supervise]\nkeep = ["agent:b/*"]\nnotify = ["y", "z"]\n');
    expect((await load()).supervise).toMatchObject({keep: ['agent:b/*'], notify: ['y', 'z']});
  });

  test('keys are checked once merged, and told where the nearest file binds them', async () => {
    write('home/.config/rigtop/config.toml', '[keys]\nstop = ["x"]\n');
    const file = write('home/project/.rigtop.toml', '[keys]\nrestart = ["x"]\n');
    const checkKeys = (keys: Readonly<Record<string, readonly string[]>>) =>
      Promise.resolve(Object.keys(keys).length === 2 ? [{action: 'restart', problem: 'x is bound to stop too'}] : []);
    const config = await load({checkKeys});
    expect(config.problems.map(formatProblem)).toEqual([`${file}:2: keys.restart: x is bound to stop too`]);
    expect(config).toMatchObject({keys: {}, refusesActions: true});
  });

  test('a configured runtime replaces the built-in of its name', async () => {
    write('home/project/.rigtop.toml', '[runtimes.claude]\nprocess_names = ["my-claude"]\n');
    const {runtimes} = (await load()).settings;
    expect(runtimes.filter(runtime => runtime.name === 'claude')).toEqual([
      {name: 'claude', processNames: ['my-claude'], scripts: ['my-claude'], args: []},
    ]);
  });
});

describe('a file that cannot be used', () => {
  const problems = async (request: Partial<LoadRequest> = {}) => {
    const config = await load(request);
    expect(config.refusesActions).toBe(config.problems.length > 0);
    return config.problems.map(formatProblem);
  };

  test('one named on the command line has to exist', async () => {
    expect(await problems({path: 'none.toml'})).toEqual([`${join(root, 'home/project/deep/none.toml')}: does not exist`]);
  });

  test('a directory, a pipe and bytes that are no text are told, and never waited for', async () => {
    mkdirSync(join(root, 'home/project/.rigtop.toml'));
    expect(await problems()).toEqual([`${join(root, 'home/project/.rigtop.toml')}: is not a regular file`]);
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await problems({path: pipe})).toContain(`${pipe}: is not a regular file`);
    const binary = join(root, 'binary');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await problems({path: binary})).toContain(`${binary}: is not UTF-8 text`);
  });

  test('a project file that anybody may write is not read', async () => {
    const file = write('home/project/.rigtop.toml', 'read_only = true\n');
    chmodSync(file, 0o666);
    const config = await load();
    expect(config).toMatchObject({readOnly: false, refusesActions: true});
    expect(config.problems[0]?.message).toContain('every user');
  });

  test('a broken file leaves the others in force', async () => {
    write('home/.config/rigtop/config.toml', '[protect]\nsessions = ["mine"]\n');
    write('home/project/.rigtop.toml', 'interval = \n');
    const config = await load();
    expect(config.settings.protect.sessions).toEqual(['mine']);
    expect(config.problems.map(formatProblem)).toEqual([`${join(root, 'home/project/.rigtop.toml')}:1: invalid value`]);
  });
});
