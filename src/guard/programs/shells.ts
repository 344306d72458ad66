// Shells: text behind `-c`, a script, or what is fed to them. Pure.
import {known} from '../../core/domain/known.ts';
import type {Call, Program, Result, Scope, Text} from '../call.ts';
import {fileOf, hiddenText, missingScript, NOTHING, pathOf} from '../results.ts';
import {fork} from '../shell/scope.ts';

interface Asked {
  /** `-c`: the first word behind the options is text. */
  readonly isText: boolean;
  /** `-s`: what is fed in is run, whatever words there are. */
  readonly isFed: boolean;
  /** `-n`: it is read and not run. */
  readonly isRead: boolean;
  readonly words: readonly Text[];
}

/** Options up to the first word that is none; `-o NAME` takes the next word, in a cluster too. */
const asked = (args: readonly Text[]): Asked => {
  let [at, isText, isFed, isRead] = [0, false, false, false];
  for (let arg = args[at]; arg?.known === true && /^[-+]/.test(arg.value); arg = args[at]) {
    const word = arg.value;
    at += 1;
    if (word === '--' || word === '-') {
      break;
    }
    if (word.startsWith('--') || /^-(?:rcfile|init-file|no(?:rc|profile|editing)|posix|login)$/.test(word)) {
      at += /^--?(?:rcfile|init-file)$/.test(word) ? 1 : 0;
    } else {
      isText ||= /^-\w*c/.test(word);
      isFed ||= /^-\w*s/.test(word);
      const [next] = /^-\w*o$/.test(word) ? args.slice(at) : [];
      isRead ||= (/^-\w*n/.test(word) && !word.includes('i')) || (next?.known === true && next.value === 'noexec');
      at += word.match(/[oO]/g)?.length ?? 0;
    }
  }
  return {isText, isFed, isRead, words: args.slice(at)};
};

export const shell: Program = call => {
  const {isText, isFed, isRead, words} = asked(call.args);
  if (isRead) {
    return NOTHING;
  }
  startUp(call);
  ownFiles(call);
  const inner = fork(call.scope);
  inner.isZsh = call.name === 'zsh';
  const [first, ...rest] = words;
  if (isText) {
    const [name = known(call.name), ...args] = rest;
    inner.name = name;
    inner.args = args;
    return shellText(call, first ?? known(''), inner);
  }
  if (isFed || first === undefined) {
    inner.args = words;
    return call.stdin === null ? NOTHING : shellText({...call, stdin: null}, call.stdin, inner);
  }
  inner.name = first;
  inner.args = rest;
  const path = first.known ? pathOf(call.scope, first.value) : first;
  const text = path.known ? fileOf(call, path.value) : path;
  if (!text.known) {
    return hiddenText(call, text.because);
  }
  return text.value === null ? missingScript(call, path.known ? path.value : '') : call.runText(text.value, inner, call.stdin);
};

/** Files that a shell reads before all else, and texts that it expands at a prompt. */
const startUp = (call: Call): void => {
  for (const name of ['BASH_ENV', 'ENV', 'PROMPT_COMMAND', 'PS0', 'PS1', 'PS2', 'PS4']) {
    const value = call.scope.variables.get(name)?.values[0];
    if (value?.known === true && name.endsWith('ENV')) {
      const path = pathOf(call.scope, value.value);
      const text = path.known ? fileOf(call, path.value) : path;
      call.runText(text.known ? (text.value ?? '') : '', fork(call.scope), null);
    } else if (value?.known === true) {
      call.runText(name === 'PROMPT_COMMAND' ? value.value : `: "${value.value.replaceAll('"', '\\"')}"`, fork(call.scope), null);
    }
  }
};

/** `--rcfile FILE` and the files of the user, where the command itself has written them. */
const ownFiles = (call: Call): void => {
  const words = call.args.map(arg => (arg.known ? arg.value : ''));
  const named = words.flatMap((word, at) => (/^--?(?:rcfile|init-file)$/.test(word) ? [words[at + 1] ?? ''] : []));
  const home = call.scope.variables.get('HOME')?.values[0];
  const isAsked = words.some(word => /^-\w*[il]|^--login$/.test(word)) || call.name === 'zsh';
  const own =
    isAsked && home?.known === true
      ? ['bashrc', 'profile', 'bash_profile', 'bash_login', 'zshenv', 'zshrc'].map(name => `${home.value}/.${name}`)
      : [];
  for (const each of [...named, ...own]) {
    const path = pathOf(call.scope, each);
    const text = path.known ? call.scope.written.get(path.value) : undefined;
    call.runText(text?.known === true ? text.value : '', fork(call.scope), null);
  }
};

const shellText = (call: Call, text: Text, scope: Scope): Result =>
  text.known ? call.runText(text.value, scope, call.stdin) : hiddenText(call, text.because);
