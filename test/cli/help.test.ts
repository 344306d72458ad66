import {describe, expect, test} from 'vitest';
import {COMMANDS} from '../../src/cli/command-table.ts';
import {completionScript} from '../../src/cli/completion-scripts.ts';
import {commandHelp, programHelp} from '../../src/cli/help-text.ts';
import {SHELLS} from '../../src/cli/shell-names.ts';

describe.each(COMMANDS.map(command => [command.name, command] as const))('%s', (name, command) => {
  test('has a help with its summary and every flag, which the program’s help lists', () => {
    const help = commandHelp(command);
    expect(help.replaceAll('\n', ' ')).toContain(`rigtop ${name}: ${command.summary} `);
    for (const flag of Object.keys(command.flags)) {
      expect(help).toContain(`--${flag}`);
    }
    expect(programHelp(COMMANDS)).toContain(`\n  ${name}`);
  });

  test('can be loaded', async () => {
    expect(await command.load()).toBeTypeOf('function');
  });

  test.each(SHELLS)('is completed by %s', shell => {
    const script = completionScript(shell, COMMANDS);
    expect(script).toContain(name);
    for (const flag of Object.keys(command.flags)) {
      expect(script).toContain(shell === 'fish' ? `-l ${flag} ` : `--${flag}`);
    }
  });
});

test('help is ASCII: it has to be readable in every locale', () => {
  for (const text of [programHelp(COMMANDS), ...COMMANDS.map(commandHelp)]) {
    expect(text).toMatch(/^[\n -~]*$/);
    expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(100);
  }
});

test('the default of apply without a terminal is to carry out, and its help says so', () => {
  const flags = COMMANDS.find(({name}) => name === 'apply')?.flags;
  expect(flags?.yes?.summary).toContain('the default without a terminal');
  expect(flags?.['dry-run']?.summary).not.toContain('default');
});
