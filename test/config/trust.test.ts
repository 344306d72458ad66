import {createHash} from 'node:crypto';
import {chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {type LoadRequest, loadConfig} from '../../src/config/load.ts';
import {TRUST_SCHEMA, trustPath} from '../../src/config/trust-file.ts';

let root = '';
const NO_FLAGS = {towns: [], repos: [], sockets: [], readOnly: false};

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'rigtop-trust-')));
  mkdirSync(join(root, 'home/clone/deep'), {recursive: true});
  mkdirSync(join(root, 'state'), {mode: 0o700});
});

afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (path: string, text: string, mode = 0o644): string => {
  const file = join(root, path);
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const approve = (...files: readonly (readonly [path: string, text: string])[]): string =>
  write(
    'state/trust.json',
    JSON.stringify({
      schema: TRUST_SCHEMA,
      approved: files.map(([path, text]) => ({path: join(root, path), digest: digestOf(text), at: 'x'})),
    }),
    0o600,
  );

const load = (request: Partial<LoadRequest> = {}) =>
  loadConfig({
    cwd: join(root, 'home/clone/deep'),
    env: {HOME: join(root, 'home')},
    flags: NO_FLAGS,
    trust: trustPath(join(root, 'state')),
    ...request,
  });

const OWN = `interval = "9s"
[[towns]]
path = "~/gt"
[[repos]]
path = "~/shop"
[[rigs]]
name = "search"
path = "~/w/search"
  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "python3 -m http.server {port}"
[[registers]]
name = "desk"
file = "~/desk.json"
id = "id"
session = "s"
status = "st"
[runtimes.mine]
process_names = ["mine"]
[supervise]
keep = ["slot:search/*/web"]
notify = ["tell"]
[keys]
stop = ["F9"]
`;

/** What a clone might bring: a rig that repeats one's own, commands, keys, times, programs. */
const CLONE = `interval = "1s"
read_only = true
[theme]
name = "mono"
[protect]
sessions = ["theirs"]
[thresholds]
orphan_min_age = "0s"
[[rigs]]
name = "search"
path = "."
  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "touch pwned"
[[rigs]]
name = "lib"
path = "vendor/lib"
[[rigs]]
name = "again"
path = "~/w/search"
[[repos]]
path = "."
[[towns]]
path = "town"
[[registers]]
name = "desk"
file = "x.json"
id = "id"
session = "s"
status = "st"
[runtimes.x]
process_names = ["python3"]
[runtimes.mine]
process_names = ["python3"]
[runtimes.claude]
process_names = ["nothing"]
[supervise]
interval = "1s"
keep = ["agent:lib/*"]
notify = ["sh", "-c", "id"]
[keys]
quit = ["F12"]
stop = ["q"]
`;

describe('a file that nobody approved', () => {
  test('adds protection, read-only and a theme, and nothing else', async () => {
    const file = write('home/clone/.rigtop.toml', CLONE);
    const config = await load();
    const {protect, ...settings} = config.settings;
    const {protect: _, ...defaults} = DEFAULT_SETTINGS;
    expect(settings).toEqual(defaults);
    expect(protect.sessions).toEqual(['theirs']);
    expect(config).toMatchObject({readOnly: true, theme: 'mono', intervalMs: 2000, keys: {}, problems: [], refusesActions: false});
    expect(config.supervise).toEqual({intervalMs: 30_000, keep: [], notify: null, cleanup: null});
    expect(config.notes).toEqual([
      {
        file,
        message: 'waits for your approval: interval, thresholds, towns, repos, rigs, registers and 3 more',
        hint: `rigtop trust ${dirname(file)} shows what it would change`,
      },
    ]);
  });

  test('leaves one’s own as it is', async () => {
    write('home/.config/rigtop/config.toml', OWN);
    const alone = await load();
    write('home/clone/.rigtop.toml', CLONE);
    const beside = await load();
    expect({...beside.settings, protect: null}).toEqual({...alone.settings, protect: null});
    expect(beside).toMatchObject({intervalMs: 9000, keys: alone.keys, supervise: alone.supervise});
  });

  test('is silent where it only protects', async () => {
    write('home/clone/.rigtop.toml', 'read_only = true\n[protect]\ncommands = ["*"]\n');
    expect(await load()).toMatchObject({notes: [], readOnly: true});
  });

  test('is checked all the same: faults are told by file, line and key', async () => {
    write('home/clone/.rigtop.toml', '[[rigs]]\nname = "a"\n');
    expect((await load()).problems).toMatchObject([{line: 1, key: 'rigs[0].path', message: 'is missing'}]);
  });
});

describe('an approved file', () => {
  test('adds to what the person has, and replaces none of it', async () => {
    write('home/.config/rigtop/config.toml', OWN);
    const file = write('home/clone/.rigtop.toml', CLONE);
    approve(['home/clone/.rigtop.toml', CLONE]);
    const {settings, ...config} = await load();
    expect(settings.rigs.map(({name, path, services}) => [name, path, services[0]?.command ?? null])).toEqual([
      ['search', join(root, 'home/w/search'), 'python3 -m http.server {port}'],
      ['lib', join(root, 'home/clone/vendor/lib'), null],
    ]);
    expect(settings.repos).toEqual([join(root, 'home/shop'), join(root, 'home/clone')]);
    expect(settings.towns).toEqual([join(root, 'home/gt'), join(root, 'home/clone/town')]);
    expect(settings.registers.map(each => each.file)).toEqual([join(root, 'home/desk.json')]);
    expect(settings.runtimes.find(({name}) => name === 'x')?.processNames).toEqual(['python3']);
    expect(settings.runtimes.find(({name}) => name === 'mine')?.processNames).toEqual(['mine']);
    expect(settings.runtimes.find(({name}) => name === 'claude')?.processNames).toContain('claude');
    expect(settings.orphanMinAgeMs).toBe(0);
    expect(config).toMatchObject({
      intervalMs: 1000,
      keys: {quit: ['F12'], stop: ['F9']},
      supervise: {intervalMs: 1000, keep: ['slot:search/*/web', 'agent:lib/*'], notify: ['tell']},
    });
    expect(config.notes).toEqual([
      {
        file,
        message:
          'left out: rig search (there is one of that name already), rig again (its directory is that of rig search), ' +
          'register desk (there is one of that name already), runtime mine (there is one of that name already), ' +
          'runtime claude (it is built in, and only your own configuration may say otherwise), supervise.notify (your own stays)',
        hint: 'rename or remove it there',
      },
    ]);
  });

  test('that has changed waits again', async () => {
    const file = write('home/clone/.rigtop.toml', 'interval = "1s"\n');
    approve(['home/clone/.rigtop.toml', 'interval = "1s"\n']);
    expect(await load()).toMatchObject({intervalMs: 1000, notes: []});
    write('home/clone/.rigtop.toml', 'interval = "1s" \n');
    const config = await load();
    expect(config.intervalMs).toBe(2000);
    expect(config.notes).toMatchObject([{file, message: 'has changed, and waits for your approval again: interval'}]);
  });

  test('counts in its place only, by whatever path one came there', async () => {
    write('home/clone/.rigtop.toml', 'interval = "1s"\n');
    approve(['home/clone/.rigtop.toml', 'interval = "1s"\n']);
    symlinkSync(join(root, 'home/clone'), join(root, 'home/link'));
    expect((await load({cwd: join(root, 'home/link')})).intervalMs).toBe(1000);
    write('home/copy/.rigtop.toml', 'interval = "1s"\n');
    expect((await load({cwd: join(root, 'home/copy')})).intervalMs).toBe(2000);
  });

  test('may not have more slots than all rigs together may', async () => {
    write('home/.config/rigtop/config.toml', '[[rigs]]\nname = "a"\npath = "/a"\nslots = 5000\n');
    const text = '[[rigs]]\nname = "b"\npath = "/b"\nslots = 5000\n';
    write('home/clone/.rigtop.toml', text);
    approve(['home/clone/.rigtop.toml', text]);
    const config = await load();
    expect(config.settings.rigs.map(({name}) => name)).toEqual(['a']);
    expect(config.notes).toMatchObject([{message: expect.stringContaining('more than 10000 services')}]);
  });
});

describe('approvals that somebody else could have written', () => {
  const text = 'interval = "1s"\n';
  const waits = async (because: string): Promise<void> => {
    const config = await load();
    expect(config).toMatchObject({intervalMs: 2000, problems: []});
    expect(config.notes).toMatchObject([{message: expect.stringContaining(because)}]);
  };

  beforeEach(() => {
    write('home/clone/.rigtop.toml', text);
    approve(['home/clone/.rigtop.toml', text]);
  });

  test('count as they stand', async () => {
    expect(await load()).toMatchObject({intervalMs: 1000});
  });

  test('do not where others may write the file or its directory', async () => {
    chmodSync(join(root, 'state/trust.json'), 0o620);
    await waits('chmod 600');
    chmodSync(join(root, 'state/trust.json'), 0o600);
    chmodSync(join(root, 'state'), 0o777);
    await waits('others can write to');
  });

  test('do not through a link', async () => {
    rmSync(join(root, 'state/trust.json'));
    write('elsewhere.json', '{}', 0o600);
    symlinkSync(join(root, 'elsewhere.json'), join(root, 'state/trust.json'));
    await waits('is not a file of yours alone');
  });

  test.each(['', '{}', '[]', 'null', '{"schema":"rigtop/trust@1","approved":[{"path":1}]}'])('do not as %j', async content => {
    write('state/trust.json', content, 0o600);
    await waits('waits, because the file of your approvals ');
  });

  // Only root can give a file away.
  test.runIf(process.getuid?.() === 0)('do not when they are another user’s', async () => {
    chownSync(join(root, 'state/trust.json'), 12_345, 12_345);
    await waits('is not a file of yours alone');
    chownSync(join(root, 'state/trust.json'), 0, 0);
    chownSync(join(root, 'state'), 12_345, 12_345);
    await waits('others can write to');
  });
});

describe('who is told of agents that need a person', () => {
  const SAYS = '[notify]\nbell = true\ncommand = ["tell", "-x"]\n';

  test('is said by the user’s own file', async () => {
    write('home/.config/rigtop/config.toml', SAYS);
    expect((await load()).notify).toEqual({bell: true, command: ['tell', '-x']});
  });

  test('never by a project’s, approved or not', async () => {
    write('home/clone/.rigtop.toml', SAYS);
    expect((await load()).notify).toEqual({bell: false, command: null});
    const trust = approve(['home/clone/.rigtop.toml', SAYS]);
    const config = await load({trust});
    expect(config.notify).toEqual({bell: false, command: null});
    expect(config.notes.map(({message}) => message).join()).toContain('notify (only your own configuration says who is told)');
  });

  test('is said by a file that was named', async () => {
    const file = write('named.toml', SAYS);
    expect((await load({path: file})).notify).toEqual({bell: true, command: ['tell', '-x']});
  });
});
