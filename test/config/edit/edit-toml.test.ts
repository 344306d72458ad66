// One table of a TOML settings file is added or taken away, every other byte stays.
import {parse} from 'smol-toml';
import {describe, expect, it} from 'vitest';
import type {Edited} from '../../../src/config/edit/edit-json.ts';
import {removeTable, setTable} from '../../../src/config/edit/edit-toml.ts';

const textOf = (edited: Edited): string => (edited.ok ? edited.text : `refused: ${edited.because}`);
const TABLE = {command: '/usr/bin/rigtop', args: ['mcp'], env: {A: 'b'}};
const PATH = ['mcp_servers', 'rigtop'];
const GIVEN = `# mine
model = "x" # why
[mcp_servers.git]
command = "git-mcp"

[profiles.a]
text = """
[mcp_servers.rigtop]
"""
`;

describe('a table of a settings file', () => {
  it('is added at the end and taken away again', () => {
    const added = textOf(setTable(GIVEN, PATH, TABLE));
    expect(added.startsWith(GIVEN)).toBe(true);
    expect(parse(added)).toMatchObject({model: 'x', mcp_servers: {git: {command: 'git-mcp'}, rigtop: TABLE}});
    expect(textOf(setTable(added, PATH, TABLE))).toBe(added);
    expect(textOf(removeTable(textOf(setTable('a = 1\n', PATH, TABLE)), PATH))).toBe('a = 1\n');
    expect(textOf(removeTable(textOf(setTable('', PATH, TABLE)), PATH))).toBe('');
  });

  it('is replaced where it is, and found between others', () => {
    const given = '[mcp_servers.rigtop]\ncommand = "old"\n[mcp_servers.rigtop.env]\nB = "c"\n\n[mcp_servers.git]\ncommand = "git-mcp"\n';
    const changed = textOf(setTable(given, PATH, TABLE));
    expect(parse(changed)).toEqual({mcp_servers: {git: {command: 'git-mcp'}, rigtop: TABLE}});
    expect(textOf(removeTable(given, PATH))).toBe('[mcp_servers.git]\ncommand = "git-mcp"\n');
  });

  it('refuses what cannot be changed without touching the rest', () => {
    const inText = textOf(removeTable(textOf(setTable(GIVEN, PATH, TABLE)), PATH));
    // A line inside of a text looks like the header: it is either told apart or left alone.
    expect(inText === GIVEN || inText.startsWith('refused')).toBe(true);
    for (const given of ['x = ', 'mcp_servers = {git = {command = "x"}}', 'mcp_servers = {rigtop = {command = "x"}}']) {
      expect(textOf(setTable(given, PATH, TABLE)), given).toMatch(/^refused: /);
    }
  });
});
