import {chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createScope, type Scope} from '../support/scope.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

let scope: Scope;
let rigtop: Rigtop;
let clone: string;

const TEXT = `[protect]
sessions = ["theirs"]
[thresholds]
orphan_min_age = "0s"
[[rigs]]
name = "lib"
path = "vendor/lib"
  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "touch pwned"
`;

beforeEach(async () => {
  scope = createScope();
  rigtop = await createRigtop(scope);
  clone = join(rigtop.home, 'clone');
  rigtop.write('home/clone/.rigtop.toml', TEXT);
});
afterEach(() => scope.close());

const waits = async (): Promise<string | null> => {
  const {document} = await rigtop.json<{sources: readonly {source: string; target: string; state: string; detail: string}[]}>(['status'], {
    cwd: clone,
  });
  const config = document.sources.find(({source, target}) => source === 'config' && target === join(clone, '.rigtop.toml'));
  expect(config).toMatchObject({state: 'ok'});
  return config?.detail === 'read' ? null : (config?.detail ?? '');
};

const trust = (...argv: readonly string[]) => rigtop.run(['trust', ...argv], {cwd: clone});
const pins = (): string => join(rigtop.home, '.local/state/rigtop/trust.json');

describe('rigtop trust', () => {
  test('what waits is one line and no error, in status and doctor', async () => {
    const {stdout, stderr, code} = await rigtop.run(['status'], {cwd: clone});
    const lines = stdout.split('\n').filter(line => line.includes('.rigtop.toml'));
    expect(lines).toEqual([
      `NOTE  config ${clone}/.rigtop.toml: waits for your approval: thresholds, rigs (rigtop trust ${clone} shows what it would change)`,
    ]);
    expect([stderr, code === 0 || code === 1]).toEqual(['', true]);
    const doctor = (await rigtop.run(['doctor'], {cwd: clone})).stdout;
    expect(doctor).toMatch(/NOTE +config +.*waits for your approval: thresholds, rigs\n +rigtop trust /);
  });

  test('shows what would change, approves that very content, lists it and takes it back', async () => {
    const shown = await trust();
    expect(shown).toMatchObject({code: 0, stderr: ''});
    expect(shown.stdout.split('\n').map(line => line.trimEnd())).toEqual([
      `${clone}/.rigtop.toml waits for your approval`,
      expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
      'Counts at once',
      '  protect.sessions  ["theirs"]',
      'Would count with your approval',
      '  thresholds.orphan_min_age      "0s"',
      '  rigs[0].name                   "lib"',
      `  rigs[0].path                   "${clone}/vendor/lib"`,
      '  rigs[0].services[0].name       "web"',
      '  rigs[0].services[0].base_port  3100',
      '  rigs[0].services[0].command    "touch pwned"  (may be run)',
      'Nothing was approved. With --yes it is.',
      '',
    ]);
    expect(await waits()).toContain('waits for your approval');

    expect((await trust('--yes')).stdout).toContain('Approved.');
    expect(statSync(pins()).mode & 0o777).toBe(0o600);
    expect(await waits()).toBeNull();
    expect((await trust('--list')).stdout).toMatch(/approved .*clone\/\.rigtop\.toml/);

    rigtop.write('home/clone/.rigtop.toml', `${TEXT}# other\n`);
    expect(await waits()).toContain('has changed, and waits for your approval again');
    expect((await trust('--list')).stdout).toMatch(/changed .*clone\/\.rigtop\.toml/);
    rigtop.write('home/clone/.rigtop.toml', TEXT);
    expect(await waits()).toBeNull();
    cpSync(clone, join(rigtop.home, 'copy'), {recursive: true});
    expect((await rigtop.run(['status'], {cwd: join(rigtop.home, 'copy')})).stdout).toContain('waits for your approval');

    expect((await trust('--revoke')).stdout).toContain('is no longer approved');
    expect(await waits()).toContain('waits for your approval');
    expect((await trust('--revoke')).code).toBe(2);
  });

  test('approves nothing that has faults, is not there, or may not be written down', async () => {
    expect(await trust('--yes', '--read-only')).toMatchObject({code: 4});
    expect(await trust('elsewhere')).toMatchObject({code: 2, stderr: expect.stringContaining('there is no ')});
    rigtop.write('home/clone/.rigtop.toml', '[keys]\nunlock = ["y"]\nconfirm = ["F11"]\n');
    expect(await trust('--yes')).toMatchObject({code: 2, stderr: expect.stringContaining('y belongs to confirm in every plan')});
    rigtop.write('home/clone/.rigtop.toml', '[[rigs]]\nname = "a"\n');
    expect(await trust('--yes')).toMatchObject({code: 2, stderr: expect.stringContaining('rigs[0].path: is missing')});
    rigtop.write('home/clone/.rigtop.toml', 'read_only = true\n');
    expect((await trust('--yes')).stdout).toContain('asks for nothing that needs your approval');
    expect(() => readFileSync(pins())).toThrow('ENOENT');
  });

  test('says what of it stays out even then', async () => {
    rigtop.write('home/.config/rigtop/config.toml', `[[rigs]]\nname = "lib"\npath = "~/own"\n`);
    expect((await trust('--yes')).stdout).toContain('Even then left out: rig lib (there is one of that name already)');
    expect(await waits()).toContain('left out: rig lib');
  });
});

// Only root can be another user.
describe.runIf(process.getuid?.() === 0)('beside other users', () => {
  const STRANGER = 12_345;

  test('the file of a stranger above switches nothing off and cannot be approved', async () => {
    const file = rigtop.write('home/.rigtop.toml', 'read_only = true\n[[rigs]]\nname = "x"\npath = "/"\n');
    chownSync(file, STRANGER, STRANGER);
    const {code, stdout, stderr} = await rigtop.run(['kill', String(process.pid), '--dry-run'], {cwd: clone});
    // Refused for what it is, an ancestor of rigtop, and for nothing that the stranger wrote.
    expect([code, stdout]).toEqual([4, expect.stringContaining('Refused (ancestor)')]);
    expect(stderr).not.toContain('belongs to user');
    expect((await rigtop.run(['status'], {cwd: clone})).stdout).toContain(
      `NOTE  config ${file}: belongs to user ${STRANGER}, not to you: not read (nothing in it counts)`,
    );
    expect(await rigtop.run(['trust', '--yes', rigtop.home])).toMatchObject({code: 4, stderr: expect.stringContaining('belongs to user')});
  });

  test('an ordinary user approves for himself alone, and not what another ordinary user wrote', async () => {
    // Not below the test's own directory, which nobody else may search.
    const home = mkdtempSync('/var/tmp/rt-');
    scope.add(() => rmSync(home, {recursive: true, force: true}));
    const third = join(home, 'third');
    mkdirSync(join(home, 'clone'));
    mkdirSync(third);
    writeFileSync(join(home, 'clone/.rigtop.toml'), TEXT, {mode: 0o644});
    chmodSync(home, 0o755);
    for (const path of [home, join(home, 'clone'), join(home, 'clone/.rigtop.toml')]) {
      chownSync(path, STRANGER, STRANGER);
    }
    chownSync(third, STRANGER + 1, STRANGER + 1);
    const as = (uid: number, argv: string) =>
      rigtop.shell(`exec setpriv --reuid ${uid} --regid ${uid} --clear-groups $RIGTOP ${argv}`, {
        cwd: '/',
        env: {HOME: uid === STRANGER ? home : third},
      });
    expect(await as(STRANGER, `trust --yes ${home}/clone`)).toMatchObject({code: 0, stdout: expect.stringContaining('Approved.')});
    expect(statSync(join(home, '.local/state/rigtop/trust.json'))).toMatchObject({uid: STRANGER});
    // Root’s own approvals are others, and another’s file cannot be among them.
    expect(await rigtop.run(['trust', '--yes', join(home, 'clone')])).toMatchObject({code: 4});
    expect(await as(STRANGER + 1, `trust --yes ${home}/clone`)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('belongs to user'),
    });
  });
});
