// docs/commands.md and the manual page from the table of commands. Pure.
import type {Command, FlagTable} from '../../src/cli/command.ts';

export interface CommandTables {
  readonly commands: readonly Command[];
  readonly global: FlagTable;
  readonly program: FlagTable;
}

const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done, or nothing is wrong'],
  ['1', 'there are findings (`status`, `locks`), or an action left survivors'],
  ['2', 'wrong usage or a broken configuration'],
  ['3', 'the answer is incomplete: something could not be observed'],
  ['4', 'refused: read-only, protected, an expired plan, a changed target'],
];

const FILES: readonly (readonly [path: string, what: string])[] = [
  [
    '$XDG_CONFIG_HOME/rigtop/config.toml',
    'configuration, by default below ~/.config; then every .rigtop.toml from the working directory upwards',
  ],
  ['$XDG_STATE_HOME/rigtop/journal.jsonl', 'what was intended, sent and achieved, by default below ~/.local/state'],
  ['$XDG_STATE_HOME/rigtop/plans/', 'plans that were printed, for apply'],
];

const flagName = (name: string, {short, value}: FlagTable[string]): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

const flags = (table: FlagTable): readonly (readonly [name: string, summary: string])[] =>
  Object.entries(table).map(([name, spec]) => [flagName(name, spec), spec.summary]);

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
const synopsis = ({name, usage}: Command): string => `rigtop ${name} ${usage}`.trimEnd();

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

/** roff(7): a backslash starts an escape, a dot or quote at the start of a line a request. */
const roff = (text: string): string =>
  text
    .replaceAll('`', '')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');

const tagged = (rows: readonly (readonly [string, string])[]): readonly string[] =>
  rows.flatMap(([tag, text]) => ['.TP', `.B ${roff(tag)}`, roff(sentence(text))]);

export const manualPage = (version: string, {commands, global, program}: CommandTables): string =>
  [
    `.TH RIGTOP 1 "" "rigtop ${version}" "User Commands"`,
    '.SH NAME',
    'rigtop \\- top for fleets of coding agents in tmux',
    '.SH SYNOPSIS',
    '.B rigtop',
    '.RI [ command ]',
    '.RI [ flag ...]',
    '.SH DESCRIPTION',
    'Shows every agent, session, port and left\\-over process of this user on one screen, says why each thing is marked,',
    'shows exactly what an action will do before it does it, does it, and proves that it worked.',
    'Without a command it opens the screen; where standard output is no terminal it prints the report of',
    '.BR "rigtop status" .',
    '.SH COMMANDS',
    ...commands.flatMap(command => [
      `.SS ${roff(synopsis(command))}`,
      roff(sentence(command.summary)),
      ...(command.details.length === 0 ? [] : ['.PP', roff(command.details.join(' '))]),
      ...tagged(flags(command.flags)),
    ]),
    '.SH OPTIONS',
    ...tagged(flags(global)),
    '.PP',
    'Without a command also:',
    ...tagged(flags(program)),
    '.SH EXIT STATUS',
    ...tagged(EXIT_CODES),
    '.SH FILES',
    ...tagged(FILES),
    '.SH SEE ALSO',
    '.BR tmux (1),',
    '.BR ps (1),',
    '.BR lsof (8)',
    '',
  ].join('\n');
