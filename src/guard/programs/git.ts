// What git is told to run: by its words, by settings and variables, by an alias, by hooks that the command itself has written. Pure.
import type {Call, Program} from '../call.ts';
import {fileOf, hiddenText, unclear} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {commandOption, valuesOf} from './command-options.ts';
import {nearest} from './package-files.ts';

/** Options of git itself with a value. */
const OWN_VALUES = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--config-env', '--exec-path', '--super-prefix']);

interface Asked {
  /** Values of `-c NAME=VALUE`. */
  readonly settings: readonly string[];
  readonly verb: string;
  readonly words: readonly string[];
  /** The words as they came, from the verb on. */
  readonly at: number;
}

const asked = (words: readonly string[]): Asked => {
  const settings: string[] = [];
  let at = 0;
  for (let word = words[at]; word?.startsWith('-'); word = words[at]) {
    settings.push(...(word === '-c' ? [words[at + 1]?.replace(/^[^=]*=/, '') ?? ''] : []));
    at += OWN_VALUES.has(word) ? 2 : 1;
  }
  return {settings, verb: words[at] ?? '', words: words.slice(at + 1), at};
};

/** By verb: options behind which a command stands. */
const COMMANDS: ReadonlyMap<string, RegExp> = new Map([
  ['rebase', commandOption('x', 'exec')],
  ['filter-branch', /^--(?:\w+-filter|setup)(?:=([\s\S]*))?$/],
  ['difftool', commandOption('x', 'extcmd')],
  ['grep', commandOption('O', 'open-files-in-pager')],
  ...['clone', 'fetch', 'pull', 'ls-remote', 'fetch-pack', 'push', 'send-pack', 'archive'].map((verb): [string, RegExp] => [
    verb,
    commandOption('u', 'upload-pack', 'receive-pack', 'exec'),
  ]),
]);

/** What `clone` sets in the repository that it makes. */
const SETTING = commandOption('c', 'config');

const textsOf = (given: Asked): readonly string[] => {
  const {settings, verb, words} = given;
  const foreach = verb === 'submodule' ? words.indexOf('foreach') : -1;
  return [
    ...settings,
    ...valuesOf(COMMANDS.get(verb), words),
    ...(verb === 'clone' ? valuesOf(SETTING, words).map(each => each.replace(/^[^=]*=/, '')) : []),
    ...(foreach < 0
      ? []
      : [
          words
            .slice(foreach + 1)
            .filter(word => !word.startsWith('-'))
            .join(' '),
        ]),
    // An alias, an editor, a pager: what is set runs sooner or later.
    ...(verb === 'config' ? words : []),
    ...words.flatMap(word => /^ext::(.*)$/s.exec(word)?.[1]?.replaceAll('% ', ' ') ?? []),
  ];
};

/** `core.hooksPath` may be anywhere. */
const HOOK = /\/hooks\/[\w-]+$|\/(?:pre|post|commit|prepare|applypatch|update|reference|push|proc|fsmonitor|sendemail)(?:-[a-z-]+)?$/;

const hooks = ({scope}: Call): readonly string[] =>
  [...scope.written].flatMap(([path, text]) => (HOOK.test(path) && text.known ? [text.value] : []));

/** Verbs of git itself, which no alias stands for. */
const VERBS = new Set(
  (
    'add am apply archive bisect blame branch bundle cat-file check-ignore checkout cherry cherry-pick clean clone commit config describe diff ' +
    'difftool fetch filter-branch format-patch fsck gc grep help init lfs log ls-files ls-remote ls-tree maintenance merge merge-base mergetool ' +
    'mv notes prune pull push range-diff rebase reflog remote repack replace reset restore rev-list rev-parse revert rm send-pack shortlog show ' +
    'show-ref sparse-checkout stash status submodule switch symbolic-ref tag update-index update-ref version whatchanged worktree write-tree'
  ).split(' '),
);

const aliasIn = (text: string, verb: string): string | null => {
  const section = /^\[alias\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/im.exec(text)?.[1] ?? '';
  const value = section
    .split('\n')
    .map(line => /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line))
    .find(found => found?.[1] === verb)?.[2];
  return value === undefined ? null : value.replace(/^"(.*)"$/, '$1').replace(/\\(["\\])/g, '$1');
};

/** The alias of a verb that is none of git’s, from the files in which it would be. */
const aliasOf = (call: Call, verb: string): string | null => {
  const {cwd} = call.scope;
  const own = cwd.known ? nearest(call, cwd.value, ['.git/config'], true) : cwd;
  if (!own.known && [...call.scope.written.keys(), ...call.scope.made.keys()].some(path => path.endsWith('/.git/config'))) {
    hiddenText(call, own.because);
  }
  const texts = [
    own.known ? (own.value?.text ?? '') : '',
    ...['.gitconfig', '.config/git/config'].map(name => {
      const text = fileOf(call, `${call.caller.home}/${name}`);
      return text.known ? (text.value ?? '') : '';
    }),
  ];
  return texts.map(text => aliasIn(text, verb)).find(found => found !== null) ?? null;
};

export const git: Program = call => {
  const given = asked(call.args.map(arg => (arg.known ? arg.value : '')));
  const {verb, words, at} = given;
  for (const text of [...textsOf(given), ...hooks(call)]) {
    call.runText(text.replace(/^!/, ''), fork(call.scope), null);
  }
  if (verb === 'bisect' && words[0] === 'run') {
    return call.run(call.args.slice(at + 2), null);
  }
  const alias = verb === '' || VERBS.has(verb) ? null : aliasOf(call, verb);
  if (alias !== null) {
    const text = alias.startsWith('!') ? alias.slice(1) : `git ${alias}`;
    call.runText(`${text} "$@"`, {...fork(call.scope), args: call.args.slice(at + 1)}, null);
  }
  return unclear('what git writes is not known');
};
