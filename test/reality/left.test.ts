// What real programs leave behind when they are broken as in the field, and what rigtop says of it and does about it.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isAlive, signalTo} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, type Finding, openField, processesOf, processOf} from './field.ts';
import {packageFile} from './programs.ts';

const scope = createScope();
let field: Field;

beforeEach(async () => {
  field = await openField(scope);
});
afterEach(scope.close);

const naming = (findings: readonly Finding[], pid: number): readonly Finding[] =>
  findings.filter(({processes}) => processes.some(each => each.pid === pid));

test('Codex: the server that all its terminals share is never surely left over, and whoever works through it goes on', async () => {
  await field.session('one', 'a', ['codex']);
  const server = await processOf(field, /app-server --listen/);
  await field.session('two', 'b', ['codex']);
  await field.shows('two', /Ask Codex/);
  await field.order('two', 'RUN python3 -m http.server 8123');
  const tool = await processOf(field, /http\.server 8123/);
  await field.tmux.run('kill-session', '-t', '=one');
  await waitFor('the first terminal to be gone', async () =>
    (await field.status()).agents.every(({session}) => !session?.endsWith('/one')),
  );
  // The second terminal may have put an updater of its own in the place of the first one's.
  const updater = await processOf(field, /app-server daemon pid-update-loop/);
  const {findings} = await field.status();
  for (const each of [server, updater, tool]) {
    expect(naming(findings, each.pid).filter(({certainty}) => certainty === 'sure')).toEqual([]);
  }
  await field.run('cleanup', '--yes');
  expect(Object.entries({server, updater, tool}).flatMap(([name, each]) => (isAlive(each) ? [] : [name]))).toEqual([]);
  expect(await field.agentIn('two', 'codex')).toMatchObject({state: 'running'});
});

test('Codex: ending the first terminal leaves the server to the second', async () => {
  await field.session('one', 'a', ['codex']);
  const server = await processOf(field, /app-server --listen/);
  await field.session('two', 'b', ['codex']);
  await field.shows('two', /Ask Codex/);
  await field.order('two', 'RUN python3 -m http.server 8124');
  const tool = await processOf(field, /http\.server 8124/);
  await field.agentIn('one', 'codex');
  await field.plan('kill', 'session:main/one', '--yes');
  expect((await field.tmux.run('list-sessions', '-F', '#{session_name}')).split('\n')).toEqual(['two']);
  expect([server, tool].filter(isAlive)).toHaveLength(2);
});

test('Claude, killed at a prompt: the dev server that it started in the background is told of', async () => {
  await field.session('typed', 'b');
  await field.type('typed', 'claude --dangerously-skip-permissions');
  await field.shows('typed', /❯[\s\S]*bypass permissions/);
  await field.order('typed', 'BG setsid vite --port 6200 --strictPort');
  const vite = await processOf(field, /bin\/vite --port 6200/);
  const {pid} = await field.agentIn('typed', 'claude');
  const claude = await processOf(field, /^claude --dangerously/);
  expect(claude.pid).toBe(pid);
  signalTo(claude, 'SIGKILL');
  const said = await waitFor('a word about vite', async () => naming((await field.status()).findings, vite.pid)[0]);
  expect(said.kind).toMatch(/^orphan-/);
  expect(await field.tmux.run('list-sessions', '-F', '#{session_name}')).toBe('typed');
});

test('the shell of a pane, killed: what ran in it is gone or told of, and no other agent is touched', async () => {
  await field.session('typed', 'a');
  await field.session('other', 'b', ['claude']);
  await field.type('typed', 'setsid vite --port 6201 --strictPort');
  const vite = await processOf(field, /bin\/vite --port 6201/);
  const [pane] = await field.tmux.panes('=typed:');
  process.kill(pane?.pid ?? 0, 'SIGKILL');
  await waitFor('the session to be gone', async () => (await field.tmux.run('list-sessions', '-F', '#{session_name}')) === 'other');
  await waitFor('vite to be gone or told of', async () => !isAlive(vite) || naming((await field.status()).findings, vite.pid).length > 0);
  await field.run('cleanup', '--yes');
  expect(await field.agentIn('other', 'claude')).toMatchObject({state: 'running'});
});

test('the server, killed: who outlives it is told of, and nobody is called running in a session', async () => {
  await field.session('one', 'a', ['claude']);
  await field.session('two', 'b', ['sh', '-c', `SI=1 exec ${packageFile('claude', 'bin/claude.exe')}`]);
  await field.agentIn('one', 'claude');
  const server = await field.tmux.serverProcess();
  signalTo(server, 'SIGKILL');
  await waitFor('the server to be gone', () => !isAlive(server));
  await waitFor('every agent to be gone or told of', async () => {
    const {agents, findings} = await field.status();
    const living = processesOf(field, /claude/).filter(({args}) => /claude(\.exe)?$/.test(args[0] ?? ''));
    return living.every(({pid}) => naming(findings, pid).length > 0) && agents.every(({session}) => session === null);
  });
});

test('a pane that was respawned: the new agent is the one that is shown, nothing of the old one is left', async () => {
  const pane = await field.session('one', 'a', ['claude']);
  const before = await field.agentIn('one', 'claude');
  await field.tmux.run('respawn-pane', '-k', '-t', pane.id, 'claude');
  const after = await waitFor('the new one', async () => {
    const agent = await field.agentIn('one', 'claude');
    return agent.pid !== before.pid && agent;
  });
  expect(after).toMatchObject({state: 'running', ref: before.ref});
  const {findings} = await field.status();
  expect(findings.filter(({kind}) => kind !== 'defunct-process')).toEqual([]);
});

test('Claude in the background: an agent without a pane, never surely left over when the pane that asked for it is gone', async () => {
  await field.session('asks', 'a');
  await field.session('other', 'b', ['claude']);
  await field.type('asks', 'claude --bg "SLOW 600"');
  const daemon = await processOf(field, /claude(\.exe)? daemon run/);
  const ofBackground = async () => (await field.status()).agents.filter(({runtime, session}) => runtime === 'claude' && session === null);
  const [agent] = await waitFor('the agent without a pane', async () => {
    const agents = await ofBackground();
    return agents.length > 0 && agents;
  });
  await field.tmux.run('kill-session', '-t', '=asks');
  await waitFor('the pane to be gone from the report', async () => {
    const {findings} = await field.status();
    // A child that its parent has not collected, of whomever on this machine, is no matter of theirs.
    expect(findings.filter(({certainty, kind}) => certainty === 'sure' && kind !== 'defunct-process')).toEqual([]);
    return (await field.tmux.run('list-sessions', '-F', '#{session_name}')) === 'other';
  });
  await field.run('cleanup', '--yes');
  expect(isAlive(daemon)).toBe(true);
  expect((await ofBackground()).map(({pid}) => pid)).toContain(agent?.pid);
});

test('Claude, killed: its tool servers that stay are told of, and it is never said that a living one is left', async () => {
  const servers = {
    filesystem: {command: 'mcp-server-filesystem', args: [field.home]},
    everything: {command: 'mcp-server-everything', args: ['streamableHttp'], env: {PORT: '6301'}},
  };
  writeFileSync(join(field.repository('a'), 'tools.json'), JSON.stringify({mcpServers: servers}));
  await field.session('typed', 'a');
  await field.type('typed', 'claude --mcp-config tools.json --strict-mcp-config');
  const helper = await processOf(field, /mcp-server-everything/);
  await field.agentIn('typed', 'claude');
  expect(naming((await field.status()).findings, helper.pid)).toEqual([]);
  const claude = await processOf(field, /^claude --mcp-config/);
  signalTo(claude, 'SIGKILL');
  await waitFor('Claude to be gone', () => !isAlive(claude));
  await waitFor('every tool server to be gone or told of', async () => {
    const {findings} = await field.status();
    return processesOf(field, /mcp-server-/).every(({pid}) => naming(findings, pid).length > 0);
  });
});
