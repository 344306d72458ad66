// Commands that a person pastes, given to the shells that there are.
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {expect, test} from 'vitest';
import {shellCommand, shellWord} from '../../../src/core/domain/shell-word.ts';

const SHELLS = ['/bin/sh', '/bin/dash', '/bin/bash'].filter(existsSync);
const CHARACTERS = Array.from({length: 0x300}, (_, code) => String.fromCodePoint(code));
const WORDS = [
  '',
  '~',
  '=ls',
  '-n',
  "it's",
  "''",
  '$(id)',
  '`id`',
  '!!',
  '\\',
  '\\u{1b}',
  'a b',
  '{a,b}',
  '#x',
  '日本 🚀',
  ...CHARACTERS.flatMap(character => [character, `a${character}b`, `${character}${character}'`]),
];

/** What the shell hands to a program, word by word. */
const taken = (shell: string, command: string): readonly string[] =>
  execFileSync(shell, ['-c', command], {encoding: 'utf8', maxBuffer: 1 << 24})
    .split('\0')
    .slice(0, -1);

test.each(SHELLS)('%s takes every word that is offered as it was, in one paste', shell => {
  const offered = WORDS.filter(word => shellWord(word) !== null);
  const command = shellCommand(['printf', '%s\\0', ...offered]) ?? '';
  expect(taken(shell, command)).toEqual(offered);
  expect(command).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('a command is offered as text to be typed: with the shell reading it from its input', () => {
  const offered = WORDS.filter(word => shellWord(word) !== null && word !== '');
  for (const shell of SHELLS) {
    const input = `${shellCommand(['printf', '%s\\0', ...offered])}\n`;
    expect(
      execFileSync(shell, [], {input, encoding: 'utf8', maxBuffer: 1 << 24})
        .split('\0')
        .slice(0, -1),
    ).toEqual(offered);
  }
});

test('what a terminal acts on, or nobody sees, is not offered, whatever else is in the command', () => {
  for (const hostile of ['a\nb', 'a\rb', 'a\tb', '\u0003', '\u001b[201~', '\u007f', '\u009b', '\u202e', '\u200b', '\ud800']) {
    expect(shellWord(hostile), JSON.stringify(hostile)).toBeNull();
    expect(shellCommand(['rigtop', 'kill', hostile])).toBeNull();
  }
});
