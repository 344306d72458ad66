// Help for the program and for each command, from the command table. Pure.
import type {Command, FlagTable} from './command.ts';
import {GLOBAL_FLAGS, PROGRAM_FLAGS} from './flags.ts';

/** Wider first columns have their text on the next line. */
const WIDEST = 30;

const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(8, ...rows.map(([left]) => left.length).filter(length => length <= WIDEST));
  return rows.flatMap(([left, right]) =>
    left.length > WIDEST ? [`  ${left}`, `  ${' '.repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`.trimEnd()],
  );
};

const flagLines = (table: FlagTable): readonly string[] =>
  columns(
    Object.entries(table).map(([name, {short, value, summary}]) => [
      `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      summary,
    ]),
  );

const synopsis = ({name, usage}: Command): string => `rigtop ${name} ${usage}`.trimEnd();

export const programHelp = (commands: readonly Command[]): string =>
  [
    'rigtop: top for fleets of coding agents in tmux',
    '',
    'Usage: rigtop [COMMAND] [FLAG...]',
    '',
    '  Without a command: the screen, or, where stdout is no terminal, the report of rigtop status.',
    '',
    'Commands:',
    ...columns(commands.map(command => [`${command.name} ${command.usage}`.trimEnd(), command.summary])),
    '',
    'Flags of every command:',
    ...flagLines(GLOBAL_FLAGS),
    '',
    'Flags without a command:',
    ...flagLines(PROGRAM_FLAGS),
    '',
    'Exit codes: 0 done or nothing wrong; 1 findings or survivors; 2 wrong usage or a broken configuration;',
    '            3 something could not be observed; 4 refused.',
    '',
  ].join('\n');

export const commandHelp = (command: Command): string =>
  [
    `rigtop ${command.name}: ${command.summary}`,
    '',
    `Usage: ${synopsis(command)} [FLAG...]`,
    ...(command.details.length === 0 ? [] : ['', ...command.details.map(line => `  ${line}`.trimEnd())]),
    ...(Object.keys(command.flags).length === 0 ? [] : ['', 'Flags:', ...flagLines(command.flags)]),
    '',
    'Flags of every command:',
    ...flagLines(GLOBAL_FLAGS),
    '',
  ].join('\n');
