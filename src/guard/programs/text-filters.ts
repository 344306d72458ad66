// cat, echo, printf and their like: texts that are piped on, as far as commands pick pids so. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import {baseName, parentDirectory} from '../../core/domain/paths.ts';
import type {Call, Program, Result} from '../call.ts';
import {answer, DECODED, lines, NOT_FOLLOWED, NOTHING, pathOf, unclear, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';
import {inputOf} from './filter-input.ts';
import {LINE_FILTERS} from './line-filters.ts';
import {parseOptions} from './options.ts';
import {ESCAPES, translate} from './translate.ts';

const concatenate: Program = call => {
  const words = wordsOf(call.args);
  const options = parseOptions(words.known ? words.value : [], {short: ''});
  if (!options.only('u')) {
    return unclear('what cat adds is not followed');
  }
  const text = words.known ? inputOf(call, options.rest) : words;
  return text.known ? answer(text.value) : unclear(text.because);
};

/** Letters by their numbers; a lone `\0` only parts words. */
const SPELT = /\\(?:[xuU]|0?[1-7]|0[0-7]{2})/;

const unescaped = (text: string): string =>
  text.replace(/\\(?:0(?![0-7])|([nrt\\]))/g, (_, letter?: string) => (letter === undefined ? '\0' : (ESCAPES.get(letter) ?? letter)));

/** Letters that a backslash gives a meaning, to some shell or other. */
const MEANT = /\\[\\abceEfnrtv0-9xuU]/;

const echo: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const first = words.value.findIndex(word => !/^-[neE]+$/.test(word));
  const options = words.value.slice(0, first < 0 ? undefined : first).join('');
  const text = words.value.slice(first < 0 ? words.value.length : first).join(' ');
  if (options.includes('e') && SPELT.test(text)) {
    return unclear(DECODED);
  }
  if (!/[eE]/.test(options) && MEANT.test(text)) {
    // Bash writes them as they stand, dash and zsh what they mean.
    return {out: unknown(`what echo makes of backslashes ${NOT_FOLLOWED}`), status: 0};
  }
  return answer((options.includes('e') ? unescaped(text) : text) + (options.includes('n') ? '' : '\n'), 0);
};

const print: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const [option, name = '', ...behind] = words.value;
  if (option === '-v') {
    const {out} = print({...call, args: behind.map(known)});
    setText(call.scope, name.replace(/\[.*$/s, ''), out);
    call.runText(`: "${name.replaceAll('"', '\\"')}"`, fork(call.scope), null);
    return NOTHING;
  }
  const [format = '', ...args] = option === '--' ? words.value.slice(1) : words.value;
  const isStrange = args.some(
    arg => (/%[di]/.test(format) && !/^-?(?:0|[1-9]\d*)$/.test(arg)) || (format.includes('%b') && arg.includes('\\')),
  );
  if (isStrange || /%[^sdib%]/.test(format.replaceAll('%%', '')) || SPELT.test(format)) {
    return unclear(SPELT.test(format) ? DECODED : 'what printf writes is not followed');
  }
  const holes = format.match(/%[sdib]/g)?.length ?? 0;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(args.length / holes));
  let at = 0;
  const once = (): string =>
    unescaped(format).replace(/%[sdib%]/g, hole => {
      if (hole === '%%') {
        return '%';
      }
      at += 1;
      return args[at - 1] ?? '';
    });
  return answer(Array.from({length: rounds}, once).join(''), 0);
};

const sequence: Program = call => {
  const words = wordsOf(call.args);
  const [first = 1, last = first, step] = words.known ? words.value.map(Number) : [Number.NaN];
  const start = words.known && words.value.length === 1 ? 1 : first;
  if (step !== undefined || Number.isNaN(start + last) || last - start > 10_000) {
    return unclear('what seq writes is not followed');
  }
  return lines(Array.from({length: Math.max(0, last - start + 1)}, (_, at) => start + at));
};

const decode: Program = call => {
  const isDecoding = call.args.some(arg => arg.known && /^-[a-z]*[dDr]|^--decode/.test(arg.value)) || call.name === 'rev';
  return unclear(isDecoding ? DECODED : `what ${call.name} writes is not followed`);
};

const tee: Program = ({stdin, scope, args}) => {
  const out = stdin ?? known('');
  for (const arg of args) {
    const path = arg.known && !arg.value.startsWith('-') ? pathOf(scope, arg.value) : null;
    if (path?.known === true) {
      scope.written.set(path.value, out);
    }
  }
  return {out, status: null} satisfies Result;
};

/** `pwd`, `dirname`, `basename`, `whoami`, `id -u`: words that stand in for others. */
const word: Program = call => {
  const words = wordsOf(call.args);
  const [path = ''] = words.known ? words.value.map(each => each.replace(/(?<=.)\/+$/, '')) : [];
  if (!words.known) {
    return unclear(words.because);
  }
  switch (call.name) {
    case 'pwd':
      return call.scope.cwd.known ? answer(`${call.scope.cwd.value}\n`, 0) : unclear(call.scope.cwd.because);
    case 'dirname':
      return answer(`${path.includes('/') ? parentDirectory(path) : '.'}\n`, 0);
    case 'basename':
      return words.value.length === 1 ? answer(`${baseName(path)}\n`, 0) : unclear('what basename writes is not followed');
    case 'whoami':
      return answer(`${call.caller.user}\n`, 0);
    default:
      return path === '-u' ? answer(`${call.caller.uid}\n`, 0) : unclear('what id writes is not followed');
  }
};

/** In names that nobody had before; no number, as nobody knows which. */
const fresh = ({verdicts}: Call): string => `new${verdicts.steps}`;

/** `mktemp`: what lies there is what the command itself puts there. */
const temporary: Program = call => {
  const words = wordsOf(call.args);
  const options = parseOptions(words.known ? words.value : [], {
    short: 'p',
    long: ['suffix', 'tmpdir'],
    flags: ['directory', 'dry-run', 'quiet'],
  });
  const [template = 'tmp.XXXXXXXXXX'] = options.rest;
  const [, begin, end] = /^(.*?)X{3,}([^X/]*)$/.exec(template) ?? [];
  if (!words.known || begin === undefined) {
    return unclear('what mktemp writes is not known');
  }
  const moved = call.scope.variables.get('TMPDIR')?.values[0];
  const standard = moved?.known === true ? moved.value : '/tmp';
  const [directory = template.includes('/') || (options.rest.length > 0 && !options.has('t', 'tmpdir')) ? '' : standard] = options.all(
    'p',
    'tmpdir',
  );
  const path = `${directory === '' ? '' : `${directory}/`}${begin}${fresh(call)}${end}${options.all('suffix')[0] ?? ''}`;
  const place = pathOf(call.scope, path);
  if (place.known && !options.has('d', 'directory', 'u', 'dry-run')) {
    call.scope.written.set(place.value, known(''));
  }
  return answer(`${path}\n`, 0);
};

/** The time to the second: no name of before has it. */
const date: Program = call => {
  const words = wordsOf(call.args);
  const format = words.known && words.value.length === 1 ? words.value[0] : undefined;
  return format !== undefined && /^\+[\w%:.-]*(?:%s|%N|%M.?%S|%T|%X)/.test(format)
    ? answer(`${fresh(call)}\n`, 0)
    : unclear('what date writes is not known');
};

export const TEXT_FILTERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['cat', concatenate],
  ...['pwd', 'dirname', 'basename', 'whoami', 'id'].map((name): [string, Program] => [name, word]),
  ...LINE_FILTERS,
  ['tr', translate],
  ['echo', echo],
  ['printf', print],
  ['seq', sequence],
  ['tee', tee],
  ['mktemp', temporary],
  ['date', date],
  ['uuidgen', call => answer(`${fresh(call)}\n`, 0)],
  ['base64', decode],
  ['base32', decode],
  ['xxd', decode],
  ['rev', decode],
  ['openssl', decode],
]);
