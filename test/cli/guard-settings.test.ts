// The entries by which agent programs ask the guard: made beside what is there, made once, and taken back to the byte.
import {expect, test} from 'vitest';
import {guardEntry} from '../../src/cli/agent-settings/guard-entry.ts';
import {SETTINGS_PROGRAMS} from '../../src/cli/agent-settings/programs.ts';

const PLACE = {home: '/home/u', env: {}};
const COMMAND = {node: '/usr/bin/node', script: '/opt/rigtop/dist/rigtop.js'};

const textOf = (edited: ReturnType<ReturnType<typeof guardEntry>['set']>): string => (edited.ok ? edited.text : edited.because);

test.each(SETTINGS_PROGRAMS)('%s: made once, and taken back', program => {
  const entry = guardEntry(program, PLACE, COMMAND);
  const made = textOf(entry.set(''));
  expect(made).toContain('guard');
  expect(textOf(entry.set(made))).toBe(made);
  expect(textOf(entry.remove(made))).not.toContain('rigtop');
});

const SETTINGS = `{
  // mine
  "model": "opus",
  "hooks": {
    "PreToolUse": [
      {"matcher": "Bash", "hooks": [{"type": "command", "command": "my-own-check"}]}
    ]
  }
}
`;

test('what is there stays to the byte, an entry of another place is replaced', () => {
  const entry = guardEntry('claude', PLACE, COMMAND);
  const made = textOf(entry.set(SETTINGS));
  expect(made).toContain('my-own-check');
  expect(textOf(entry.remove(made))).toBe(SETTINGS);
  const moved = textOf(guardEntry('claude', PLACE, {...COMMAND, node: '/usr/local/bin/node'}).set(made));
  expect(moved.match(/guard --for claude/g)).toHaveLength(1);
  expect(moved).toContain('/usr/local/bin/node');
});

test('nothing else is taken for an entry of the guard', () => {
  const other = SETTINGS.replace('my-own-check', 'rigtop status');
  expect(textOf(guardEntry('claude', PLACE, COMMAND).remove(other))).toBe(other);
});
