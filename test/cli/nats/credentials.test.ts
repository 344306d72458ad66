// Who is who to a real nats-server: nkeys, and JWTs of an operator, in the files that `--creds` takes.
import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {nkeys} from '@nats-io/transport-node';
import {afterEach, beforeAll, expect, test} from 'vitest';
import type {FleetDocument} from '../../../src/cli/documents/fleet-schema.ts';
import {BINARY, builtBinary} from '../../support/built.ts';
import {identify, MARKER, signalTo} from '../../support/marked.ts';
import {type NatsServer, startNatsServer} from '../../support/nats-server.ts';
import {createScope} from '../../support/scope.ts';
import {waitFor} from '../../support/wait-for.ts';
import {createRigtop} from '../rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

type KeyPair = ReturnType<typeof nkeys.createUser>;

const seedOf = (pair: KeyPair): string => new TextDecoder().decode(pair.getSeed());

/** What docs/watch.md lets who watches and a machine do. */
const WATCH = {
  pub: ['$JS.API.INFO', '$JS.API.STREAM.INFO.KV_rigtop', '$JS.API.STREAM.CREATE.KV_rigtop', '$JS.API.CONSUMER.>'],
  sub: ['_INBOX.watch.>'],
};
const BOX = {pub: ['$KV.rigtop.box1'], sub: ['_INBOX.machine.box1.>']};

const isPublishing = async (server: NatsServer, creds: string, watchCreds: string): Promise<void> => {
  const rigtop = await createRigtop(scope);
  const ask = () => rigtop.run(['status', '--machines', server.url, '--creds', watchCreds, '--json']);
  await ask();
  const argv = [BINARY, 'publish', server.url, '--creds', creds, '--name', 'box1', '--interval', '500ms'];
  const child = spawn(process.execPath, argv, {
    env: {...rigtop.env, [MARKER]: scope.marker()},
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
  });
  const id = identify(child.pid ?? 0);
  scope.add(() => signalTo(id, 'SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const trouble = {describe: () => `${said}\n${server.log()}`, deadlineMs: 40_000};
  await waitFor('the first line', () => said.includes('publishing as box1'), trouble);
  let seen = '';
  const isThere = async (): Promise<boolean> => {
    const {machines} = JSON.parse((await ask()).stdout) as FleetDocument;
    seen = machines.map(({name, state}) => `${name} ${state}`).join();
    return machines.some(({name, state}) => name === 'box1' && state === 'ok');
  };
  await waitFor('box1 among the machines', isThere, {...trouble, describe: () => `${seen}\n${said}`});
};

test('nkeys', {timeout: 120_000}, async () => {
  const [watch, box, stranger] = [nkeys.createUser(), nkeys.createUser(), nkeys.createUser()];
  const user = (pair: KeyPair, {pub, sub}: typeof BOX): string =>
    `{ nkey: ${pair.getPublicKey()}, permissions: ${JSON.stringify({publish: pub, subscribe: sub})} }`;
  const server = await startNatsServer(scope, {
    open: true,
    more: `accounts { RIGTOP { jetstream: enabled, users: [ ${user(watch, WATCH)}, ${user(box, BOX)} ] } }`,
  });
  const file = (name: string, pair: KeyPair): string => {
    const path = join(server.directory, name);
    writeFileSync(path, `${seedOf(pair)}\n`, {mode: 0o600});
    return path;
  };
  await isPublishing(server, file('box', box), file('watch', watch));
  const rigtop = await createRigtop(scope);
  const refused = await rigtop.run(['publish', server.url, '--creds', file('stranger', stranger), '--name', 'box1']);
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringMatching(/authorization/i)]);
});

/** A claim of NATS, signed (JWT with the algorithm ed25519-nkey). */
const sign = (issuer: KeyPair, subject: KeyPair, name: string, nats: Readonly<Record<string, unknown>>): string => {
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claim = {jti: randomUUID(), iat: Math.floor(Date.now() / 1000), iss: issuer.getPublicKey(), sub: subject.getPublicKey(), name};
  const text = `${base64({typ: 'JWT', alg: 'ed25519-nkey'})}.${base64({...claim, nats: {...nats, version: 2}})}`;
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString('base64url')}`;
};

test('JWTs of an operator', {timeout: 120_000}, async () => {
  const [operator, system, account] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
  const limits = {subs: -1, conn: -1, leaf: -1, imports: -1, exports: -1, data: -1, payload: -1, wildcards: true};
  const storing = {...limits, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1};
  const resolved = [
    [system, sign(operator, system, 'SYS', {type: 'account', limits})],
    [account, sign(operator, account, 'RIGTOP', {type: 'account', limits: storing})],
  ] as const;
  const server = await startNatsServer(scope, {
    open: true,
    more: [
      `operator: ${sign(operator, operator, 'O', {type: 'operator', system_account: system.getPublicKey()})}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${resolved.map(([pair, text]) => `${pair.getPublicKey()}: ${text}`).join('\n')} }`,
    ].join('\n'),
  });
  const file = (name: string, {pub, sub}: typeof BOX): string => {
    const user = nkeys.createUser();
    const nats = {type: 'user', pub: {allow: pub}, sub: {allow: sub}, subs: -1, data: -1, payload: -1};
    const [path, text] = [join(server.directory, name), sign(account, user, name, nats)];
    const block = (title: string, of: string): string => `-----BEGIN ${title}-----\n${of}\n------END ${title}------\n`;
    writeFileSync(path, `${block('NATS USER JWT', text)}\n${block('USER NKEY SEED', seedOf(user))}`, {mode: 0o600});
    return path;
  };
  await isPublishing(server, file('box', BOX), file('watch', WATCH));
});
