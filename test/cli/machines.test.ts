// rigtop status --machines of the built program: a real sshd, a program that leads into a namespace, and machines that cannot be seen.
import {afterEach, beforeAll, expect, test} from 'vitest';
import {type FleetDocument, fleetSchema} from '../../src/cli/documents/fleet-schema.ts';
import {builtBinary} from '../support/built.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startSshServer} from '../support/ssh-server.ts';
import {createRigtop} from './rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

const open = async (config: (parts: {readonly rigtop: string}) => string) => {
  const here = await privateTmux(scope, {name: 'here'});
  const there = await privateTmux(scope, {name: 'there'});
  await there.newSession('build-it', {command: ['sleep', '600']});
  const server = await startSshServer(scope, {TMUX_TMPDIR: there.tmpdir, HOME: await scope.tempDir(), LANG: 'C.UTF-8'});
  const rigtop = await createRigtop(scope, here);
  rigtop.write('home/.config/rigtop/config.toml', config({rigtop: await builtBinary()}));
  const env = {PATH: `${server.bin}:${process.env.PATH}`};
  return {rigtop, server, run: (...argv: readonly string[]) => rigtop.json<FleetDocument>(argv, {env}), env};
};

const namesOf = (document: FleetDocument, name: string): readonly string[] =>
  document.machines.find(machine => machine.name === name)?.status?.sessions.map(session => session.name) ?? [];

test('every machine of the configuration, each by its own way; what cannot be seen is unknown with its reason, exit 3', async () => {
  const {run, rigtop, env} = await open(
    () => `
[[machines]]
name = "box"
[[machines]]
name = "pod-1"
via = ["env", "-u", "TMUX_TMPDIR", "POD={name}", "unshare", "--pid", "--fork", "--mount-proc", "ssh", "box"]
[[machines]]
from = ["printf", "a\\nb\\n-x\\n"]
via = ["false", "{name}"]
[[machines]]
from = ["no-such-program"]
`,
  );
  const {code, document} = await run('status', '--machines', '--fail-on', 'none');
  const fleet = fleetSchema.parse(document);
  expect(code).toBe(3);
  expect(fleet.machines.map(({name, here, state}) => [name, here, state]).slice(1)).toEqual([
    ['box', false, 'ok'],
    ['pod-1', false, 'ok'],
    ['a', false, 'unknown'],
    ['b', false, 'unknown'],
  ]);
  expect(fleet.machines[0]).toMatchObject({here: true, state: 'ok'});
  expect(namesOf(fleet, 'box')).toEqual(['build-it']);
  // It is the same process, which is shown once.
  expect(namesOf(fleet, 'pod-1')).toEqual([]);
  expect(fleet.machines[3]).toMatchObject({because: 'false ended with status 1', status: null});
  expect(fleet.troubles).toEqual(['no names of machines: "-x"', 'no-such-program: missing']);
  const {stdout, code: textCode} = await rigtop.run(['status', '--machines', 'box', 'a'], {env});
  expect(textCode).not.toBe(0);
  expect(stdout).toMatch(/^3 machines .*1 machine UNKNOWN/);
  expect(stdout).toMatch(/^MACHINE box$/m);
  expect(stdout).toMatch(/^MACHINE a\nUNKNOWN {2}false ended with status 1/m);
  expect(stdout).toContain('build-it');
});

test('findings anywhere are exit 1, whatever else could not be seen; names are checked', async () => {
  const {run, server, rigtop, env} = await open(() => '');
  const dead = 'exec sh -c "echo no route >&2; exit 255"';
  const good = await run('status', '--machines', 'box', '--fail-on', 'none');
  expect(good.document.machines.map(({state}) => state)).toEqual(['ok', 'ok']);
  await server.install('rigtop', dead);
  const lost = await run('status', '--machines', 'box', '--fail-on', 'none');
  expect([lost.code, lost.document.machines[1]?.state]).toEqual([3, 'unknown']);
  const wrong = await rigtop.run(['status', '--machines', '--', '-oProxyCommand=touch owned'], {env});
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('cannot begin with a dash')]);
  const both = await run('status', '--machines', '--follow');
  expect(both.code).toBe(2);
});
