// docs/commands.md from the table of commands. Pure.
import type {Command, FlagTable} from '../../src/cli/command.ts';

export interface CommandTables {
  readonly commands: readonly Command[];
  readonly global: FlagTable;
  readonly program: FlagTable;
}

export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done, or nothing is wrong'],
  ['1', 'there are findings (`status`, `locks`), or an action left survivors'],
  ['2', 'wrong usage or a broken configuration'],
  ['3', 'the answer is incomplete: something could not be observed'],
  ['4', 'refused: read-only, protected, an expired plan, a changed target'],
];

const flagName = (name: string, {short, value}: FlagTable[string]): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

export const flags = (table: FlagTable): readonly (readonly [name: string, summary: string])[] =>
  Object.entries(table).map(([name, spec]) => [flagName(name, spec), spec.summary]);

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
export const synopsis = ({name, usage}: Command): string => `rigtop ${name} ${usage}`.trimEnd();

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const flagRows = (table: FlagTable): readonly string[] =>
  Object.keys(table).length === 0
    ? []
    : ['', '| flag | |', '|---|---|', ...flags(table).map(([name, summary]) => `| \`${escaped(name)}\` | ${escaped(summary)} |`)];

export const commandsPage = ({commands, global, program}: CommandTables): string => `# Commands

Without a command rigtop opens the screen; where stdout is no terminal it prints the report of \`rigtop status\`.

${commands
  .map(command =>
    [
      `## ${synopsis(command)}`,
      '',
      sentence(command.summary),
      ...(command.details.length === 0 ? [] : ['', command.details.join(' ')]),
      ...flagRows(command.flags),
    ].join('\n'),
  )
  .join('\n\n')}

## Flags of every command
${flagRows(global).join('\n')}

## Flags without a command
${flagRows(program).join('\n')}

## Exit codes

| code | |
|---|---|
${EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n')}

If 1 and 3 both hold, it is 1.
`;
