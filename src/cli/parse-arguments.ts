// argv → command, flags and arguments, or a failure that says what to type instead. Pure.
import {parseArgs} from 'node:util';
import {closestWord} from '../core/domain/spelling.ts';
import {firstOf} from '../words/counts.ts';
import type {Command, FlagTable, GlobalFlags, Options} from './command.ts';
import {type Failure, wrongUsage} from './failure.ts';
import {GLOBAL_FLAGS, PROGRAM_FLAGS} from './flags.ts';
import type {ColorChoice} from './paint.ts';

export interface Parsed {
  /** Null: the program itself was called. */
  readonly command: Command | null;
  readonly help: boolean;
  readonly version: boolean;
  readonly flags: GlobalFlags;
  readonly options: Options;
  readonly args: readonly string[];
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

const parseOptions = (table: FlagTable) =>
  Object.fromEntries(
    Object.entries(table).map(([name, {type, short, multiple}]) => [
      name,
      {type, ...(short === undefined ? {} : {short}), ...(multiple === undefined ? {} : {multiple})},
    ]),
  );

const listOf = (value: Values[string]): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string');

const optionsOf = (values: Values): Options => ({
  isSet: name => values[name] === true,
  text: name => listOf(values[name])[0],
  list: name => listOf(values[name]),
});

const globalFlags = (values: Values): GlobalFlags => ({
  config: listOf(values.config)[0],
  readOnly: values['read-only'] === true,
  json: values.json === true,
  towns: listOf(values.town),
  repos: listOf(values.repo),
  sockets: listOf(values.socket),
  color: (listOf(values.color)[0] ?? 'auto') as ColorChoice,
});

/** The first word that is no flag and no flag's value. Flags of every command are known here, so that `--grace 2s kill x` finds `kill`. */
const findCommand = (argv: readonly string[], commands: readonly Command[]): {readonly word: string; readonly at: number} | null => {
  const every = Object.assign({}, GLOBAL_FLAGS, PROGRAM_FLAGS, ...commands.map(command => command.flags)) as FlagTable;
  const {tokens} = parseArgs({args: [...argv], options: parseOptions(every), strict: false, allowPositionals: true, tokens: true});
  const word = tokens.find(token => token.kind === 'positional');
  return word === undefined ? null : {word: word.value, at: word.index};
};

const MOST_OWNERS = 3;

/** Whose flag a word is: of other commands, or of the program itself. */
const ownersOf = (word: string, commands: readonly Command[]): readonly string[] => {
  const has = (flags: FlagTable): boolean => Object.entries(flags).some(([name, {short}]) => word === name || word === short);
  const owners = commands.filter(({flags}) => has(flags)).map(({name}) => `rigtop ${name}`);
  return has(PROGRAM_FLAGS) ? ['rigtop without a command', ...owners] : owners;
};

/** Node's own words, shortened: `Unknown option '--jsno'. To specify a positional argument …`. */
const badOption = ({message}: Error, table: FlagTable, place: string, commands: readonly Command[]): Failure => {
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown === undefined) {
    const valueless = /^Option '(--[\w-]+)[^']*' argument (?:is ambiguous|missing)/.exec(message)?.[1];
    if (valueless !== undefined) {
      return wrongUsage(`${valueless} needs a value`, `${place} --help says which`);
    }
    const [first = message] = message.split(/\.\s|\n/);
    return wrongUsage(first.replace(/^Option /, 'flag ').replace(/\.$/, ''), `${place} --help lists its flags`);
  }
  const word = unknown.replace(/^-+/, '');
  const owners = ownersOf(word, commands);
  if (owners.length > 0) {
    return wrongUsage(`unknown flag ${unknown}`, `it belongs to ${firstOf(owners, MOST_OWNERS)}`);
  }
  const close =
    word.length === 1 ? (Object.keys(table).find(name => name.startsWith(word)) ?? null) : closestWord(word, Object.keys(table));
  return wrongUsage(`unknown flag ${unknown}`, close === null ? `${place} --help lists its flags` : `did you mean --${close}?`);
};

const checkChoices = (values: Values, table: FlagTable): Failure | null => {
  for (const [name, {choices}] of Object.entries(table)) {
    const wrong = choices === undefined ? undefined : listOf(values[name]).find(value => !choices.includes(value));
    if (choices !== undefined && wrong !== undefined) {
      return wrongUsage(`--${name} cannot be "${wrong}"`, `it is one of ${choices.join(', ')}`);
    }
  }
  return null;
};

const checkArity = ({name, usage, arity: [fewest, most]}: Command, args: readonly string[]): Failure | null => {
  const spare = args[most];
  if (args.length < fewest) {
    return wrongUsage(`rigtop ${name} needs ${usage.split(' ')[args.length] ?? usage}`, `usage: rigtop ${name} ${usage}`);
  }
  return spare === undefined ? null : wrongUsage(`rigtop ${name} cannot use "${spare}"`, `usage: rigtop ${name} ${usage}`.trimEnd());
};

/** What other programs call what is meant. */
const CALLED_ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({ls: 'status', ps: 'status', list: 'status', stop: 'kill', rm: 'kill', logs: 'journal', version: '--version'}),
);

/** Says what was probably meant. */
export const unknownCommand = (word: string, commands: readonly Command[]): Failure => {
  const known = commands.map(({name}) => name);
  const close = CALLED_ELSEWHERE.get(word) ?? closestWord(word, known);
  return wrongUsage(
    `there is no command "${word}"`,
    close === null ? 'rigtop --help lists the commands' : `did you mean "rigtop ${close}"?`,
  );
};

/** Flags may stand before and behind the command; without one the program itself is called. */
export const parseArguments = (argv: readonly string[], commands: readonly Command[]): Parsed | Failure => {
  const found = findCommand(argv, commands);
  const command = found === null ? null : (commands.find(({name}) => name === found.word) ?? null);
  if (found !== null && command === null) {
    return unknownCommand(found.word, commands);
  }
  const table: FlagTable = {...GLOBAL_FLAGS, ...(command === null ? PROGRAM_FLAGS : command.flags)};
  const rest = found === null ? argv : argv.toSpliced(found.at, 1);
  const place = command === null ? 'rigtop' : `rigtop ${command.name}`;
  let values: Values;
  let args: readonly string[];
  try {
    ({values, positionals: args} = parseArgs({args: [...rest], options: parseOptions(table), strict: true, allowPositionals: true}));
  } catch (error) {
    return badOption(error as Error, table, place, commands);
  }
  const help = values.help === true;
  const trouble = checkChoices(values, table) ?? (command === null || help ? null : checkArity(command, args));
  return trouble ?? {command, help, version: values.version === true, flags: globalFlags(values), options: optionsOf(values), args};
};
