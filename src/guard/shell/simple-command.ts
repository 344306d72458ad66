// Plays one simple command: assignments, aliases, functions, what a shell does itself, and then the program that its first word names. Pure.
import type {Assignment, Command, Word} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {Call, Result, Scope, Text, Variable} from '../call.ts';
import {playVariables} from '../programs/command-options.ts';
import {programNamed} from '../programs/program-table.ts';
import {runThrough} from '../programs/run-through.ts';
import {runScriptFile} from '../programs/script-files.ts';
import {DECODED, hiddenText, NOT_FOLLOWED, NOTHING, undecided} from '../results.ts';
import {assign} from './assign.ts';
import {builtinNamed} from './builtins.ts';
import {expandWords, textOf} from './expand-words.ts';
import {playText} from './inner-scripts.ts';
import {ENDING_FILE} from './redirect.ts';
import {fork} from './scope.ts';
import type {Expander} from './variables.ts';

/** The parts of playing a script that call each other. */
export interface Player {
  readonly base: Pick<Call, 'facts' | 'caller' | 'verdicts'>;
  callIn(scope: Scope): Call;
  callFor(call: Pick<Call, 'name' | 'args' | 'stdin' | 'scope' | 'shown'>): Call;
  expanderOf(scope: Scope): Expander;
  runText(text: string, scope: Scope, stdin: Text | null): Result;
  /** The body of a function, as the scope keeps it. */
  runBody(body: unknown, scope: Scope, stdin: Text | null): Result;
}

const DECLARES = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

const LONGEST_SHOWN = 160;

const shownAs = (words: readonly Text[]): string =>
  words
    .map(word => (word.known ? word.value : '…'))
    .join(' ')
    .slice(0, LONGEST_SHOWN);

const isAssignment = (part: {readonly type: string}): part is Assignment => part.type === 'Assignment';

/** `NAME=value` behind a command is a word to most programs. */
const argument = (part: Word | Assignment, expander: Expander): readonly Text[] => {
  if (!isAssignment(part)) {
    return expandWords([part], expander);
  }
  if (part.value.type === 'ArrayValue') {
    return [unknown(`${part.name} is a list`)];
  }
  const value = textOf(part.value, expander);
  return [value.known ? known(`${part.name}=${value.value}`) : value];
};

const restore = (scope: Scope, kept: readonly (readonly [string, Variable | undefined])[]): void => {
  for (const [name, before] of kept) {
    if (before === undefined) {
      scope.variables.delete(name);
    } else {
      scope.variables.set(name, before);
    }
  }
};

/** In a function what it declares for itself hides what is outside of it, until it is done. */
const hide = ({hidden, variables}: Scope, declares: string, {name}: Assignment | {readonly name: string}): void => {
  if (/^(?:local|declare|typeset)$/.test(declares) && !hidden.has(name)) {
    hidden.set(name, variables.get(name));
  }
};

const callFunction = (body: unknown, args: readonly Text[], scope: Scope, stdin: Text | null, player: Player): Result => {
  const inner: Scope = {...scope, args, inLoop: false, depth: scope.depth + 1, hidden: new Map()};
  const result = player.runBody(body, inner, stdin);
  scope.cwd = inner.cwd;
  restore(scope, [...inner.hidden]);
  return {out: result.out, status: null};
};

const textOfVariable = (scope: Scope, name: string): string | undefined => {
  const value = scope.variables.get(name)?.values[0];
  return value?.known === true ? value.value : undefined;
};

/** A file that the command has written under the program's name, where it has also said where programs are looked for. */
const madeInPath = ({scope, caller}: Call, name: string): string | null =>
  name.includes('/') || textOfVariable(scope, 'PATH') === caller.variables.get('PATH')
    ? null
    : ([...scope.written.keys()].find(path => path.endsWith(`/${name}`)) ?? null);

/** They only look at the files that they name. */
const READERS = new Set([
  'cat',
  'head',
  'tail',
  'ls',
  'stat',
  'grep',
  'egrep',
  'rg',
  'wc',
  'file',
  'test',
  '[',
  'echo',
  'printf',
  'cd',
  'readlink',
  'realpath',
]);

/** `isShell`: the shell itself reads the words, and looks among its functions first. */
const runWords = (words: readonly Text[], scope: Scope, stdin: Text | null, player: Player, isShell: boolean): Result => {
  const [named, ...args] = words;
  // `=kill` is the path of it to zsh.
  const first = named?.known === true && /^=\w/.test(named.value) ? known(named.value.slice(1)) : named;
  if (first === undefined) {
    return NOTHING;
  }
  const shown = shownAs(words);
  if (!first.known) {
    const call = player.callFor({name: '', args, stdin, scope, shown});
    // What the command has put together itself, in a way that is not followed, may be anything that stands in it.
    return first.because === DECODED || first.because.endsWith(NOT_FOLLOWED) ? hiddenText(call, first.because) : runUnknown(call);
  }
  const body = isShell ? scope.functions.get(first.value) : undefined;
  if (body !== undefined) {
    return callFunction(body, args, scope, stdin, player);
  }
  const call = player.callFor({name: baseName(first.value), args, stdin, scope, shown});
  const program = first.value.includes('/') ? null : builtinNamed(first.value);
  const file = READERS.has(call.name) ? undefined : args.find(arg => arg.known && ENDING_FILE.test(arg.value));
  if (file?.known === true) {
    undecided(call, `writing to ${file.value} ends or freezes whatever is in it`);
  }
  const found = program ?? programNamed(call.name);
  const made = isShell && program === null ? madeInPath(call, first.value) : null;
  if (made !== null) {
    runScriptFile(call, made, args);
  }
  if (program === null) {
    playVariables(call);
  }
  if (found !== null) {
    return found(call);
  }
  const otherwise = isShell ? scope.functions.get('command_not_found_handle') : undefined;
  if (otherwise !== undefined) {
    return callFunction(otherwise, words, scope, stdin, player);
  }
  return first.value.includes('/') ? runScriptFile(call, first.value, args) : runThrough(call);
};

/** `$SHELL -c 'pkill node'`: whatever it is, it is given a text that a shell would be given. */
const runUnknown = (call: Call): Result => {
  const [option, text] = call.args;
  const isText = option?.known === true && /^-\w*c$/.test(option.value) && text?.known === true;
  return isText ? call.runText(text.value, fork(call.scope), call.stdin) : runThrough(call);
};

/** Attributes by which a variable makes another text of what it is given: sums, capitals, references, padding. */
const CHANGES = /^-[a-zA-Z]*[iulcnEFLRZ]/;
const SUMS_ALONE = /^-[igrxU]+$/;

const setChanging = (scope: Scope, name: string, isKept: boolean): void => {
  const {values: [value] = []} = scope.variables.get(name) ?? {};
  const kept = isKept && value?.known === true && /^(?:0|-?[1-9]\d*)?$/.test(value.value);
  scope.variables.set(name, {
    values: [kept ? value : unknown(`what ${name} is declared to make of it ${NOT_FOLLOWED}`)],
    isArray: false,
    changes: true,
  });
};

/** `local`, `declare` and their like: what is not known must not leave an older value standing. */
const declare = ({name, args}: Command, scope: Scope, expander: Expander): void => {
  const word = name?.value ?? '';
  const options = args.flatMap(each => (!isAssignment(each) && /^-/.test(each.value) ? [each.value] : []));
  const isChanging = /^(?:declare|typeset|local)$/.test(word) && options.some(each => CHANGES.test(each));
  const isSum = options.every(each => SUMS_ALONE.test(each));
  for (const each of args) {
    let named = '';
    if (isAssignment(each)) {
      hide(scope, word, each);
      assign(each, scope, expander);
      named = each.name;
    } else {
      const text = textOf(each, expander);
      named = text.known ? text.value : '';
      playText(named, expander.substitute);
    }
    if (isChanging && /^\w+$/.test(named)) {
      const [target] = scope.variables.get(named)?.values ?? [];
      // Whoever a reference stands for changes with it.
      if (!isSum && target?.known === true && /^[A-Za-z_]\w*$/.test(target.value)) {
        setChanging(scope, target.value, false);
      }
      setChanging(scope, named, isSum);
    }
  }
};

/** Words that stand for themselves, as an alias must. */
const aliasOf = ({name}: Command, scope: Scope): string | undefined =>
  name === undefined || /['"\\$]/.test(name.text) ? undefined : scope.aliases.get(name.text);

/** A command as it stands in a script, or words that a program would run. */
export const runSimple = (
  command: Command | {readonly words: readonly Text[]},
  scope: Scope,
  stdin: Text | null,
  player: Player,
): Result => {
  if ('words' in command) {
    return runWords(command.words, scope, stdin, player, false);
  }
  const assignments = command.prefix.filter(isAssignment);
  if (command.name === undefined) {
    for (const each of assignments) {
      assign(each, scope, player.expanderOf(scope));
    }
    // `$(< file)` is what stands in the file.
    const feeds = assignments.length === 0 && command.redirects.length > 0;
    return feeds && stdin !== null ? {out: stdin, status: null} : NOTHING;
  }
  const alias = aliasOf(command, scope);
  if (alias !== undefined) {
    // A shell without a prompt, and one that has read the whole line already, takes no alias: both may come.
    const inner = {...scope, aliases: new Map([...scope.aliases].filter(([name]) => name !== command.name?.text))};
    const plain = runSimple(command, {...fork(inner), depth: inner.depth + 1}, stdin, player);
    const {out, status} = player.runText([alias, ...command.args.map(({text}) => text)].join(' '), inner, stdin);
    const isSame = out.known && plain.out.known && out.value === plain.out.value && status === plain.status;
    return isSame ? plain : {out: unknown(`whether ${command.name?.text} is an alias is not known`), status: null};
  }
  const expander = player.expanderOf(scope);
  if (DECLARES.has(command.name.value)) {
    declare(command, scope, expander);
    return NOTHING;
  }
  const words = [...expandWords([command.name], expander), ...command.args.flatMap(part => argument(part, expander))];
  if (assignments.length === 0) {
    return runWords(words, scope, stdin, player, true);
  }
  const kept: [string, Variable | undefined][] = assignments.map(({name}) => [name, scope.variables.get(name)]);
  for (const each of assignments) {
    assign(each, scope, expander);
  }
  const result = runWords(words, scope, stdin, player, true);
  restore(scope, kept);
  return result;
};
