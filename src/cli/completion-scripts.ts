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

/** Words of the first argument, or all commands for the one that explains them. */
const argumentWords = (command: Command, commands: readonly Command[]): readonly string[] =>
  command.name === 'help' ? commands.map(({name}) => name) : (command.words ?? []);

// compgen expands what it is given, and a name that somebody else has chosen may hold a command: live words are compared, never expanded.
const bash = (commands: readonly Command[]): string => `# bash completion of rigtop: source <(rigtop completion bash)
_rigtop() {
  local piece=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} word command= words= live= candidate index
  # What bash has broken at : and = is one word.
  word=$piece
  if [ -n "$COMP_LINE" ]; then word=\${COMP_LINE:0:COMP_POINT}; word=\${word##*[[:space:]]}; fi
  case $piece in :|=) piece= ;; esac
  case $word in --*=*) previous=\${word%%=*}; word=\${word#*=} ;; esac
  COMPREPLY=()
  case $previous in
${choiceFlags(commands)
  .map(([name, choices]) => `    --${name}) COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$word")); return ;;`)
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
  .map(command => {
    const words = quoted([...argumentWords(command, commands), flagWords(allFlags(command))].join(' '));
    return `    ${command.name}) words=${words}${command.names === null ? '' : ' live=1'} ;;`;
  })
  .join('\n')}
  esac
  if [ -n "$live" ]; then
    case $word in
      -*) ;;
      *) while read -r candidate _; do
          case $candidate in "$word"*) COMPREPLY+=("\${candidate#"\${word%"$piece"}"}") ;; esac
        done < <("\${1:-rigtop}" completion --for "$command" 2>/dev/null)
        if [ \${#COMPREPLY[@]} -gt 0 ]; then return; fi ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
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
_rigtop_live() {
  local -a live
  live=(\${(f)"$(rigtop completion --for $1 2>/dev/null)"})
  live=(\${live//:/\\\\:})
  live=(\${live/ /:})
  _describe -t references reference live
}
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
    const words = argumentWords(command, commands);
    const live = command.names === null ? '' : ` '*:what is there:{_rigtop_live ${command.name}}'`;
    const values = words.length === 0 ? live : ` '1:word:(${words.join(' ')})'`;
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
    ...commands.flatMap(command => {
      const {name, summary, flags, names} = command;
      const words = argumentWords(command, commands);
      const within = ` -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return [
        `complete -c rigtop -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
        ...(words.length === 0 ? [] : [`complete -c rigtop${within} -a ${quoted(words.join(' '))}`]),
        ...(names === null
          ? []
          : [`complete -c rigtop${within} -a '(rigtop completion --for ${name} 2>/dev/null | string replace " " \\t)'`]),
        ...Object.entries(flags).map(([flag, spec]) => fishFlag(flag, spec, within)),
      ];
    }),
    '',
  ].join('\n');

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly Command[]) => string>> = {bash, zsh, fish};

/** Ends in a newline. */
export const completionScript = (shell: (typeof SHELLS)[number], commands: readonly Command[]): string => SCRIPTS[shell](commands);
