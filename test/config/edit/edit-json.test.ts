// One place of a JSON settings file changes, every other byte stays: comments, order, indentation, what is not known.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {addItem, type Edited, removeItems, removeMember, setMember} from '../../../src/config/edit/edit-json.ts';
import {readJsonTree} from '../../../src/config/edit/json-tree.ts';

const textOf = (edited: Edited): string => (edited.ok ? edited.text : `refused: ${edited.because}`);
const SERVER = {command: '/usr/bin/rigtop', args: ['mcp']};
const PATH = ['mcpServers', 'rigtop'];

describe('a member of a settings file', () => {
  it('is added where nothing is, and taken away with what it brought', () => {
    const added = textOf(setMember('', PATH, SERVER));
    expect(JSON.parse(added)).toEqual({mcpServers: {rigtop: SERVER}});
    expect(JSON.parse(textOf(removeMember(added, PATH)))).toEqual({});
  });

  it('leaves comments, order and indentation as they are', () => {
    const given = '{\n\t// mine\n\t"theme": "dark", /* why */\n\t"mcpServers": {\n\t\t"git": {"command": "git-mcp"}, // keep\n\t},\n}\n';
    const added = textOf(setMember(given, PATH, SERVER));
    expect(added).toContain('\t// mine\n\t"theme": "dark", /* why */\n');
    expect(added).toContain('"git": {"command": "git-mcp"},\n\t\t"rigtop": {\n\t\t\t"command": "/usr/bin/rigtop"');
    const removed = textOf(removeMember(added, PATH));
    expect(readJsonTree(removed)).toMatchObject({value: {theme: 'dark', mcpServers: {git: {command: 'git-mcp'}}}});
    expect(removed).toContain('// mine');
  });

  it('is replaced in its place, and left alone where it is as it should be', () => {
    const given = '{"mcpServers": {"rigtop": {"command": "old"}, "x": 1}}';
    const changed = textOf(setMember(given, PATH, SERVER));
    expect(JSON.parse(changed)).toEqual({mcpServers: {rigtop: SERVER, x: 1}});
    expect(textOf(setMember(changed, PATH, SERVER))).toBe(changed);
    expect(textOf(removeMember(given, ['mcpServers', 'y']))).toBe(given);
  });

  it('refuses what is no JSON, no object, or something else in its place', () => {
    for (const given of ['{', '[]', '{"a": tru}', '{"mcpServers": 3}', '{} x', '{"a" 1}', '/* x']) {
      expect(textOf(setMember(given, PATH, SERVER)), given).toMatch(/^refused: /);
    }
    expect(textOf(setMember('{"a": 1,\n"b" 2}', PATH, SERVER))).toContain('line 2');
  });
});

describe('an item of a list', () => {
  const HOOK = {matcher: 'Bash', hooks: [{type: 'command', command: 'rigtop guard'}]};
  const path = ['hooks', 'PreToolUse'];
  const isOurs = (item: unknown): boolean => JSON.stringify(item).includes('rigtop guard');

  it('is put behind the others, once', () => {
    const given = '{"hooks": {"PreToolUse": [{"matcher": "Edit", "hooks": []}], "Stop": []}}';
    const added = textOf(addItem(given, path, HOOK));
    expect(JSON.parse(added).hooks.PreToolUse).toEqual([{matcher: 'Edit', hooks: []}, HOOK]);
    expect(textOf(addItem(added, path, HOOK))).toBe(added);
    expect(textOf(removeItems(added, path, isOurs))).toBe(given);
  });

  it('is taken away with the list that it brought', () => {
    const added = textOf(addItem('{\n  "model": "x"\n}\n', path, HOOK));
    expect(textOf(removeItems(added, path, isOurs))).toBe('{\n  "model": "x"\n}\n');
    expect(textOf(addItem('{"hooks": {"PreToolUse": {}}}', path, HOOK))).toMatch(/^refused: /);
  });
});

describe('whatever the file holds', () => {
  it('adding and taking away again leaves its meaning as it was', () => {
    const key = fc.string({maxLength: 8}).filter(name => name !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue({maxDepth: 3})), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const given = JSON.stringify(value, null, space);
        const clear = {...JSON.parse(given)};
        if ('mcpServers' in clear) {
          return;
        }
        const added = setMember(given, PATH, SERVER);
        expect(added.ok && JSON.parse(added.text)).toEqual({...clear, mcpServers: {rigtop: SERVER}});
        const removed = removeMember(textOf(added), PATH);
        expect(removed.ok && JSON.parse(removed.text)).toEqual(clear);
      }),
      {numRuns: 500},
    );
  });
});
