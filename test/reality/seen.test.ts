// Real agents at work: each is recognised under its real name, where it is, in the state it is in, and nothing is wrong with any of it.
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {sight} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Field, openField} from './field.ts';
import {type ProgramName, packageFile} from './programs.ts';

const scope = createScope();
let field: Field;

const AGENTS = ['claude', 'codex', 'gemini', 'opencode', 'qwen', 'copilot'] as const satisfies readonly ProgramName[];

beforeAll(async () => {
  field = await openField(scope);
  for (const name of AGENTS) {
    await field.session(name, 'a', [name]);
  }
  await field.session('exe', 'b', [packageFile('claude', 'bin/claude.exe')]);
  await field.session('typed', 'c');
  await field.type('typed', 'claude');
});
afterAll(() => scope.close());

/** Whether `pid` is `root` or below it. */
const isBelow = (pid: number, root: number): boolean => {
  for (let at = sight(pid); at !== null; at = sight(at.ppid)) {
    if (at.pid === root) {
      return true;
    }
  }
  return false;
};

describe('an agent that a session was started with', () => {
  test.each(AGENTS)('%s', async name => {
    const [pane] = await field.tmux.panes(`=${name}:`);
    const agent = await field.agentIn(name, name);
    expect(agent.state).toBe('running');
    expect(isBelow(agent.pid ?? 0, pane?.pid ?? -1)).toBe(true);
  });
});

test('nothing is called wrong, sure or not, while all of them live', async () => {
  // While its daemon starts, a record of Codex is half-written for a moment: that is said, as what could not be read.
  await waitFor('every record to be whole', async () => (await field.status()).findings.every(({kind}) => kind !== 'blind-spot'));
  const {agents, findings} = await field.status();
  expect(agents.length).toBeGreaterThanOrEqual(AGENTS.length);
  // A short-lived child that its agent has not collected yet is true, low, and the agent's own business.
  expect(findings.filter(({kind}) => kind !== 'defunct-process')).toEqual([]);
});

test('stopped by Ctrl-Z, brought back by fg', async () => {
  await field.shows('typed', /❯/);
  const {ref, pid} = await field.agentIn('typed', 'claude');
  await field.tmux.run('send-keys', '-t', '=typed:', 'C-z');
  await waitFor('Claude to stop', () => sight(pid ?? 0)?.state === 'T');
  expect((await field.status()).agents.find(agent => agent.ref === ref)).toMatchObject({state: 'stopped', pid});
  expect((await field.status()).findings.filter(({kind}) => kind !== 'defunct-process')).toEqual([]);
  await field.type('typed', 'fg');
  await waitFor('Claude to go on', () => sight(pid ?? 0)?.state !== 'T');
  await waitFor('it to be running', async () => (await field.status()).agents.find(agent => agent.ref === ref)?.state === 'running');
});

test('Claude by the path that it starts itself again with', async () => {
  expect(await field.agentIn('exe', 'claude')).toMatchObject({state: 'running'});
});

test('watched by a person who detaches: attached, then not, and at work all the while', async () => {
  const {ref, pid} = await field.agentIn('claude', 'claude');
  const client = startProgram(scope, 'tmux', ['-S', field.tmux.socket, '-C', 'attach-session', '-t', '=claude'], {env: field.tmux.env});
  const attached = async () => (await field.status()).sessions.find(({name}) => name === 'claude')?.attached;
  await waitFor('the client', async () => (await attached()) === 1);
  expect((await field.plan('kill', 'session:main/claude', '--dry-run')).error).toMatchObject({code: 'attached'});
  client.say('detach-client\n');
  await waitFor('the client to be gone', async () => (await attached()) === 0);
  const {agents, findings} = await field.status();
  expect(agents.find(agent => agent.ref === ref)).toMatchObject({state: 'running', pid});
  expect(findings.filter(({kind}) => kind !== 'defunct-process')).toEqual([]);
});
