// Looks through a real nats-server with the permissions of docs/watch.md: published by the built program, read by the reader of the screen.
import {execFileSync, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {jetstream} from '@nats-io/jetstream';
import {connect, type NatsConnection} from '@nats-io/transport-node';
import {afterEach, beforeAll, expect, test} from 'vitest';
import type {FleetDocument} from '../../../src/cli/documents/fleet-schema.ts';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import type {StatusDocument} from '../../../src/cli/documents/status-schema.ts';
import {machineInbox, STREAM, subjectOf} from '../../../src/cli/nats/bucket.ts';
import {openNatsFleet} from '../../../src/cli/nats/nats-fleet.ts';
import {encodeLine} from '../../../src/cli/nats/published-line.ts';
import {createConversation} from '../../../src/cli/remote/conversation.ts';
import {type NatsAddress, parseNatsAddress} from '../../../src/cli/remote/nats-address.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {buildDemoFleet} from '../../../src/demo/demo-fleet.ts';
import {BINARY, builtBinary} from '../../support/built.ts';
import {identify, MARKER, signalTo} from '../../support/marked.ts';
import {type NatsServer, startNatsServer} from '../../support/nats-server.ts';
import {createScope} from '../../support/scope.ts';
import {waitFor} from '../../support/wait-for.ts';
import {look, process as processRecord} from '../../support/world.ts';
import {createRigtop, type Rigtop} from '../rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

interface Publishing {
  said(): string;
  ended(): number | null;
}

const startPublisher = (
  server: NatsServer,
  user: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  ...more: readonly string[]
): Publishing => {
  const argv = [BINARY, 'publish', server.url, '--creds', server.creds(user), '--name', name, '--interval', '500ms', ...more];
  const child = spawn(process.execPath, argv, {env: {...env, [MARKER]: scope.marker()}, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/'});
  const id = identify(child.pid ?? 0);
  scope.add(() => signalTo(id, 'SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {said: () => said, ended: () => child.exitCode};
};

/** A client of a test's own, with the credentials of a user. */
const clientOf = async (server: NatsServer, user: string, inboxPrefix = machineInbox(user)): Promise<NatsConnection> => {
  const client = await connect({servers: server.host, user, pass: server.password(user), inboxPrefix, reconnect: false});
  scope.add(() => client.close());
  return client;
};

const report = (rigtop: Rigtop, server: NatsServer, ...more: readonly string[]) =>
  rigtop.run(['status', '--machines', server.url, '--creds', server.creds('watch'), ...more]);

const fleetOf = async (rigtop: Rigtop, server: NatsServer): Promise<FleetDocument> =>
  JSON.parse((await report(rigtop, server, '--json')).stdout) as FleetDocument;

const statusOf = ({machines}: FleetDocument, name: string): StatusDocument | undefined =>
  machines.find(machine => machine.name === name)?.status ?? undefined;

interface Reading {
  looks(): number;
  /** Why its lines ended, each time; they are asked for again at once. */
  readonly ends: readonly string[];
}

/** Reads a machine's lines as a screen does. */
const readMachine = async (server: NatsServer, name: string): Promise<Reading> => {
  const address = parseNatsAddress(server.url) as NatsAddress;
  const creds = {kind: 'password', user: 'watch', password: server.password('watch')} as const;
  const fleet = await openNatsFleet({address, creds, ca: null, showsSilent: true, changed: () => undefined});
  scope.add(fleet.close);
  const way = await waitFor(`${name} to be there`, () => fleet.ways().find(each => each.name === name));
  const ends: string[] = [];
  let looks = 0;
  const open = (): void => {
    const conversation = createConversation();
    const program = way.connect({
      maxLineBytes: 16 * 1024 * 1024,
      onLines: lines => {
        const heard = conversation.hear(lines);
        looks += 'newest' in heard && heard.newest !== null ? 1 : 0;
        return 0;
      },
      onEnd: ({stderr}) => {
        ends.push(stderr);
        program.end();
        open();
      },
    });
  };
  open();
  return {looks: () => looks, ends};
};

const wholeLine = (argv: readonly string[], takenAt = Date.now()): string =>
  jsonLine(
    snapshotDocument(look({takenAt, monotonicMs: 1_000, processes: [processRecord(4_100, 1, argv)]}), {
      version: '1.0.0',
      settings: DEFAULT_SETTINGS,
    }),
  );

const MARK = '0123abcd';
const wholeData = (argv: readonly string[]): Uint8Array => encodeLine({mark: MARK, number: 0}, wholeLine(argv));

test('the verdicts of a whole demo are the same as on the spot; who comes before the bucket waits for it', async () => {
  const server = await startNatsServer(scope);
  const temporary = await scope.tempDir();
  const demo = await buildDemoFleet({env: {PATH: process.env.PATH, TMPDIR: temporary, [MARKER]: scope.marker()}});
  scope.add(demo.remove);
  const publishing = startPublisher(server, 'box1', 'box1', demo.env, '--config', demo.configPath);
  await waitFor('the publisher to say what is missing', () => publishing.said().includes('nobody keeps'), {describe: publishing.said});
  const rigtop = await createRigtop(scope);
  const verdicts = (status: StatusDocument | undefined): readonly string[] =>
    (status?.findings ?? []).map(({kind, subject}) => `${kind} ${subject}`).toSorted();
  const here = async (): Promise<StatusDocument> =>
    JSON.parse(
      (await rigtop.run(['status', '--json', '--config', demo.configPath], {env: demo.env as Record<string, string>})).stdout,
    ) as StatusDocument;
  // What runs in its own pid namespace is another machine's than what runs here.
  const elsewhere = async (): Promise<FleetDocument> => {
    const words = ['status', '--machines', server.url, '--creds', server.creds('watch'), '--json'].map(word => `'${word}'`).join(' ');
    return JSON.parse((await rigtop.shell(`unshare --pid --fork --mount-proc $RIGTOP ${words}`)).stdout) as FleetDocument;
  };
  let seen: readonly string[][] = [];
  await waitFor(
    'both to say the same',
    async () => {
      seen = [[...verdicts(await here())], [...verdicts(statusOf(await elsewhere(), 'box1'))]];
      return (seen[0]?.length ?? 0) > 5 && JSON.stringify(seen[0]) === JSON.stringify(seen[1]);
    },
    {deadlineMs: 30_000, describe: () => JSON.stringify(seen, null, 1)},
  );
  expect(publishing.said()).toContain(`publishing as box1 to ${server.url}`);
});

test('a machine may write its own key, and read nothing: the server refuses the rest', async () => {
  const server = await startNatsServer(scope);
  const rigtop = await createRigtop(scope);
  await report(rigtop, server);
  const forged = startPublisher(server, 'box1', 'box2', rigtop.env);
  await waitFor('the publisher to end', () => forged.ended() !== null);
  expect([forged.ended(), forged.said()]).toEqual([4, expect.stringContaining('does not let this machine publish as box2')]);
  const stranger = startPublisher({...server, creds: () => rigtop.write('wrong', 'box1:wrong')}, 'box1', 'box1', rigtop.env);
  await waitFor('the stranger to end', () => stranger.ended() !== null);
  expect(stranger.ended()).toBe(4);

  const box1 = await clientOf(server, 'box1');
  await expect(jetstream(box1).publish(subjectOf('box2'), wholeData(['x']), {retries: 0, timeout: 2_000})).rejects.toThrow(
    /Permissions Violation/,
  );
  // What is on its way to a reader, the bucket itself, and the bucket's removal.
  const overheard = box1.subscribe('_INBOX.watch.>');
  await expect((async () => overheard[Symbol.asyncIterator]().next())()).rejects.toThrow(/Permissions Violation/);
  for (const subject of [
    `$JS.API.STREAM.MSG.GET.${STREAM}`,
    `$JS.API.DIRECT.GET.${STREAM}.${subjectOf('box2')}`,
    `$JS.API.STREAM.DELETE.${STREAM}`,
  ]) {
    await expect(box1.request(subject, '', {timeout: 2_000}), subject).rejects.toThrow(/Permissions Violation/);
  }
  const watch = await clientOf(server, 'watch', '_INBOX.watch');
  for (const subject of [subjectOf('box1'), `$JS.API.STREAM.PURGE.${STREAM}`, `$JS.API.STREAM.DELETE.${STREAM}`]) {
    await expect(watch.request(subject, '', {timeout: 2_000}), subject).rejects.toThrow(/Permissions Violation/);
  }
  expect((await fleetOf(rigtop, server)).machines.map(({name}) => name)).not.toContain('box2');
});

test('a server that restarts costs time and nothing else', async () => {
  const server = await startNatsServer(scope);
  const rigtop = await createRigtop(scope);
  await report(rigtop, server);
  const publishing = startPublisher(server, 'box1', 'box1', rigtop.env);
  await waitFor('the first line', () => publishing.said().includes('publishing as box1'));
  const reading = await readMachine(server, 'box1');
  await waitFor('a look', () => reading.looks() > 0);
  await server.stop();
  await waitFor('the line to be lost', () => reading.ends.some(because => because.includes('was lost')));
  await waitFor('the publisher to notice', () => publishing.said().includes('not published'), {describe: publishing.said});
  const before = reading.looks();
  await server.start();
  await waitFor('the publisher to go on', () => publishing.said().split('publishing as box1').length > 2, {describe: publishing.said});
  await waitFor('looks again', () => reading.looks() > before + 1);
  expect(publishing.ended()).toBeNull();
});

test('what a machine sends shows under its own name, cleaned, or is that machine’s trouble; its clock proves nothing', async () => {
  const server = await startNatsServer(scope, {machines: 3});
  const rigtop = await createRigtop(scope);
  await report(rigtop, server);
  const send = async (user: string, data: Uint8Array): Promise<void> => {
    await jetstream(await clientOf(server, user)).publish(subjectOf(user), data);
  };
  const escapes = '\u001b]0;owned\u0007\u001b[2J\u009b31m';
  await send('box1', wholeData(['claude', `--name=${escapes}`]));
  await send('box2', encodeLine({mark: MARK, number: 0}, wholeLine(['claude'], Date.now() + 365 * 86_400_000)));
  await send('m1', encodeLine({mark: MARK, number: 0}, 'x'.repeat(40 * 1024 * 1024)));
  await send('m2', encodeLine({mark: MARK, number: 0}, `{"schema":"rigtop/snapshot@1","processes":${'['.repeat(100_000)}`));
  await send('m3', randomBytes(900_000));
  const {code, stdout, stderr} = await report(rigtop, server);
  expect([code === 1 || code === 3, stderr]).toEqual([true, '']);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  const {machines} = await fleetOf(rigtop, server);
  const stateOf = (name: string): string | undefined => machines.find(machine => machine.name === name)?.state;
  expect(['box1', 'box2', 'm1', 'm2'].map(stateOf), JSON.stringify(machines.map(({name, because}) => [name, because]))).toEqual([
    'ok',
    'ok',
    'unknown',
    'unknown',
  ]);
  // What is no line of ours says of nobody that it is there.
  expect(stateOf('m3')).toBeUndefined();
  expect(machines.find(({name}) => name === 'm1')?.because).toContain('cannot be unpacked');
});

test('a machine that floods takes nothing from the others, and little from the reader', async () => {
  const server = await startNatsServer(scope);
  const rigtop = await createRigtop(scope);
  await report(rigtop, server);
  startPublisher(server, 'box1', 'box1', rigtop.env);
  const [flooder, noise] = [await clientOf(server, 'box2'), randomBytes(200_000).toString('base64')];
  const data = [...Array(8).keys()].map(index =>
    encodeLine({mark: `0000000${index}`, number: 0}, wholeLine(['claude', noise.slice(index)])),
  );
  const calm = await readMachine(server, 'box1');
  await waitFor('a look', () => calm.looks() > 0);
  const before = {rss: process.memoryUsage().rss, looks: calm.looks()};
  let flooding = true;
  let sent = 0;
  const flood = (async () => {
    while (flooding) {
      for (const each of data) {
        flooder.publish(subjectOf('box2'), each);
        sent += 1;
      }
      await flooder.flush();
    }
  })();
  await waitFor('hundreds of whole looks', () => sent > 400);
  const flooded = await readMachine(server, 'box2');
  await waitFor('looks of both', () => calm.looks() > before.looks + 2 && flooded.looks() > 2);
  flooding = false;
  await flood;
  expect(flooded.looks()).toBeLessThan(sent / 10);
  expect(process.memoryUsage().rss - before.rss).toBeLessThan(300 * 1024 ** 2);
});

test('over TLS, with a certificate of one’s own', async () => {
  const directory = await scope.tempDir();
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      ...subject,
    ],
    {
      stdio: 'ignore',
    },
  );
  const server = await startNatsServer(scope, {more: `tls { cert_file: "${cert}", key_file: "${key}" }`});
  const rigtop = await createRigtop(scope);
  const url = server.url.replace('nats://127.0.0.1', 'tls://localhost');
  const ask = (...more: readonly string[]) => rigtop.run(['status', '--machines', url, '--creds', server.creds('watch'), ...more]);
  const refused = await ask();
  expect([refused.code, refused.stdout]).toEqual([3, expect.stringContaining('self-signed certificate')]);
  const trusted = await ask('--ca', cert);
  expect(trusted.code, trusted.stdout).not.toBe(3);
  const plain = await startNatsServer(scope);
  const cleartext = await rigtop.run(['status', '--machines', plain.url.replace('nats:', 'tls:'), '--creds', plain.creds('watch')]);
  expect(cleartext.code).toBe(3);
});

test('wrong words are 2, and say which', async () => {
  const rigtop = await createRigtop(scope);
  const file = rigtop.write('nothing', 'no credentials');
  for (const [argv, said] of [
    [['publish', 'box'], 'no address'],
    [['publish', 'nats://me:secret@x'], '--creds FILE'],
    [['publish', 'nats://x', '--name', 'a b'], 'letters, digits'],
    [['publish', 'nats://x', '--creds', '/nowhere/at/all'], 'not there'],
    [['publish', 'nats://x', '--creds', file], 'no credentials'],
    [['status', '--machines', 'nats://x y'], 'commas'],
  ] as const) {
    const {code, stderr} = await rigtop.run([...argv]);
    expect([code, stderr.split('\n').length], stderr).toEqual([2, 2]);
    expect(stderr).toContain(said);
  }
  writeFileSync(file, 'me:secret');
  const {code, stdout} = await rigtop.run(['status', '--machines', 'nats://127.0.0.1:1', '--creds', file]);
  expect([code, stdout]).toEqual([3, expect.stringContaining('nats://127.0.0.1:1')]);
});
