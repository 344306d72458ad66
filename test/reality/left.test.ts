// What real programs leave behind when they are broken as in the field, and what rigtop says of it and does about it.
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
