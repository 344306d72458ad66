import {execFileSync} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
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
    expect(config).toMatchObject({intervalMs: 2000, readOnly: false, theme: null, files: [], problems: [], refusesActions: false});
    expect(config.settings).toMatchObject({orphanMinAgeMs: 60_000, confirmGapMs: 500, termGraceMs: 5000, sockets: null});
    expect(config.settings.runtimes.map(runtime => runtime.name)).toContain('claude');
  });

  test('the nearer project has the theme, and read-only stays read-only', async () => {
    write('home/.config/rigtop/config.toml', '[theme]\nname = "light"\n');
    write('home/project/.rigtop.toml', 'read_only = true\n[theme]\nname = "mono"\n');
    write('home/project/deep/.rigtop.toml', 'read_only = false\n[theme]\nname = "high-contrast"\n');
    const config = await load();
    expect(config).toMatchObject({theme: 'high-contrast', readOnly: true, notes: []});
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
    write('home/project/.rigtop.toml', 'read_only = true\n[theme]\nname = "mono"\n');
    const path = write('given.toml', 'interval = "7s"\n[theme]\nname = "light"\n');
    expect(await load({path})).toMatchObject({intervalMs: 7000, readOnly: true, theme: 'light'});
  });

  test('a project’s file that is named on the command line is the person’s word', async () => {
    const path = write('home/project/.rigtop.toml', 'interval = "7s"\n');
    expect(await load({path})).toMatchObject({intervalMs: 7000, notes: [], files: [path]});
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
    write('home/.config/rigtop/config.toml', '[[towns]]\npath = "~/gt"\n[[repos]]\npath = "."\n');
    const config = await load({flags: {...NO_FLAGS, towns: ['../t'], repos: ['~/r'], sockets: ['work', './s']}});
    expect(config.settings.towns).toEqual([join(root, 'home/project/t'), join(root, 'home/gt')]);
    expect(config.settings.repos).toEqual([join(root, 'home/r'), join(root, 'home/.config/rigtop')]);
    expect(config.settings.sockets).toEqual(['work', join(root, 'home/project/deep/s')]);
  });

  test('keys that contradict each other are told where the file binds them', async () => {
    const file = write('home/.config/rigtop/config.toml', '[keys]\nstop = ["x"]\nrestart = ["x"]\n');
    const checkKeys = (keys: Readonly<Record<string, readonly string[]>>) =>
      Promise.resolve(Object.keys(keys).length === 2 ? [{action: 'restart', problem: 'x is bound to stop too'}] : []);
    const config = await load({checkKeys});
    expect(config.problems.map(formatProblem)).toEqual([`${file}:3: keys.restart: x is bound to stop too`]);
    expect(config).toMatchObject({keys: {}, refusesActions: true});
  });

  test('a configured runtime replaces the built-in of its name', async () => {
    write('home/.config/rigtop/config.toml', '[runtimes.claude]\nprocess_names = ["my-claude"]\n');
    const {runtimes} = (await load()).settings;
    expect(runtimes.filter(runtime => runtime.name === 'claude')).toMatchObject([
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

  test('a directory, a pipe, a device and bytes that are no text are told, and never waited for', async () => {
    const project = join(root, 'home/project/.rigtop.toml');
    mkdirSync(project);
    expect(await problems()).toEqual([`${project}: is not a regular file`]);
    rmSync(project, {recursive: true});
    execFileSync('mkfifo', [project]);
    expect(await problems()).toEqual([`${project}: is not a regular file`]);
    rmSync(project);
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await problems({path: pipe})).toEqual([`${pipe}: is not a regular file`]);
    expect(await problems({path: '/dev/zero'})).toEqual(['/dev/zero: is not a regular file']);
    const binary = join(root, 'binary');
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await problems({path: binary})).toEqual([`${binary}: is not UTF-8 text`]);
  });

  test('a file of a quarter of a megabyte is read, a larger one is not', async () => {
    const largest = `interval = "9s"\n#${'x'.repeat(256 * 1024 - 18)}\n`;
    expect(largest).toHaveLength(256 * 1024);
    const path = write('large.toml', largest);
    expect(await load({path})).toMatchObject({problems: [], intervalMs: 9000});
    write('large.toml', `${largest}\n`);
    expect(await problems({path})).toEqual([`${path}: is larger than 262144 bytes`]);
  });

  test('a broken file leaves the others in force', async () => {
    write('home/.config/rigtop/config.toml', '[protect]\nsessions = ["mine"]\n');
    write('home/project/.rigtop.toml', 'interval = \n');
    const config = await load();
    expect(config.settings.protect.sessions).toEqual(['mine']);
    expect(config.problems.map(formatProblem)).toEqual([`${join(root, 'home/project/.rigtop.toml')}:1: invalid value`]);
  });

  test('more than sixteen project files on the way up are not all read', async () => {
    const deep = join('home/project/deep', ...Array.from({length: 17}, () => 'd'));
    for (let depth = 1; depth <= 17; depth++) {
      write(join('home/project/deep', ...Array.from({length: depth}, () => 'd'), '.rigtop.toml'), 'read_only = false\n');
    }
    const config = await load({cwd: join(root, deep)});
    expect(config.problems.map(formatProblem)).toEqual([
      `${join(root, 'home/project/deep/d/.rigtop.toml')}: is one of more than 16: not read`,
    ]);
  });
});

describe('whose file it is', () => {
  const note = (file: string, message: string) => ({file, message: expect.stringContaining(message), hint: expect.any(String)});

  test('a project file that anybody may write is ignored with a note, and switches nothing off', async () => {
    const file = write('home/project/.rigtop.toml', 'read_only = true\n');
    chmodSync(file, 0o666);
    expect(await load()).toMatchObject({
      readOnly: false,
      refusesActions: false,
      problems: [],
      files: [],
      notes: [note(file, 'every user')],
    });
  });

  test('a link that leads out of its directory is not followed', async () => {
    write('secret.toml', 'read_only = true\n');
    const file = join(root, 'home/project/.rigtop.toml');
    symlinkSync(join(root, 'secret.toml'), file);
    const config = await load();
    expect(config.readOnly).toBe(false);
    expect(config.problems.map(formatProblem)).toEqual([`${file}: is a link that leads out of its directory`]);
    rmSync(file);
    write('home/project/inside.toml', 'read_only = true\n');
    symlinkSync('inside.toml', file);
    expect(await load()).toMatchObject({readOnly: true, problems: []});
  });

  test('one’s own file must be one’s own alone; one named on the command line is the person’s word', async () => {
    const file = write('home/.config/rigtop/config.toml', 'interval = "9s"\n');
    chmodSync(file, 0o646);
    const config = await load();
    expect(config).toMatchObject({intervalMs: 2000, refusesActions: true});
    expect(config.problems.map(formatProblem)).toEqual([`${file}: can be written by every user (chmod o-w): not read`]);
    expect(await load({path: file})).toMatchObject({intervalMs: 9000, problems: []});
  });

  // Only root can give a file away.
  test.runIf(process.getuid?.() === 0)('the file of another user is ignored with a note, in any directory above', async () => {
    const file = write('home/.rigtop.toml', 'read_only = true\n');
    chownSync(file, 12_345, 12_345);
    const near = write('home/project/.rigtop.toml', '[protect]\nsessions = ["mine"]\n');
    const config = await load();
    expect(config).toMatchObject({readOnly: false, problems: [], files: [near], notes: [note(file, 'belongs to user 12345')]});
    expect(config.settings.protect.sessions).toEqual(['mine']);
    const own = write('home/.config/rigtop/config.toml', 'read_only = true\n');
    chownSync(own, 12_345, 12_345);
    expect(await load()).toMatchObject({readOnly: false, refusesActions: true});
  });
});
