// Ports that nobody declares, on real processes: two work trees of one repository, Python and Node, both families, and one left over.
import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type StatusDocument, statusSchema} from '../../src/cli/documents/status-schema.ts';
import {createRigtop, type Rigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {sight} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {freeBase} from './slots-fleet.ts';

const scope = createScope();
afterAll(scope.close);

let rigtop: Rigtop;
let tmux: PrivateTmux;
let base: number;
let shop: string;
let linked: string;

const NODE = `require('node:net').createServer().listen({port: Number(process.argv[1]), host: process.argv[2], ipv6Only: process.argv[2] === '::1'})`;

/** An agent by its program's name, in a session of its own, with servers below it. */
const startAgent = (session: string, cwd: string, script: string): Promise<unknown> => {
  const file = rigtop.write(`${session}.sh`, `${script}\nwait\n`);
  return tmux.newSession(session, {cwd, command: [join(rigtop.directory, 'bin', 'claude'), file]});
};

const status = async (): Promise<StatusDocument> => statusSchema.parse((await rigtop.seen(['status'])).document);

const portsOf = ({ports}: StatusDocument, port: number) => ports.filter(each => each.port === port);

beforeAll(async () => {
  await builtBinary();
  tmux = await privateTmux(scope, {name: 'default'});
  rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  base = await freeBase(9);
  shop = join(rigtop.directory, 'w', 'shop');
  linked = join(rigtop.directory, 'w', 'shop-b');
  for (const directory of [shop, join(rigtop.directory, 'bin')]) {
    mkdirSync(directory, {recursive: true});
  }
  copyFileSync('/bin/bash', join(rigtop.directory, 'bin', 'claude'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-C', shop, ...args]);
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'start');
  git('worktree', 'add', '-q', linked);
  rigtop.write('home/.config/rigtop/config.toml', '[thresholds]\norphan_min_age = "0s"\n');
  writeFileSync(join(shop, 'serve.js'), NODE);
  const node = (port: number, host: string): string => `${process.execPath} -e "${NODE}" ${port} ${host} &`;
  await startAgent(
    'shop-1',
    shop,
    `python3 -m http.server ${base + 1} --bind 127.0.0.1 & ${node(base + 2, '::')} ${node(base + 4, '0.0.0.0')}`,
  );
  await startAgent('shop-2', linked, `${node(base + 1, '::1')} ${node(base + 3, '127.0.0.1')}`);
  await startAgent('shop-3', linked, `CLAUDECODE=1 setsid ${node(base + 5, '127.0.0.1')} sleep 600`);
  await waitFor('every server to listen', async () => new Set((await status()).ports.map(({port}) => port)).size === 5, {
    deadlineMs: 40_000,
  });
}, 90_000);

describe('ports that nobody declares', () => {
  test('are listed with their agent, their work tree and their addresses', async () => {
    const seen = await status();
    expect(portsOf(seen, base + 2)).toMatchObject([
      {state: 'undeclared', agent: 'agent:shop/shop-1', rig: 'shop', cwd: shop, addresses: ['::'], service: null, conflict: null},
    ]);
    expect(portsOf(seen, base + 3)).toMatchObject([{agent: 'agent:shop/shop-2', cwd: linked, addresses: ['127.0.0.1']}]);
    const [first] = portsOf(seen, base + 4);
    expect(sight(first?.pid ?? 0)?.comm).toBeDefined();
    expect(first?.command).toContain('node');
  });

  test('two work trees on one port are two rows that know of each other', async () => {
    const rows = portsOf(await status(), base + 1);
    expect(rows.map(({agent, addresses, conflict}) => [agent, addresses, conflict?.agent])).toEqual([
      ['agent:shop/shop-1', ['127.0.0.1'], 'agent:shop/shop-2'],
      ['agent:shop/shop-2', ['::1'], 'agent:shop/shop-1'],
    ]);
  });

  test('status and explain tell them in words', async () => {
    const {stdout} = await rigtop.run(['status']);
    expect(stdout).toMatch(/6 ports declared nowhere\nSTATE +PORT +ON +HELD BY +AGENT +IN +WHY\n/);
    expect(stdout).toMatch(new RegExp(`undeclared ! +${base + 1} +127\\.0\\.0\\.1 +\\d+ python3 -m http\\.server .*shop/shop-1`));
    const explained = (await rigtop.run(['explain', `:${base + 1}`])).stdout;
    expect(explained).toMatch(/undeclared: declared nowhere/);
    expect(explained).toMatch(/of agent:shop\/shop-1 listens on \d+ too, on 127\.0\.0\.1/);
  });

  test('a plan of one port has its holder, and what is protected stays', async () => {
    const {document} = await rigtop.seen<{targets: {pid: number}[]}>(['kill', `:${base + 3}`, '--dry-run']);
    const [row] = portsOf(await status(), base + 3);
    expect(document.targets.map(({pid}) => pid)).toEqual([row?.pid]);
  });

  test('whose session has ended is an orphan', async () => {
    await tmux.run('kill-session', '-t', '=shop-3');
    const row = await waitFor('the orphan', async () => portsOf(await status(), base + 5).find(({state}) => state === 'orphan'));
    expect(row).toMatchObject({agent: null, cwd: linked, service: null});
  });
});
