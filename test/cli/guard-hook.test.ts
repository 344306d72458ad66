// The hook of the built program: its answer, and what the journal keeps of it.
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {text} from 'node:stream/consumers';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {startAgent} from '../support/agent-stand-in.ts';
import {builtBinary} from '../support/built.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

let scope: Scope;
let rigtop: Rigtop;
beforeEach(async () => {
  await builtBinary();
  scope = createScope();
  rigtop = await createRigtop(scope);
});
afterEach(() => scope.close());

const ask = async (program: string, command: string): Promise<string> => {
  const input = JSON.stringify({session_id: 's', cwd: rigtop.home, tool_name: 'Bash', tool_input: {command}});
  const {code, stdout, stderr} = await rigtop.shell(`printf '%s' "$INPUT" | $RIGTOP guard --for ${program}`, {env: {INPUT: input}});
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  return stdout;
};

const written = async (): Promise<readonly unknown[]> => {
  const {stdout} = await rigtop.run(['journal', '--guard', '--json']);
  return stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as unknown]));
};

test('what cannot be told is asked or denied as its program can, and is written down as it was answered', async () => {
  expect(await ask('claude', 'echo nothing ends')).toBe('');
  expect(await written()).toEqual([]);
  const asked = await ask('claude', 'pkill -f "$SOMETHING"');
  expect(asked).toContain('"permissionDecision":"ask"');
  expect(asked).not.toContain('Whose they are');
  expect(await ask('codex', 'pkill -f "$SOMETHING"')).toContain('"permissionDecision":"deny"');
  expect(await written()).toMatchObject([
    {type: 'refusal', program: 'claude', decision: 'ask', targets: []},
    {type: 'refusal', program: 'codex', decision: 'deny', cwd: rigtop.home, command: 'pkill -f "$SOMETHING"'},
  ]);
});

test('what keeps a refusal from being written down does not take it back', async () => {
  const copy = join(rigtop.directory, 'dist');
  cpSync(dirname(await builtBinary()), copy, {recursive: true});
  writeFileSync(join(rigtop.directory, 'package.json'), '{"type": "module"}');
  for (const name of readdirSync(copy).filter(each => each.startsWith('part-record-refusal'))) {
    rmSync(join(copy, name));
  }
  const input = JSON.stringify({cwd: rigtop.home, tool_input: {command: `kill ${process.pid}`}});
  const answer = spawnSync(process.execPath, [join(copy, 'rigtop.js'), 'guard', '--for', 'claude'], {
    input,
    env: rigtop.env,
    encoding: 'utf8',
  });
  expect(answer).toMatchObject({status: 0, stderr: '', stdout: expect.stringContaining('"deny"')});
});

describe('what is on its input', () => {
  /** The hook with these parts on a pipe that stays open until it has ended. */
  const answer = async (parts: readonly (string | Buffer)[], node: readonly string[] = []): Promise<unknown> => {
    const hook = spawn(process.execPath, [...node, await builtBinary(), 'guard', '--for', 'codex'], {env: rigtop.env});
    const said = Promise.all([text(hook.stdout), text(hook.stderr)]);
    for (const part of parts) {
      await new Promise(resolve => hook.stdin.write(part, resolve));
    }
    const [code, signal] = await once(hook, 'exit');
    hook.stdin.destroy();
    const [stdout, stderr] = await said;
    return {code, signal, stderr, decision: stdout === '' ? 'none' : JSON.parse(stdout).hookSpecificOutput.permissionDecision};
  };
  const record = (command: string): string => JSON.stringify({cwd: rigtop.home, tool_input: {command}});
  const quietly = {code: 0, signal: null, stderr: ''};

  test('a record is answered though the pipe stays open behind it', async () => {
    expect(await answer([record('echo {')])).toEqual({...quietly, decision: 'none'});
    expect(await answer([record(`kill ${process.pid}`)])).toEqual({...quietly, decision: 'deny'});
  });

  test('it may come in parts, within a character too, and be longer than a pipe', async () => {
    const whole = Buffer.from(record(`echo '€${'{}'.repeat(100_000)}'; kill ${process.pid}`));
    const within = whole.indexOf('€') + 1;
    const parts = [whole.subarray(0, 1), whole.subarray(1, within), whole.subarray(within, 70_000), whole.subarray(70_000)];
    expect(await answer(parts)).toEqual({...quietly, decision: 'deny'});
  });

  test('nothing, or half of a record and no more: it goes', async () => {
    expect(await answer([])).toMatchObject({decision: 'none', stderr: ''});
    expect(await answer([record(`kill ${process.pid}`).slice(0, -1)])).toMatchObject({decision: 'none', stderr: ''});
  });

  test('a Node that cannot become another program ends by itself all the same', async () => {
    const before = ['--import', 'data:text/javascript,process.execve = undefined'];
    expect(await answer([], before)).toEqual({...quietly, decision: 'none'});
    expect(await answer([record(`kill ${process.pid}`).slice(0, -1)], before)).toEqual({...quietly, decision: 'none'});
    expect(await answer([record(`kill ${process.pid}`)], before)).toEqual({...quietly, decision: 'deny'});
  });
});

test('a refusal that cannot be written denies by its exit code', async () => {
  const codeOf = async (command: string): Promise<number | null> => {
    const input = JSON.stringify({cwd: rigtop.home, tool_input: {command}});
    return (await rigtop.shell(`printf '%s' "$INPUT" | $RIGTOP guard --for claude >/dev/full`, {env: {INPUT: input}})).code;
  };
  expect(await codeOf(`kill ${process.pid}`)).toBe(2);
  expect(await codeOf('echo nothing ends')).toBe(0);
});

test('whoever is not below an agent is denied by name, whatever is undecided', async () => {
  rigtop.write('home/.config/rigtop/config.toml', '[guard]\nundecided = "deny"\n');
  expect(await ask('claude', `kill ${process.pid}; pkill -f "$SOMETHING"`)).toContain(`process ${process.pid} `);
  expect(await ask('claude', 'pkill -f "$SOMETHING"')).toContain('"permissionDecision":"deny"');
  const {stdout} = await rigtop.run(['journal', '--guard']);
  expect(stdout).toContain(`guard denied claude: kill ${process.pid}; pkill -f "$SOMETHING": process:${process.pid} `);
});

test('an agent may end what compose has started from its own work tree, and not what it has from another', async () => {
  const trees = ['own', 'other'].map(name => join(rigtop.directory, 'r', name));
  const [own = '', other = ''] = trees;
  trees.forEach(tree => {
    mkdirSync(tree, {recursive: true});
    execFileSync('git', ['init', '-q', tree]);
  });
  const row = (name: string, tree: string): string => `${name}\t${name}_web_1\trunning\t${name}\tweb\t${tree}\n`;
  const engine = rigtop.write('bin/podman', `#!/bin/sh\nprintf '${row('own', own)}${row('other', other)}'\n`);
  chmodSync(engine, 0o755);
  const env = {...rigtop.env, PATH: `${join(rigtop.directory, 'bin')}:${rigtop.env.PATH}`};
  const agent = startAgent(scope, {conversation: 'one', cwd: own, env, outputs: rigtop.directory});
  const ask = async (command: string): Promise<string> => {
    const input = JSON.stringify({session_id: 'one', cwd: own, tool_name: 'Bash', tool_input: {command}});
    return (await agent.run(`printf '%s' '${input}' | $RIGTOP guard --for claude`)).stdout;
  };
  expect(await ask('podman compose down')).toBe('');
  expect(await ask('podman rm -f own_web_1')).toBe('');
  const denied = await ask('podman compose -p other down');
  expect(denied).toContain('"permissionDecision":"deny"');
  expect(denied).toContain(`compose has started it from ${other}`);
});
