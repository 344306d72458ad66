// What `guard install` and `mcp install` have made, uninstall takes back exactly: with the built program, in a home of its own.
import {chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {guardEntry} from '../../src/cli/agent-settings/guard-entry.ts';
import {mcpEntry} from '../../src/cli/agent-settings/mcp-entry.ts';
import {SETTINGS_PROGRAMS, type SettingsProgram} from '../../src/cli/agent-settings/programs.ts';
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

type Verb = 'guard' | 'mcp';
const CASES = (['guard', 'mcp'] as const).flatMap(verb => SETTINGS_PROGRAMS.map(program => [verb, program] as const));

const fileOf = (verb: Verb, program: SettingsProgram): string =>
  verb === 'guard'
    ? guardEntry(program, {home: rigtop.home, env: {}}, {node: 'node', script: 'rigtop.js'}).file
    : mcpEntry(program, {home: rigtop.home, env: {}}, {command: 'rigtop', args: []}).file;

const change = async (verb: Verb, what: 'install' | 'uninstall', program: SettingsProgram): Promise<string> => {
  const {code, stdout, stderr} = await rigtop.run([verb, what, program, '--yes']);
  expect(code, stderr).toBe(0);
  return stdout;
};

const inHome = (): readonly string[] => readdirSync(rigtop.home, {recursive: true}).map(String).toSorted();

describe.each(CASES)('%s %s', (verb, program) => {
  test('a file and directories that install has made are gone', async () => {
    await change(verb, 'install', program);
    expect(existsSync(fileOf(verb, program))).toBe(true);
    expect(await change(verb, 'uninstall', program)).not.toMatch(/^\+/m);
    expect(inHome()).toEqual([]);
    await change(verb, 'uninstall', program);
    expect(inHome()).toEqual([]);
  });

  test('a directory and a file beside it stay', async () => {
    const beside = join(dirname(fileOf(verb, program)), 'notes.txt');
    mkdirSync(dirname(beside), {recursive: true});
    writeFileSync(beside, 'mine');
    const before = inHome();
    await change(verb, 'install', program);
    await change(verb, 'uninstall', program);
    expect(inHome()).toEqual(before);
  });
});

const SHARED = CASES.filter(([verb, program]) => verb === 'mcp' || (program !== 'opencode' && program !== 'copilot'));

test.each(SHARED)('%s %s: a file that says something else is as it was, to the byte', async (verb, program) => {
  const file = fileOf(verb, program);
  const text = file.endsWith('.toml') ? '# mine\nmodel = "gpt"\n' : '{\n  // mine\n  "version": 1,\n  "theme": "dark"\n}\n';
  mkdirSync(dirname(file), {recursive: true, mode: 0o700});
  writeFileSync(file, text);
  await change(verb, 'install', program);
  expect(readFileSync(file, 'utf8')).toContain('rigtop');
  await change(verb, 'uninstall', program);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('what the other command has entered in the same file stays, and the last one takes the file along', async () => {
  const file = fileOf('guard', 'gemini');
  await change('guard', 'install', 'gemini');
  await change('mcp', 'install', 'gemini');
  await change('guard', 'uninstall', 'gemini');
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['mcpServers']);
  await change('mcp', 'uninstall', 'gemini');
  expect(inHome()).toEqual([]);
});

test('a link and the file behind it stay, and a directory that others may enter', async () => {
  const file = fileOf('guard', 'claude');
  const real = join(rigtop.directory, 'settings.json');
  await change('guard', 'install', 'claude');
  renameSync(file, real);
  symlinkSync(real, file);
  await change('guard', 'uninstall', 'claude');
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toBe('{}\n');
  mkdirSync(join(rigtop.home, '.codex'));
  chmodSync(join(rigtop.home, '.codex'), 0o755);
  await change('guard', 'install', 'codex');
  await change('guard', 'uninstall', 'codex');
  expect(readdirSync(join(rigtop.home, '.codex'))).toEqual([]);
});

test('an entry of a rigtop that has moved since is taken back as well', async () => {
  const file = fileOf('guard', 'cursor');
  await change('guard', 'install', 'cursor');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(process.execPath, '/opt/old/node'));
  await change('guard', 'uninstall', 'cursor');
  expect(inHome()).toEqual([]);
});
