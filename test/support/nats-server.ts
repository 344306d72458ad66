// A real nats-server on loopback with the configuration that docs/watch.md shows, in a temporary directory; its users' credentials as files.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {connect as connectSocket} from 'node:net';
import {join} from 'node:path';
import {freePort} from './free-port.ts';
import {identify, MARKER, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

export interface NatsServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: string;
  readonly directory: string;
  /** Path of a credentials file of `watch`, `box1` or `box2`, and what is in it. */
  creds(user: string): string;
  password(user: string): string;
  log(): string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const PAGE = new URL('../../docs/watch.md', import.meta.url);
const CONFIGURATION = /```conf\n(listen:[^`]*)```/.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '';

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connectSocket(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });

/** `more` stands behind the configuration of the page; `machines` beyond box1 and box2 are added to its users; `open` is one without users. */
export const startNatsServer = async (
  scope: Scope,
  {more = '', machines = 0, open = false}: {readonly more?: string; readonly machines?: number; readonly open?: boolean} = {},
): Promise<NatsServer> => {
  const directory = await scope.tempDir();
  const at = (name: string): string => join(directory, name);
  const [port, marker] = [await freePort(), scope.marker()];
  const secrets = new Map<string, string>();
  const users = Array.from({length: machines}, (_, index) => `m${index + 1}`).map(
    name =>
      `      { user: ${name}, password: "secret", permissions: { publish: "$KV.rigtop.${name}", subscribe: "_INBOX.machine.${name}.>" } }\n`,
  );
  const page = open ? CONFIGURATION.slice(0, CONFIGURATION.indexOf('accounts {')) : CONFIGURATION;
  const text = page
    .replace('0.0.0.0:4222', `127.0.0.1:${port}`)
    .replace('/var/lib/nats', at('store'))
    .replaceAll(/user: (\w+), password: "[^"]*"/g, (_, user: string) => {
      secrets.set(user, `secret-of-${user}`);
      return `user: ${user}, password: "secret-of-${user}"`;
    })
    .replace('    ]\n', `${users.join('')}    ]\n`);
  await writeFile(at('server.conf'), `${text}\n${more}\n`);
  await Promise.all([...secrets].map(([user, secret]) => writeFile(at(`${user}.creds`), `${user}:${secret}\n`, {mode: 0o600})));

  let said = '';
  let running: {readonly end: () => void; readonly ended: Promise<void>} | null = null;
  const stop = async (): Promise<void> => {
    running?.end();
    await running?.ended;
    running = null;
  };
  const start = async (): Promise<void> => {
    const child = spawn('nats-server', ['-c', at('server.conf')], {
      env: {PATH: `${process.env.PATH ?? ''}:/usr/sbin`, [MARKER]: marker},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    const id = identify(child.pid ?? 0);
    running = {end: () => signalTo(id, 'SIGTERM'), ended: new Promise(resolve => child.once('exit', () => resolve()))};
    await waitFor('nats-server to listen', () => answers(port), {describe: () => said});
  };
  scope.add(stop);
  await start();
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `nats://${host}`,
    directory,
    creds: user => at(`${user}.creds`),
    password: user => secrets.get(user) ?? 'secret',
    log: () => said,
    stop,
    start,
  };
};
