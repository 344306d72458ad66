import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {parseFailOn} from '../../src/cli/commands/status.ts';
import {type StatusDocument, statusSchema} from '../../src/cli/documents/status-schema.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {statusExit} from '../../src/cli/status-exit.ts';
import {builtBinary} from '../support/built.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';
import {findingRecord, fleetRecord} from './fleet-record.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

const scope = createScope();
const BLIND = {source: 'tmux', target: 'x', state: 'unknown', detail: 'silent', tookMs: 1} as const;

beforeAll(builtBinary);
afterEach(scope.close);

const statusOf = async (rigtop: Rigtop, ...argv: readonly string[]) => {
  const {code, document} = await rigtop.seen(['status', ...argv]);
  return {code, status: statusSchema.parse(document)};
};

const expectedCode = ({findings, sources}: StatusDocument): number => {
  if (findings.some(({kind}) => kind !== 'blind-spot')) {
    return 1;
  }
  return sources.some(({state}) => state === 'unknown') ? 3 : 0;
};

describe('rigtop status', () => {
  test('shows every session of the server, whatever its name, as its schema says', async () => {
    const tmux = await privateTmux(scope);
    const names = ['plain', 'two words', "it's", 'tab\there', '日本 🚀'];
    for (const name of names) {
      // tmux refuses control characters in names from 3.8 on.
      await tmux.newSession(name, {command: ['sleep', '600']}).catch((error: Error) => {
        expect(error.message).toMatch(/invalid session name: tab/);
      });
    }
    const listed = (await tmux.run('list-sessions', '-F', '#{session_id}')).split('\n');
    const rigtop = await createRigtop(scope, tmux);
    const {code, status} = await statusOf(rigtop);
    expect(code).toBe(expectedCode(status));
    expect(status.sessions.map(({id}) => id).toSorted()).toEqual(listed.toSorted());
    expect(status.sessions.map(({name}) => name)).toEqual(expect.arrayContaining(['plain', 'two words', "it's", '日本 🚀']));
    const plain = status.sessions.find(({name}) => name === 'plain');
    expect(plain).toMatchObject({ref: 'session:main/plain', server: 'main', attached: 0, agent: null});
    expect(plain?.panes[0]).toMatchObject({dead: false, command: 'sleep'});

    const {stdout} = await rigtop.run(['status']);
    expect(stdout).toContain('main/日本 🚀');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('narrows to what references name, and refuses what names nothing or too much', async () => {
    const tmux = await privateTmux(scope);
    await tmux.newSession('one', {command: ['sleep', '600']});
    await tmux.newSession('two', {command: ['sleep', '600']});
    const rigtop = await createRigtop(scope, tmux);
    const {status} = await statusOf(rigtop, 'session:main/two');
    expect(status.sessions.map(({name}) => name)).toEqual(['two']);
    expect(await rigtop.run(['status', 'three'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^rigtop: nothing here is called "three".*\n$/),
    });
    expect(await rigtop.json(['status', 'three'])).toMatchObject({code: 2, document: {error: {code: 'not-found'}}});
  });

  test('a server that is stopped is unknown, never missing', async () => {
    const tmux = await privateTmux(scope);
    await tmux.newSession('held', {command: ['sleep', '600']});
    const rigtop = await createRigtop(scope, tmux);
    const server = await tmux.serverProcess();
    process.kill(server.pid, 'SIGSTOP');
    try {
      const {code, document} = await rigtop.json(['status']);
      const status = statusSchema.parse(document);
      expect(status.sources.find(({source}) => source === 'tmux')).toMatchObject({target: 'main', state: 'unknown'});
      expect(status.findings.find(({kind}) => kind === 'blind-spot')).toMatchObject({
        subject: 'source:tmux/main',
        certainty: 'unknown',
        remedies: [],
      });
      expect(code).toBe(expectedCode(status));
      expect(code).not.toBe(0);
      expect(await rigtop.run(['status', 'session:main/held'])).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('cannot be known'),
      });
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
  });

  test('without a server and without tmux there is a report all the same', async () => {
    const rigtop = await createRigtop(scope);
    const {status} = await statusOf(rigtop);
    expect(status.sessions).toEqual([]);
    const bare = await rigtop.run(['status', '--json'], {env: {PATH: rigtop.directory}});
    const without = statusSchema.parse(JSON.parse(bare.stdout));
    expect(without.sources.find(({source}) => source === 'processes')).toMatchObject({state: 'ok'});
    expect(bare.code).toBe(expectedCode(without));
  });

  test('--fail-on chooses what counts', async () => {
    const rigtop = await createRigtop(scope);
    expect((await rigtop.run(['status', '--fail-on', 'none'])).code).not.toBe(1);
    expect(await rigtop.run(['status', '--fail-on', 'bugs'])).toMatchObject({code: 2, stderr: expect.stringContaining('"bugs"')});
    const counts = parseFailOn('wrong-owner,blind-spot');
    const findings = [findingRecord({kind: 'orphan-process'})];
    const blind = fleetRecord({findings: [findingRecord({kind: 'blind-spot'})], snapshot: {sources: [{...BLIND}]}});
    expect(isFailure(counts) ? counts : [statusExit(fleetRecord({findings}), counts), statusExit(blind, counts)]).toEqual([0, 1]);
    const any = parseFailOn('any');
    expect(isFailure(any) ? any : [statusExit(fleetRecord({findings}), any), statusExit(blind, any)]).toEqual([1, 3]);
    const both = fleetRecord({findings, snapshot: {sources: [{...BLIND}]}});
    expect(isFailure(any) ? any : statusExit(both, any)).toBe(1);
  });
});

test('explain port:N names who holds it, and doctor says how far it sees', async () => {
  const listener = await startOne(scope, {listen: {host: '127.0.0.1'}});
  const rigtop = await createRigtop(scope);
  // A look may run into its deadline on a busy machine, and says so; the next one sees.
  const about = await waitFor('the holder to be seen', async () => {
    const {stdout} = await rigtop.run(['explain', `:${listener.port}`]);
    return stdout.includes(`is held by ${listener.pid} `) && stdout;
  });
  expect(about).toContain(`port:${listener.port}`);
  expect(about).toContain('What stopping it would do');
  await waitFor('the process to be explained', async () => {
    const {stdout} = await rigtop.run(['explain', String(listener.pid), '--json']);
    const document = JSON.parse(stdout) as {schema: string; ref: string; processes: readonly {pid: number}[]};
    return (
      document.schema === 'rigtop/explain@1' && document.ref === `process:${listener.pid}` && document.processes[0]?.pid === listener.pid
    );
  });
  const doctor = await rigtop.json<{checks: readonly {about: string; state: string}[]}>(['doctor']);
  // A checkout may be tested on an older Node than an installed copy asks for: worth a note then.
  expect(doctor.document.checks.find(({about: what}) => what === 'Node')?.state).toMatch(/^(ok|note)$/);
  expect((await rigtop.run(['doctor'])).stdout).toContain(`${rigtop.home}/.local/state/rigtop`);
});
