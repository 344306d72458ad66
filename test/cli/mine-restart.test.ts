// rigtop restart … --mine with the built program: two agents in two slots of one rig, on real tmux and real ports.
import {execFileSync} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {freeBase} from '../os/slots-fleet.ts';
import {type AgentStandIn, startAgent} from '../support/agent-stand-in.ts';
import {builtBinary} from '../support/built.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {createRigtop} from './rigtop.ts';

const SERVE = "require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1'); setInterval(() => undefined, 1000)";

let scope: Scope;
let tmux: PrivateTmux;
let a: AgentStandIn;
beforeEach(async () => {
  await builtBinary();
  scope = createScope();
  tmux = await privateTmux(scope, {name: 'default'});
  const rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  const app = join(rigtop.directory, 'r', 'app');
  const sibling = join(rigtop.directory, 'r', 'app-2');
  mkdirSync(app, {recursive: true});
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: app,
      env: {...rigtop.env, GIT_CONFIG_GLOBAL: '/dev/null'},
    });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', sibling);
  const command = `exec ${process.execPath} -e ${JSON.stringify(SERVE)} {port}`;
  rigtop.write(
    'home/.config/rigtop/config.toml',
    `[[rigs]]\nname = "app"\npath = ${JSON.stringify(app)}\nsession = "app-{slot}"\nslots = 2\n[[rigs.services]]\nname = "web"\nbase_port = ${await freeBase(2)}\ncommand = ${JSON.stringify(command)}\n`,
  );
  await tmux.newSession('app-1', {cwd: app, command: ['sleep', '600']});
  await tmux.newSession('app-2', {cwd: sibling, command: ['sleep', '600']});
  const agentIn = (cwd: string, conversation: string): AgentStandIn =>
    startAgent(scope, {conversation, cwd, env: rigtop.env, outputs: rigtop.directory});
  a = agentIn(app, 'conversation-a');
  agentIn(sibling, 'conversation-b');
});
afterEach(() => scope.close());

const restart = async (slot: number): Promise<{readonly code: number; readonly answer: unknown}> => {
  const {code, stdout, stderr} = await a.run(`$RIGTOP restart slot:app/${slot}/web --mine --yes --json`);
  expect(stdout, stderr).toMatch(/^\{/);
  return {code, answer: JSON.parse(stdout)};
};

const windows = (session: string): Promise<string> => tmux.run('list-windows', '-t', `=${session}`, '-F', '#{window_name} #{pane_pid}');

test('an agent starts the service of its own slot, starts it again, and nothing in its sibling’s', async () => {
  expect(await restart(1)).toMatchObject({code: 0, answer: {outcome: {ok: true, started: [{ref: 'slot:app/1/web', result: 'up'}]}}});
  const first = await windows('app-1');
  expect(first).toMatch(/^web \d+$/m);
  expect(await restart(1)).toMatchObject({code: 0, answer: {outcome: {ok: true, started: [{result: 'up'}]}}});
  expect(await windows('app-1')).not.toBe(first);
  expect(await restart(2)).toMatchObject({code: 4, answer: {error: {code: 'not-mine'}}});
  expect(await windows('app-2')).not.toContain('web');
});
