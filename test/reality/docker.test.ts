// `via = ["docker", "exec", "-i", "{name}"]` for real: Docker's own client, and behind its socket podman's service with a container of its own.
import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {accessSync, constants, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, expect, test} from 'vitest';
import {type FleetDocument, fleetSchema} from '../../src/cli/documents/fleet-schema.ts';
import {viaWay} from '../../src/cli/remote/via.ts';
import {createRigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {MARKER} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const execute = promisify(execFile);
const isThere = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
const canRun = process.getuid?.() === 0 && isThere('docker') && isThere('podman');

const VIA = ['docker', 'exec', '-i', '{name}'];

/** Root of a container: this system's programs, this Node, and the rigtop that is tested. */
const makeRoot = async (directory: string): Promise<string> => {
  const root = join(directory, 'root');
  for (const made of ['proc', 'dev', 'sys', 'tmp', 'run', 'usr', 'etc', 'opt', 'home']) {
    mkdirSync(join(root, made), {recursive: true});
  }
  for (const merged of ['bin', 'lib', 'lib64', 'sbin'].filter(name => existsSync(`/usr/${name}`))) {
    symlinkSync(`usr/${merged}`, join(root, merged));
  }
  cpSync(process.execPath, join(root, 'opt/node'));
  cpSync(dirname(await builtBinary()), join(root, 'opt/dist'), {recursive: true});
  writeFileSync(join(root, 'opt/rigtop'), '#!/bin/sh\nexec /opt/node /opt/dist/rigtop.js "$@"\n', {mode: 0o755});
  return root;
};

/** podman with storage, state and service of its own, and a container named `box`; the environment in which `docker` speaks to it. */
const startBox = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const root = await makeRoot(directory);
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    DOCKER_HOST: socket,
    [MARKER]: scope.marker(),
    ...(process.env.CONTAINERS_CONF === undefined ? {} : {CONTAINERS_CONF: process.env.CONTAINERS_CONF}),
  };
  const own = ['--root', join(directory, 'graph'), '--runroot', join(directory, 'state'), '--storage-driver', 'vfs'];
  const podman = (...args: readonly string[]) => execute('podman', [...own, '--cgroup-manager', 'cgroupfs', ...args], {env});
  scope.add(() => podman('rm', '--force', '--time', '0', 'box').catch(() => undefined));
  const inside = ['--env', 'PATH=/opt:/usr/bin:/bin', '--env', 'HOME=/home', '--env', 'LANG=C.UTF-8', '--env', `${MARKER}=${env[MARKER]}`];
  const from = ['--volume', '/usr:/usr:ro', '--volume', '/etc:/etc:ro', '--rootfs', root];
  const lone = ['--hostname', 'box', '--network', 'none', '--cgroups', 'disabled', '--security-opt', 'seccomp=unconfined'];
  await podman('run', '--detach', '--name', 'box', ...lone, ...inside, ...from, 'sleep', '600');
  const service: ChildProcess = spawn('podman', [...own, 'system', 'service', '--time', '0', socket], {env, stdio: 'ignore'});
  scope.add(() => service.kill());
  await waitFor('docker to reach it', () =>
    execute('docker', ['exec', 'box', 'true'], {env}).then(
      () => true,
      () => false,
    ),
  );
  return env;
};

/** What a key of the screen runs on this terminal. */
const onTheSpot = async (env: Readonly<Record<string, string>>, words: readonly string[]): Promise<string> => {
  const terminal = ['docker', 'exec', '-it', '{name}'];
  const spot = viaWay({name: 'box', via: {via: VIA, terminal}, intervalMs: 700, env}).spot(words);
  if ('because' in spot) {
    throw new Error(spot.because);
  }
  const line = [spot.file, ...spot.args].join(' ');
  const child = spawn('script', ['-qfec', line, '/dev/null'], {env, stdio: ['pipe', 'pipe', 'inherit']});
  scope.add(() => child.kill());
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // An agent at work is asked for by its number.
  await waitFor('the question', () => said.includes('anything else cancels'), {describe: () => said});
  child.stdin.write('1\n');
  await new Promise(resolve => child.once('exit', resolve));
  return said;
};

test.runIf(canRun)('a container is seen and acted on through the client of Docker', async () => {
  const directory = await scope.tempDir();
  const env = await startBox(directory);
  const box = (line: string) => execute('docker', ['exec', 'box', 'sh', '-c', line], {env});
  await box('cp /usr/bin/sleep /tmp/claude && tmux -f /dev/null new-session -d -s inside "exec /tmp/claude 600"');
  const rigtop = await createRigtop(scope);
  const machines = ['box', 'gone'].map(name => `[[machines]]\nname = "${name}"\nvia = ${JSON.stringify(VIA)}\n`);
  rigtop.write('home/.config/rigtop/config.toml', machines.join(''));
  const {code, document} = await rigtop.json<FleetDocument>(['status', '--machines', '--fail-on', 'none'], {
    env: {DOCKER_HOST: env.DOCKER_HOST ?? ''},
  });
  const [, seen, gone] = fleetSchema.parse(document).machines;
  expect(code).toBe(3);
  expect(seen).toMatchObject({name: 'box', state: 'ok', status: {host: 'box', sessions: [{name: 'inside'}]}});
  expect(gone).toMatchObject({name: 'gone', state: 'unknown', because: expect.stringContaining('gone')});

  const pid = (await box('pgrep -f "^/tmp/claude 600"')).stdout.trim();
  expect(await onTheSpot(env, ['kill', `process:${pid}`])).toContain('everything is gone');
  expect((await box('rigtop journal')).stdout).toContain(`gone: process:${pid}`);
  expect((await rigtop.run(['journal'])).stdout).not.toContain('process:');
});
