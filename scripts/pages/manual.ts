// docs/rigtop.1 from the table of commands and the registry of keys. Pure.
import type {Command, FlagTable} from '../../src/cli/command.ts';
import type {KeyDescription} from '../../src/ui/keymap.ts';
import {type CommandTables, EXIT_CODES, flags, sentence, synopsis} from './commands.ts';
import {PLACES} from './keys.ts';

/** Flags that several commands take: they stand once, and the commands say so. */
export interface SharedFlags {
  readonly acting: FlagTable;
  readonly screen: FlagTable;
}

type Rows = readonly (readonly [tag: string, text: string])[];

const ENVIRONMENT: Rows = [
  ['XDG_CONFIG_HOME, XDG_STATE_HOME', 'where the configuration and the journal are; relative values are ignored'],
  ['TMUX, TMUX_TMPDIR', 'the server that rigtop runs in, and where the sockets of the others are; /tmp without it'],
  ['GT_TOWN_ROOT, GT_ROOT', 'a Gas Town workspace'],
  ['SESSION_DATA_DIR', 'where botmux keeps its sessions'],
  ['NO_COLOR, FORCE_COLOR, COLORTERM, TERM', 'whether there is colour, and how much; TERM=dumb means the report instead of the screen'],
  ['LC_ALL, LC_CTYPE, LANG', 'where they name no UTF-8, frames are drawn in ASCII'],
];

const FILES: Rows = [
  ['$XDG_CONFIG_HOME/rigtop/config.toml', 'configuration, by default below ~/.config'],
  [
    '.rigtop.toml',
    'of a project, from the working directory upwards. It may add protection, read_only and a theme; everything else in it waits for rigtop trust',
  ],
  ['$XDG_STATE_HOME/rigtop/trust.json', 'the project files that were approved, by place and content'],
  [
    '$XDG_STATE_HOME/rigtop/journal.jsonl',
    'what was intended, sent and achieved, by default below ~/.local/state. One JSON object per line',
  ],
  ['$XDG_STATE_HOME/rigtop/plans/', 'plans that were printed, for rigtop apply'],
  ['$XDG_STATE_HOME/rigtop/screen.json', 'where the last screen stood: panel, zoom, filter, orders, theme; --fresh goes without'],
  ['$XDG_STATE_HOME/rigtop/supervise*', 'lock, record and requests of rigtop supervise'],
  ['$TMUX_TMPDIR/tmux-UID/', 'sockets of the tmux servers that are looked at, by default below /tmp'],
];

const EXAMPLES: Rows = [
  ['rigtop demo', 'a fleet with every kind of trouble in it, to try everything on'],
  ['rigtop explain :3000', 'who should hold this port, who does, and what freeing it would end'],
  ['rigtop cleanup --dry-run', 'everything that is surely left over, and what ending it would do'],
  ['rigtop status --fail-on orphan-process,wrong-owner', 'for scripts: exit status 1 when there is one of these'],
  ['ssh -t devbox rigtop watch', 'the screen of another machine, read-only'],
];

/** roff(7): a backslash starts an escape, a dot or quote at the start of a line a request; a bare `-` is a hyphen. */
const roff = (text: string): string =>
  text
    .replaceAll('`', '')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^([.'])/gm, '\\&$1');

const tagged = (rows: Rows): readonly string[] => rows.flatMap(([tag, text]) => ['.TP', `.B ${roff(tag)}`, roff(sentence(text))]);

const holds = (command: Command, table: FlagTable): boolean => Object.keys(table).every(name => name in command.flags);

const without = (table: FlagTable, ...shared: readonly FlagTable[]): FlagTable =>
  Object.fromEntries(Object.entries(table).filter(([name]) => !shared.some(each => name in each)));

const commandText = (command: Command, {acting, screen}: SharedFlags): readonly string[] => {
  const shared = [
    {table: acting, said: 'Takes the flags of commands that act.'},
    {table: screen, said: 'Takes the flags of the screen.'},
  ].filter(({table}) => holds(command, table));
  return [
    `.SS ${roff(synopsis(command))}`,
    roff(sentence(command.summary)),
    ...(command.details.length === 0 ? [] : ['.PP', roff(command.details.join('\n'))]),
    ...tagged(flags(without(command.flags, ...shared.map(({table}) => table)))),
    ...shared.flatMap(({said}) => ['.PP', said]),
  ];
};

const keyName = (key: string): string => (key.startsWith('^') ? `Ctrl-${key.slice(1)}` : key);

const keyText = (bindings: readonly KeyDescription[]): readonly string[] =>
  Object.entries(PLACES).flatMap(([scope, heading]) => {
    const rows = bindings.filter(binding => binding.scope === scope && binding.keys.length > 0);
    return rows.length === 0
      ? []
      : [`.SS ${heading}`, ...tagged(rows.map(({keys, title}) => [keys.map(keyName).join(', '), title] as const))];
  });

export interface Edition {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly released: string;
}

export const manualPage = (
  {version, released}: Edition,
  tables: CommandTables,
  shared: SharedFlags,
  bindings: readonly KeyDescription[],
): string =>
  [
    `.TH RIGTOP 1 "${released}" "rigtop ${version}" "User Commands"`,
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
    '.PP',
    'What could not be observed is unknown, and unknown is never touched.',
    '.SH COMMANDS',
    ...tables.commands.flatMap(command => commandText(command, shared)),
    '.SH OPTIONS',
    '.SS Of every command',
    ...tagged(flags(tables.global)),
    '.SS Of commands that act',
    ...tagged(flags(shared.acting)),
    '.SS Of the screen',
    ...tagged(flags(shared.screen)),
    '.SS Without a command',
    ...tagged(flags(without(tables.program, shared.screen))),
    '.SH KEYS',
    'Each can be bound otherwise under [keys] in the configuration. What opens a plan never carries it out.',
    ...keyText(bindings),
    '.SH EXIT STATUS',
    ...tagged(EXIT_CODES),
    '.PP',
    'If 1 and 3 both hold, it is 1.',
    '.SH ENVIRONMENT',
    ...tagged(ENVIRONMENT),
    '.SH FILES',
    ...tagged(FILES),
    '.SH EXAMPLES',
    ...tagged(EXAMPLES),
    '.SH SEE ALSO',
    '.BR tmux (1),',
    '.BR ps (1),',
    '.BR lsof (8),',
    '.BR signal (7)',
    '',
  ].join('\n');
