// Completion scripts for bash, zsh and fish, from the command table. Pure.
import type {Command, FlagTable} from './command.ts';
import {GLOBAL_FLAGS, PROGRAM_FLAGS} from './flags.ts';
import type {SHELLS} from './shell-names.ts';

const allFlags = (command: Command): FlagTable => ({...GLOBAL_FLAGS, ...command.flags});
const flagWords = (flags: FlagTable): string =>
  Object.keys(flags)
    .map(name => `--${name}`)
    .join(' ');

/** Flags whose value is one of a few words, over all commands. */
const choiceFlags = (commands: readonly Command[]): readonly (readonly [string, readonly string[]])[] => {
  const flags: FlagTable = Object.assign({}, GLOBAL_FLAGS, ...commands.map(command => command.flags));
  return Object.entries(flags).flatMap(([name, {choices, suggests}]) => {
    const words = choices ?? suggests;
    return words === undefined ? [] : [[name, words] as const];
  });
};

const PATH_FLAGS = ['config', 'town', 'repo', 'socket'];
const VALUE_FLAGS = (commands: readonly Command[]): readonly string[] => {
  const flags: FlagTable = Object.assign({}, GLOBAL_FLAGS, ...commands.map(command => command.flags));
  return Object.entries(flags)
    .filter(([, {type}]) => type === 'string')
    .map(([name]) => `--${name}`);
};

/** A word of a shell script in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const bash = (commands: readonly Command[]): string => `# bash completion of rigtop: source <(rigtop completion bash)
_rigtop() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= index
  COMPREPLY=()
  case $previous in
${choiceFlags(commands)
  .map(([name, choices]) => `    --${name}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$current")); return ;;`)
  .join('\n')}
    ${PATH_FLAGS.map(name => `--${name}`).join('|')}) compopt -o default; return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${VALUE_FLAGS(commands).join('|')}) ((index++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[index]}; break ;;
    esac
  done
  case $command in
    '') words=${quoted(`${commands.map(({name}) => name).join(' ')} ${flagWords({...GLOBAL_FLAGS, ...PROGRAM_FLAGS})}`)} ;;
${commands
  .map(command => `    ${command.name}) words=${quoted([...(command.words ?? []), flagWords(allFlags(command))].join(' '))} ;;`)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _rigtop rigtop
`;

/** zsh's _arguments and _describe read a colon as their own separator. */
const described = (name: string, summary: string): string => quoted(`${name.replaceAll(':', '\\:')}:${summary.replaceAll(':', '\\:')}`);

const zshFlag = ([name, {short, multiple, value, suggests, choices = suggests, summary}]: readonly [string, FlagTable[string]]): string => {
  const text = summary.replaceAll(/[[\]:]/g, '\\$&');
  const free = PATH_FLAGS.includes(name) ? '_files' : ' ';
  const action = choices === undefined ? free : `(${choices.join(' ')})`;
  const argument = value === undefined ? '' : `:${value.replaceAll(':', '\\:')}:${action}`;
  const star = multiple === true ? '*' : '';
  const long = quoted(`${star}--${name}${value === undefined ? '' : '='}[${text}]${argument}`);
  return short === undefined ? long : `${long} ${quoted(`-${short}[${text}]`)}`;
};

const zsh = (commands: readonly Command[]): string => `#compdef rigtop
# zsh completion of rigtop: rigtop completion zsh > "\${fpath[1]}/_rigtop"
_rigtop() {
  local -a commands common
  local context state line
  commands=(
${commands.map(({name, summary}) => `    ${described(name, summary)}`).join('\n')}
  )
  common=(
${Object.entries(GLOBAL_FLAGS as FlagTable)
  .map(flag => `    ${zshFlag(flag)}`)
  .join('\n')}
  )
  _arguments -C $common ${Object.entries(PROGRAM_FLAGS as FlagTable)
    .map(zshFlag)
    .join(' ')} '1: :->command' '*:: :->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $words[1] in
${commands
  .map(command => {
    const flags = Object.entries(command.flags).map(zshFlag).join(' ');
    const values = command.words === null ? '' : ` '1:word:(${command.words.join(' ')})'`;
    return `        ${command.name}) _arguments $common ${flags}${values} ;;`.replace(/ {2,};;/, ' ;;');
  })
  .join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = _rigtop ]; then _rigtop "$@"; else compdef _rigtop rigtop; fi
`;

const fishFlag = (name: string, {short, value, suggests, choices = suggests, summary}: FlagTable[string], condition: string): string => {
  const words = choices === undefined ? ' -r' : ` -x -a ${quoted(choices.join(' '))}`;
  const argument = value === undefined ? '' : words;
  const files = PATH_FLAGS.includes(name) ? ' -F' : '';
  return `complete -c rigtop${condition} -l ${name}${short === undefined ? '' : ` -s ${short}`}${argument}${files} -d ${quoted(summary)}`;
};

const fish = (commands: readonly Command[]): string =>
  [
    '# fish completion of rigtop: rigtop completion fish > ~/.config/fish/completions/rigtop.fish',
    'complete -c rigtop -f',
    ...Object.entries(GLOBAL_FLAGS as FlagTable).map(([name, flag]) => fishFlag(name, flag, '')),
    ...Object.entries(PROGRAM_FLAGS as FlagTable).map(([name, flag]) => fishFlag(name, flag, ' -n __fish_use_subcommand')),
    ...commands.flatMap(({name, summary, flags, words}) => {
      const within = ` -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return [
        `complete -c rigtop -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
        ...(words === null ? [] : [`complete -c rigtop${within} -a ${quoted(words.join(' '))}`]),
        ...Object.entries(flags).map(([flag, spec]) => fishFlag(flag, spec, within)),
      ];
    }),
    '',
  ].join('\n');

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly Command[]) => string>> = {bash, zsh, fish};

/** Ends in a newline. */
export const completionScript = (shell: (typeof SHELLS)[number], commands: readonly Command[]): string => SCRIPTS[shell](commands);
