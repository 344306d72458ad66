// Help for the program and for each command, from the command table. Pure.
import type {Command, FlagTable} from './command.ts';
import {GLOBAL_FLAGS, PROGRAM_FLAGS} from './flags.ts';

/** Of every line of a help. */
const HELP_WIDTH = 100;

/** Lines of at most `width` characters, broken at spaces; a longer word stands alone. */
const wrapped = (text: string, width: number): readonly string[] =>
  (text.match(new RegExp(`\\S(?:.{0,${width - 1}}(?=\\s|$)|\\S*)`, 'g')) ?? []).map(line => line.trimEnd());

/** Wider first columns have their text on the next line. */
const WIDEST = 30;

const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(8, ...rows.map(([left]) => left.length).filter(length => length <= WIDEST));
  const beside = ' '.repeat(width);
  return rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrapped(right, HELP_WIDTH - width - 4);
    const head = left.length > WIDEST ? [`  ${left}`, `  ${beside}  ${first}`] : [`  ${left.padEnd(width)}  ${first}`.trimEnd()];
    return [...head, ...more.map(line => `  ${beside}  ${line}`)];
  });
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
    'Exit codes: 0 done or nothing wrong; 1 findings or survivors; 2 wrong usage or a broken',
    '            configuration; 3 something could not be observed; 4 refused.',
    '',
  ].join('\n');

export const commandHelp = (command: Command): string =>
  [
    ...wrapped(`rigtop ${command.name}: ${command.summary}`, HELP_WIDTH),
    '',
    `Usage: ${synopsis(command)} [FLAG...]`,
    ...(command.details.length === 0 ? [] : ['', ...wrapped(command.details.join(' '), HELP_WIDTH - 2).map(line => `  ${line}`)]),
    ...(Object.keys(command.flags).length === 0 ? [] : ['', 'Flags:', ...flagLines(command.flags)]),
    '',
    'Flags of every command:',
    ...flagLines(GLOBAL_FLAGS),
    '',
  ].join('\n');
