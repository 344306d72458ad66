// Settings files of agent programs: the exact change is shown, made after a yes, and never over what the program has written meanwhile.
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'smol-toml';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {changedLines, changeSettings, type SettingsChange} from '../../src/cli/agent-settings/change-settings.ts';
import {mcpEntry} from '../../src/cli/agent-settings/mcp-entry.ts';
import {SETTINGS_PROGRAMS, settingsDirectory, settingsProgram} from '../../src/cli/agent-settings/programs.ts';
import type {Invocation} from '../../src/cli/command.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {addItem, removeItems, setMember} from '../../src/config/edit/edit-json.ts';
import {readSettings, replaceSettings} from '../../src/core/os/settings-file.ts';
import {createScope, type Scope} from '../support/scope.ts';

let scope: Scope;
let home: string;
beforeEach(async () => {
  scope = createScope();
  home = await scope.tempDir();
});
afterEach(() => scope.close());

const COMMAND = {command: '/opt/rigtop/bin/rigtop', args: ['mcp']};

/** Runs one change at a terminal where a person answers so; null: where nobody can be asked. */
const run = async (
  change: Pick<SettingsChange, 'file' | 'edit'> & Partial<SettingsChange>,
  reply: string | null,
  yes = false,
  readOnly = false,
) => {
  const asked: string[] = [];
  let shown = '';
  const terminal = reply !== null;
  const io = {
    out: (text: string) => (shown += text),
    ask: async (question: string) => {
      asked.push(question);
      return reply;
    },
    env: {NO_COLOR: '1'},
    stdinIsTerminal: terminal,
    stdoutIsTerminal: terminal,
  };
  const options = {isSet: (name: string) => yes && name === 'yes'};
  const invocation = {io, flags: {json: false, color: 'never', readOnly}, options} as unknown as Invocation;
  const answer = await changeSettings(invocation, {goesWith: null, home, ...change, done: 'done.', already: 'already.'});
  return {code: isFailure(answer) ? answer.code : answer, shown, asked};
};

describe('the change of a settings file', () => {
  const edit = (text: string) => setMember(text, ['mcpServers', 'rigtop'], COMMAND);

  test('shows these lines and no others, and is made after y', async () => {
    const file = join(home, 'settings.json');
    writeFileSync(file, '{\n  "token": "hidden",\n  "theme": "dark"\n}\n', {mode: 0o600});
    const no = await run({file, edit}, 'n');
    expect(no).toMatchObject({code: 'cancelled', asked: [expect.stringContaining('exactly this')]});
    expect(no.shown).toContain('+     "command": "/opt/rigtop/bin/rigtop"'.replace('+     ', '+       '));
    expect(no.shown).not.toContain('hidden');
    expect(readFileSync(file, 'utf8')).not.toContain('rigtop');
    expect(await run({file, edit}, 'y')).toMatchObject({code: 0, shown: expect.stringMatching(/done\.\n$/)});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({token: 'hidden', theme: 'dark', mcpServers: {rigtop: COMMAND}});
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await run({file, edit}, 'y')).toMatchObject({code: 0, shown: 'already.\n', asked: []});
  });

  test('is only shown where nobody can be asked; --yes makes it, read-only does not', async () => {
    const file = join(home, 'new', 'settings.json');
    expect(await run({file, edit}, null)).toMatchObject({code: 0, shown: expect.stringContaining('Nothing was changed')});
    expect(existsSync(file)).toBe(false);
    expect(await run({file, edit}, null, true, true)).toMatchObject({code: 'read-only'});
    expect(await run({file, edit}, null, true)).toMatchObject({code: 0});
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('goes to the file behind a link, keeps its permissions, and leaves nothing beside it', async () => {
    mkdirSync(join(home, 'dotfiles'));
    const real = join(home, 'dotfiles', 'settings.json');
    writeFileSync(real, '{}');
    chmodSync(real, 0o644);
    const file = join(home, 'settings.json');
    symlinkSync(real, file);
    expect(await run({file, edit}, 'y')).toMatchObject({code: 0});
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({mcpServers: {rigtop: COMMAND}});
    expect(statSync(real).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(home, 'dotfiles'))).toEqual(['settings.json']);
    symlinkSync(join(home, 'nowhere'), join(home, 'lost.json'));
    expect(await run({file: join(home, 'lost.json'), edit}, 'y')).toMatchObject({code: 'settings-file'});
  });

  test('is refused for what others may write, what is no file, and what is no JSON', async () => {
    const open = join(home, 'open.json');
    writeFileSync(open, '{}');
    chmodSync(open, 0o666);
    writeFileSync(join(home, 'broken.json'), '{"a": ');
    mkdirSync(join(home, 'dir.json'));
    for (const name of ['open.json', 'broken.json', 'dir.json']) {
      expect(await run({file: join(home, name), edit}, 'y'), name).toMatchObject({code: 'settings-file', asked: []});
    }
  });

  test('is not made over what its program wrote meanwhile', async () => {
    const file = join(home, 'settings.json');
    writeFileSync(file, '{"b": 1}');
    expect(await replaceSettings(file, '{"a": 1}', '{}')).toEqual({ok: false, because: 'was changed meanwhile'});
    expect(await replaceSettings(file, null, '{}')).toMatchObject({ok: false});
    expect(await readSettings(file)).toEqual({state: 'ok', text: '{"b": 1}', isLinked: false});
    expect(readdirSync(home)).toEqual(['settings.json']);
  });

  test('hooks come and go by the list they are in', async () => {
    const file = join(home, 'settings.json');
    const hook = {matcher: 'Bash', hooks: [{type: 'command', command: 'rigtop guard'}]};
    const path = ['hooks', 'PreToolUse'];
    await run({file, edit: text => addItem(text, path, hook)}, 'y');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({hooks: {PreToolUse: [hook]}});
    await run({file, edit: text => removeItems(text, path, item => JSON.stringify(item) === JSON.stringify(hook))}, 'y');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({});
  });
});

test('only lines that differ are told', () => {
  expect(changedLines('a\nb\nc', 'a\nx\ny\nc')).toEqual({removed: ['b'], added: ['x', 'y'], at: 2});
});

describe('the entry of the MCP server', () => {
  test('stands in the user’s own file of every program, and can be taken back', () => {
    for (const program of SETTINGS_PROGRAMS) {
      const {file, set, remove} = mcpEntry(program, {home, env: {}}, COMMAND);
      expect(file.startsWith(`${home}/.`), program).toBe(true);
      const added = set('');
      expect(added.ok && added.text, program).toContain('/opt/rigtop/bin/rigtop');
      const parsed = program === 'codex' ? parse(added.ok ? added.text : '') : JSON.parse(added.ok ? added.text : '');
      expect(JSON.stringify(parsed), program).toContain('rigtop');
      expect(remove(added.ok ? added.text : ''), program).toMatchObject({ok: true, text: expect.not.stringContaining('rigtop')});
    }
  });

  test('follows the variables that move a program’s settings', () => {
    const place = {home, env: {CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x', XDG_CONFIG_HOME: '/g', QWEN_HOME: 'relative'}};
    expect(mcpEntry('claude', place, COMMAND).file).toBe('/c/.claude.json');
    expect(mcpEntry('opencode', place, COMMAND, file => file.endsWith('c')).file).toBe('/g/opencode/opencode.jsonc');
    expect(settingsDirectory('codex', place)).toBe('/x');
    expect(settingsDirectory('opencode', place)).toBe('/g/opencode');
    expect(settingsDirectory('qwen', place)).toBe(join(home, '.qwen'));
    expect(settingsProgram('codex')).toBe('codex');
    expect(settingsProgram('emacs')).toMatchObject({code: 'usage', hint: expect.stringContaining('claude')});
  });
});
