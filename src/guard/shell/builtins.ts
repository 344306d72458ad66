// What a shell does itself, as far as it changes what the rest of a command comes to. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Program, Result, Scope} from '../call.ts';
import {type Options, parseOptions} from '../programs/options.ts';
import {answer, fileOf, hiddenText, missingScript, NOT_FOLLOWED, NOTHING, OWN_SHELL, pathOf, wordsOf} from '../results.ts';
import {compared} from './choices.ts';
import {separatorOf} from './fields.ts';
import {forgetSums} from './inner-scripts.ts';
import {fork, setText} from './scope.ts';

const changeDirectory: Program = ({args, scope, caller}) => {
  const words = args.filter(arg => !arg.known || !/^-[LPe@]+$|^--$/.test(arg.value));
  const [target = known(caller.home)] = words;
  if (!target.known || target.value === '-') {
    scope.cwd = target.known ? unknown('`cd -` is not followed') : target;
    return NOTHING;
  }
  scope.cwd = pathOf(scope, target.value);
  return NOTHING;
};

const READ = unknown('it is read while the command runs');

const unset: Program = ({args, scope}) => {
  for (const arg of args) {
    const [, list] = (arg.known && /^(\w+)\[/.exec(arg.value)) || [];
    if (list !== undefined) {
      scope.variables.set(list, {values: [unknown(`a list without one of its own ${NOT_FOLLOWED}`)], isArray: true});
    } else if (arg.known) {
      setText(scope, arg.value, known(''));
      scope.functions.delete(arg.value);
    }
  }
  return NOTHING;
};

/** `read A B`: the first line, parted at separators; the last name takes the rest, or with `-a` one name all as a list. */
const read: Program = ({args, stdin, scope}) => {
  const words = args.flatMap(arg => (arg.known ? [arg.value] : []));
  const options = parseOptions(words, {short: 'pdnNtuia'});
  const line = stdin?.known === true ? lineOf(stdin.value, options) : null;
  const [list] = options.all('a');
  if (list !== undefined) {
    const parts = line === null ? [READ] : line.split(separatorOf(scope)).filter(part => part !== '');
    scope.variables.set(list, {values: parts.map(part => (typeof part === 'string' ? known(part) : part)), isArray: true});
    return NOTHING;
  }
  if (options.rest.length === 0) {
    setText(scope, 'REPLY', line === null ? READ : known(line));
    return NOTHING;
  }
  const parts = line === null ? [] : partedFor(line, separatorsOf(scope), options.rest.length);
  for (const [at, name] of options.rest.entries()) {
    setText(scope, name, line === null ? READ : known(parts[at] ?? ''));
  }
  return NOTHING;
};

/** What it reads, up to its delimiter or number of signs; null where that is not followed. */
const lineOf = (text: string, {all, has}: Options): string | null => {
  const [delimiter = '\n'] = all('d');
  const [count] = all('n', 'N');
  const line = text.split(delimiter === '' ? '\0' : delimiter.charAt(0))[0] ?? '';
  return has('u') || (!has('r') && line.includes('\\')) ? null : line.slice(0, count === undefined ? undefined : Number(count));
};

const separatorsOf = (scope: Scope): string => {
  const set = scope.variables.get('IFS')?.values[0];
  return set?.known === true ? set.value : ' \t\n';
};

/** Blanks among the separators count as one, every other for itself; the last part keeps its own. */
const partedFor = (line: string, separators: string, count: number): readonly string[] => {
  const classOf = (signs: string): string => (signs === '' ? '(?!)' : `[${signs.replace(/[\\\]^-]/g, '\\$&')}]`);
  const blank = classOf([...separators].filter(sign => /\s/.test(sign)).join(''));
  const other = classOf([...separators].filter(sign => !/\s/.test(sign)).join(''));
  const parting = new RegExp(`(?:${blank}*${other}${blank}*|${blank}+)`);
  const parts: string[] = [];
  let rest = line.replace(new RegExp(`^${blank}+`), '');
  while (parts.length < count - 1 && rest !== '') {
    const found = parting.exec(rest);
    parts.push(rest.slice(0, found?.index));
    rest = found === null ? '' : rest.slice(found.index + found[0].length);
  }
  const last = rest.replace(new RegExp(`${blank}+$`), '');
  // A separator behind the last part alone is dropped.
  const isAlone = last.split(new RegExp(other)).length === 2;
  return [...parts, isAlone ? last.replace(new RegExp(`${blank}*${other}$`), '') : last];
};

/** `-C TEXT`: what is called for each line, or for completions. */
const playCallback = (call: Call): Options => {
  const options = parseOptions(
    call.args.flatMap(arg => (arg.known ? [arg.value] : [])),
    {short: 'dnOsuCcAFGWPSXo'},
  );
  for (const text of options.all('C')) {
    call.runText(text, call.scope, null);
  }
  return options;
};

/** `mapfile NAME`: every line as a list. */
const mapFile: Program = call => {
  const {stdin, scope} = call;
  const [name = 'MAPFILE'] = playCallback(call).rest;
  const rows = stdin?.known === true ? stdin.value.replace(/\n$/, '').split('\n').map(known) : [READ];
  scope.variables.set(name, {values: rows, isArray: true});
  return NOTHING;
};

const alias: Program = ({args, scope}) => {
  for (const arg of args) {
    const match = arg.known ? /^([^=]+)=([\s\S]*)$/.exec(arg.value) : null;
    if (match !== null) {
      scope.aliases.set(match[1] ?? '', match[2] ?? '');
    }
  }
  return NOTHING;
};

/** `integer NAME=SUM` of zsh. */
const numbers: Program = ({args, scope}) => {
  for (const arg of args) {
    const [name = ''] = arg.known ? arg.value.split('=') : [];
    scope.variables.set(name, {values: [unknown(`a sum ${NOT_FOLLOWED}`)], isArray: false, changes: true});
  }
  return NOTHING;
};

/** `hash -p PATH NAME`: the name stands for the path. */
const hash: Program = ({args, scope}) => {
  const [path = '', name = ''] = args.flatMap(arg => (arg.known && arg.value !== '-p' ? [arg.value] : []));
  scope.aliases.set(name, path);
  return NOTHING;
};

const evaluate: Program = call => {
  const words = wordsOf(call.args);
  return words.known ? call.runText(words.value.join(' '), call.scope, call.stdin) : hiddenText(call, words.because);
};

const source: Program = call => {
  const [path, ...args] = call.args;
  const place = path?.known === true ? pathOf(call.scope, path.value) : unknown('which file is not known');
  const text = place.known ? fileOf(call, place.value) : place;
  if (!text.known) {
    // A file that is too long is somebody's set-up; what the command itself feeds in is not.
    return place.known && !/^\/(?:dev|proc)\//.test(place.value) ? NOTHING : hiddenText(call, text.because);
  }
  if (text.value === null) {
    return missingScript(call, place.known ? place.value : '');
  }
  const before = call.scope.args;
  call.scope.args = args.length > 0 ? args : before;
  const result = call.runText(text.value, call.scope, call.stdin);
  call.scope.args = before;
  return result;
};

const setArguments: Program = ({args, scope}) => {
  const at = args.findIndex(arg => arg.known && arg.value === '--');
  if (at >= 0) {
    scope.args = args.slice(at + 1);
  }
  return NOTHING;
};

const sum: Program = ({args, scope}) => {
  for (const arg of args) {
    forgetSums(arg.known ? arg.value : '', scope);
  }
  return NOTHING;
};

const shift: Program = ({args, scope}) => {
  const [count] = args;
  scope.args = scope.args.slice(count?.known === true ? Number(count.value) : 1);
  return NOTHING;
};

/** Events that come in the middle. */
const BETWEEN = /^(?:SIG)?(?:DEBUG|ERR|RETURN)$/i;

/**
 * It runs as the shell ends, with what the shell knows by then. The shell can end before, too: whom it would end with what is known so far counts
 * as well, while what is not known so far does not matter yet.
 */
const trap: Program = call => {
  const [text, ...events] = call.args.filter(arg => !arg.known || arg.value !== '--');
  const run = (): unknown => (text?.known === true ? call.runText(text.value, {...call.scope}, null) : undefined);
  const isReset = text?.known !== true || /^-|^$/.test(text.value) || events.length === 0;
  for (const event of events.map(each => (each.known ? each.value : ''))) {
    call.scope.traps.delete(event);
    if (!isReset) {
      call.scope.traps.set(event, run);
      call.verdicts.traps.add(call.scope.traps);
    }
  }
  if (!isReset) {
    const before = new Map(call.verdicts.undecided);
    run();
    if (!events.some(event => event.known && BETWEEN.test(event.value))) {
      call.verdicts.undecided.clear();
      for (const [key, doubt] of before) {
        call.verdicts.undecided.set(key, doubt);
      }
    }
  }
  return NOTHING;
};

/** Tests whose answer does not depend on the machine. */
const test: Program = ({args, scope}) => {
  const words = wordsOf(args.filter(arg => !arg.known || arg.value !== ']'));
  // In a loop without an end in sight it may be another thing the next time.
  if (!words.known || scope.repeats) {
    return NOTHING;
  }
  const [a = '', b, c = ''] = words.value;
  const verdict = (yes: boolean): Result => answer('', yes ? 0 : 1);
  if (words.value.length === 1) {
    return verdict(a !== '');
  }
  if (words.value.length === 2 && (a === '-n' || a === '-z')) {
    return verdict((a === '-n') === (b !== ''));
  }
  if (words.value.length !== 3 || b === undefined) {
    return NOTHING;
  }
  const held = /^(?:=|==|!=)$/.test(b) ? (b === '!=') !== (a === c) : compared(a, b, c);
  return held === null ? NOTHING : verdict(held);
};

/** `a[$(…)]` as a word: a subscript is expanded once more by whoever takes a name. */
const withSubscripts =
  (program: Program): Program =>
  call => {
    for (const arg of call.args) {
      if (arg.known && /\[[^\]]*(?:\$\(|`)/.test(arg.value)) {
        call.runText(`: "${arg.value.replaceAll('"', '\\"')}"`, fork(call.scope), null);
      }
    }
    return program(call);
  };

const completions: Program = call => {
  playCallback(call);
  return NOTHING;
};

/** In a loop without an end in sight it may go on another time; `break 2` leaves more than one. Outside of a loop it is an error, and no end. */
const leave =
  (leaves: 'round' | 'loop'): Program =>
  ({args, scope}) =>
    scope.inLoop && !scope.repeats && args.length === 0 ? {...NOTHING, leaves} : NOTHING;

const BUILTINS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['cd', changeDirectory],
  ['pushd', changeDirectory],
  ['unset', withSubscripts(unset)],
  ['read', withSubscripts(read)],
  ['mapfile', mapFile],
  ['readarray', mapFile],
  ['complete', completions],
  ['compgen', completions],
  ['let', withSubscripts(sum)],
  ['alias', alias],
  ['hash', hash],
  ['eval', evaluate],
  ['source', source],
  ['.', source],
  ['integer', numbers],
  ['float', numbers],
  ['set', setArguments],
  ['shift', shift],
  ['trap', trap],
  ['test', withSubscripts(test)],
  ['[', withSubscripts(test)],
  ['true', () => answer('', 0)],
  [':', () => answer('', 0)],
  ['false', () => answer('', 1)],
  ['jobs', () => answer(`${OWN_SHELL}\n`)],
  ['wait', () => NOTHING],
  ['continue', leave('round')],
  ['break', leave('loop')],
]);

export const builtinNamed = (name: string): Program | null => BUILTINS.get(name) ?? null;
