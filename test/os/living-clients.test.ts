// A server that its pane has left behind, with and without somebody who works through it: asked of the kernel, with real sockets.
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {createRigtop, type Rigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';

/** Listens where a file says, a port or a path (on a command line the latter alone would vouch for it), and writes where it does. */
const SERVER = `
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
const [, , told] = process.argv;
const place = readFileSync(told + '.place', 'utf8');
const server = createServer(() => {}).listen(/^\\d+$/.test(place) ? {port: Number(place), host: '127.0.0.1'} : place, () => {
  const at = server.address();
  writeFileSync(told, JSON.stringify({pid: process.pid, place: typeof at === 'string' ? at : at.port}));
});
process.on('SIGHUP', () => {});
setTimeout(() => process.exit(0), 300_000);
`;
const CLIENT = `
import {writeFileSync} from 'node:fs';
import {connect} from 'node:net';
const [, , place, told] = process.argv;
connect(/^\\d+$/.test(place) ? {port: Number(place), host: '127.0.0.1'} : place, () => writeFileSync(told, ''));
setTimeout(() => process.exit(0), 300_000);
`;

let scope: Scope;
let tmux: PrivateTmux;
let rigtop: Rigtop;

beforeAll(builtBinary);
beforeEach(async () => {
  scope = createScope();
  tmux = await privateTmux(scope, {name: 'default'});
  rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  rigtop.write('home/.config/rigtop/config.toml', '[thresholds]\norphan_min_age = "0s"\nterm_grace = "2s"\n');
  await tmux.newSession('stays', {command: ['sleep', '600']});
});
afterEach(() => scope.close());

const leaveBehind = async (place: string): Promise<{readonly id: ProcessId; readonly place: string}> => {
  const script = rigtop.write('node_modules/vite/bin/vite.js', SERVER);
  rigtop.write('node_modules/vite/package.json', '{"type":"module"}');
  const told = join(rigtop.directory, 'server');
  rigtop.write('server.place', place);
  await tmux.newSession('dev', {
    cwd: rigtop.directory,
    command: ['sh', '-c', `setsid ${process.execPath} ${script} ${told} & sleep 600`],
  });
  await waitFor('the server', () => existsSync(told) && readFileSync(told, 'utf8').endsWith('}'));
  const {pid, place: at} = JSON.parse(readFileSync(told, 'utf8')) as {readonly pid: number; readonly place: number | string};
  const id = identify(pid);
  scope.add(() => signalTo(id, 'SIGKILL'));
  await tmux.run('kill-session', '-t', '=dev');
  return {id, place: String(at)};
};

const connectTo = async (place: string): Promise<ProcessId> => {
  const told = join(rigtop.directory, 'connected');
  const client = startProgram(scope, process.execPath, [rigtop.write('client.mjs', CLIENT), place, told]);
  await waitFor('the client', () => existsSync(told));
  return client;
};

interface Status {
  readonly findings: readonly {
    readonly subject: string;
    readonly certainty: string;
    readonly evidence: readonly {readonly fact: string}[];
  }[];
}

const judged = async ({pid}: ProcessId): Promise<string> => {
  const {document} = await rigtop.seen<Status>(['status', '--json']);
  const found = document.findings.find(({subject}) => subject === `process:${pid}`);
  return [found?.certainty ?? 'none', ...(found?.evidence ?? []).map(({fact}) => fact)].join('\n');
};

test.each([
  ['a port', '0', 'port '],
  ['a unix socket', 'PATH', 'socket '],
  ['a unix socket that was bound by a relative path', 's.sock', 'socket '],
])(
  'a server on %s is not ended while a client is connected, which is named; once it has left, a port alone keeps nothing',
  async (_, place, how) => {
    const server = await leaveBehind(place === 'PATH' ? join(rigtop.directory, 's.sock') : place);
    const client = await connectTo(place === 's.sock' ? join(rigtop.directory, place) : server.place);
    const said = await judged(server.id);
    expect(said).toMatch(/^unknown\n/);
    expect(said).toMatch(/node client\.mjs /);
    expect(said).toContain(` ${client.pid} is connected to its ${how}${server.place}: somebody uses it`);
    await rigtop.run(['cleanup', '--yes']);
    const refused = await rigtop.run(['kill', `process:${server.id.pid}`, '--yes']);
    expect(refused.code).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(new RegExp(`client\\.mjs .*${client.pid}`));
    expect(isAlive(server.id) && isAlive(client)).toBe(true);

    signalTo(client, 'SIGKILL');
    await waitFor('the client gone', () => !isAlive(client));
    if (how === 'port ') {
      await waitFor('its end', async () => {
        await rigtop.run(['cleanup', '--yes']);
        return !isAlive(server.id);
      });
    } else {
      // A socket that others may connect to makes a daemon of it, whoever is there now.
      await rigtop.run(['cleanup', '--yes']);
      expect(isAlive(server.id)).toBe(true);
    }
  },
);
