// What stays on purpose or belongs to somebody else than the pane in its environment: never sure, never offered for ending.
import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {facts, inPane, listener, look, pane, process, SOCKETS, server, session, settled, verdicts} from '../../support/world.ts';

const GONE = inPane('%12');
const RIG = {'/w/shop': '/w/shop'};
/** An agent in /w/shop, so that the project is on the screen. */
const agentAt = (paneId: string, pid: number): Process => process(pid, 700, 'codex', {tty: `pts/${paneId.slice(1)}`, cwd: '/w/shop'});
const holding = (paneId: string, pid: number) => [server('default', [session('main', [pane(paneId, pid)])])];

const found = (processes: readonly Process[], more: Parameters<typeof look>[0] = {}): readonly string[] => {
  const findings = settled(look({processes, ...more}));
  return [...verdicts(findings, 'orphan-process'), ...verdicts(findings, 'orphan-helper')];
};

describe('daemons of agent programs and of builds, started from a pane that is gone', () => {
  test.each([
    ['codex app-server --listen unix:// --managed-daemon'],
    ['codex app-server daemon pid-update-loop'],
    ['/home/u/.local/share/claude/versions/2.1.267 --bg-pty-host /tmp/cc-daemon-0/ab12/spare/fff8.pty.sock 120 36 -- x'],
    ['claude daemon run --origin transient'],
    ['cline --cline-hub-daemon'],
    ['/w/shop/node_modules/turbo/bin/turbo --skip-infer daemon'],
    ['node /w/shop/node_modules/chrome-devtools-mcp/build/src/daemon/daemon.js --viaCli'],
    ['node /w/shop/node_modules/nx/src/daemon/server/start.js'],
    ['bun /home/u/.claude/plugins/marketplaces/x/plugin/scripts/worker-service.cjs'],
    ['/w/shop/node_modules/@esbuild/linux-x64/bin/esbuild --service=0.25.9 --ping'],
    ['opencode serve --port 4096'],
    ['codex -c model=x app-server'],
    ['codex --config a=b --profile y app-server --listen ws://127.0.0.1:9000'],
    ['opencode --log-level DEBUG serve'],
  ])('%s', command => {
    const daemon = process(5000, 1, command, {env: {...GONE, CLAUDECODE: '1'}, cwd: '/w/shop'});
    expect(found([daemon])).toEqual(['unknown process:5000']);
  });

  test('a dev server and a tool server are none, wherever they lie', () => {
    const vite = process(5000, 1, 'node /w/shop/node_modules/.bin/vite --host 127.0.0.1', {env: GONE, cwd: '/w/shop'});
    const tool = process(5001, 1, 'node /home/u/.claude/plugins/x/mcp-server.js', {env: GONE, cwd: '/w/shop'});
    expect(found([vite, tool])).toEqual(['sure process:5000', 'sure process:5001']);
  });
});

describe('an agent that was put into the background', () => {
  test.each([
    'claude -p task',
    'claude -cp task',
    'codex exec task',
    'codex --profile x exec task',
    'codex -c model=x --yolo exec task',
    'codex -m x review',
    'opencode run task',
    'opencode -m a/b run task',
    'gemini --prompt=x',
    'claude --output-format json --resume x',
  ])('%s does its work without a terminal: unknown', command => {
    expect(found([process(4388, 1, command, {env: GONE})])).toEqual(['unknown process:4388']);
  });

  test('an interactive one that lost its terminal can do nothing for anybody', () => {
    expect(found([process(4388, 1, 'claude --continue', {env: GONE})])).toEqual(['sure process:4388']);
    expect(found([process(4388, 1, 'codex --yolo', {env: GONE})])).toEqual(['sure process:4388']);
  });

  test('a town starts its agents in panes alone: its registry makes one sure', () => {
    const towns = [townRecord({rigs: {shop: {prefix: 'sh', polecats: ['fury']}}})];
    const env = {...GONE, GT_ROLE: 'shop/polecats/fury', GT_RIG: 'shop', GT_POLECAT: 'fury', GT_ROOT: '/home/u/gt'};
    expect(found([process(4388, 1, 'claude -p task', {env, cwd: '/home/u/gt/shop/polecats/fury/shop'})], {towns})).toEqual([
      'sure process:4388',
    ]);
  });
});

describe('what a tmux server runs for itself, or was itself started with', () => {
  const inner = process(810, 1, 'tmux -L inner new', {comm: 'tmux: server', env: {...inPane('%1'), CLAUDECODE: '1'}});
  const servers = [server('default', [session('keep', [pane('%0', 4000)])]), server('inner', [], {pid: 810, socket: `${SOCKETS}/inner`})];
  const cat = process(4000, 700, 'cat', {tty: 'pts/0'});

  test('the logger of pipe-pane stays in the session of processes of its server', () => {
    const logger = process(5000, 810, ['sh', '-c', 'cat >>log'], {sid: 810, env: {...inPane('%1'), CLAUDECODE: '1'}});
    expect(found([inner, cat, logger], {servers})).toEqual([]);
  });

  test('what left that session with the server’s own words names no pane by them', () => {
    const job = process(5000, 810, 'node watch.js', {env: {...inPane('%1'), CLAUDECODE: '1'}});
    expect(found([inner, cat, job], {servers})).toEqual([]);
    const runShell = process(5001, 1, 'vite', {env: {...inPane('%1', 810, 'inner'), CLAUDECODE: '1'}});
    expect(found([inner, cat, runShell], {servers})).toEqual(['unknown process:5001']);
  });

  test('the program of a pane leads a session of its own, and is left over when the pane is gone', () => {
    const left = process(5000, 810, 'claude', {env: inPane('%7', 810, 'inner')});
    expect(found([inner, cat, left], {servers})).toEqual(['sure process:5000']);
  });
});

describe('left by an agent in a pane that lives on', () => {
  const shell = process(4000, 700, 'bash', {tty: 'pts/1', ageMs: 7_200_000});
  const servers = holding('%1', 4000);
  const marked = {...inPane('%1'), CLAUDECODE: '1'};

  test('no agent in the pane: unknown, in those words', () => {
    const findings = settled(look({processes: [shell, process(5000, 1, 'mcp-server-git', {env: marked})], servers}));
    expect(verdicts(findings, 'orphan-helper')).toEqual(['unknown process:5000']);
    expect(facts(findings[0])).toContain('its pane is there, no agent in it');
  });

  test('a server that the agent started, by its port; what a person started has no marks', () => {
    const node = process(5000, 1, 'node server.js', {env: {...inPane('%1'), CODEX_CI: '1', CODEX_THREAD_ID: 't'}});
    expect(found([shell, node], {servers, listeners: [listener(3000, 5000)]})).toEqual(['unknown process:5000']);
    const own = process(5000, 1, 'node server.js', {env: inPane('%1')});
    expect(found([shell, own], {servers, listeners: [listener(3000, 5000)]})).toEqual([]);
  });

  test('an agent in the pane may be the owner, unless the owner gave its pid and is gone', () => {
    const agent = process(4001, 4000, 'claude', {tty: 'pts/1'});
    expect(found([shell, agent, process(5000, 1, 'mcp-server-git', {env: marked})], {servers})).toEqual([]);
    const other = process(5000, 1, 'vite', {env: {...inPane('%1'), OPENCODE: '1', OPENCODE_PID: '191'}});
    expect(found([shell, agent, other], {servers})).toEqual(['unknown process:5000']);
  });
});

describe('a tool server whose environment names nobody', () => {
  const servers = holding('%1', 4000);
  const tool = process(5000, 1, 'node /n/node_modules/@playwright/mcp/cli.js --headless', {cwd: '/w/shop'});

  test('in a project with agents: unknown', () => {
    expect(found([agentAt('%1', 4000), tool], {servers, checkouts: RIG})).toEqual(['unknown process:5000']);
  });

  test('elsewhere, or with somebody in its session of processes: nothing is said', () => {
    expect(found([agentAt('%1', 4000), {...tool, cwd: {known: true, value: '/home/u'}}], {servers, checkouts: RIG})).toEqual([]);
    const leader = process(4900, 500, 'desktop', {cwd: '/'});
    expect(found([agentAt('%1', 4000), leader, {...tool, sid: 4900}], {servers, checkouts: RIG})).toEqual([]);
  });
});
