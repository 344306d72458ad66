// A program that is not known, with the words of another behind it: `uv run pkill node`, `doppler run -- npm stop`. What stands there is played. Pure.
import {known} from '../../core/domain/known.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {Call, Program} from '../call.ts';
import {unclear, undecided} from '../results.ts';
import {fork} from '../shell/scope.ts';

const ENDS = new Set(['kill', 'pkill', 'killall', 'fuser', 'skill', 'kill-port', 'fkill', 'tmux']);
const SHELL = /^(?:ba|z|da|k)?sh$/;
const LANGUAGE = /^(?:python[\d.]*|pypy3?|node|bun|perl|ruby|php)$/;

/** Orders behind which another program stands, and programs that end others by scripts, or as they are told. */
const RUNS = /^(?:run|exec|x|execute|dlx|shell)$/;
const RUN =
  /^(?:npm|pnpm|yarn|bun|npx|bunx|make|gmake|just|task|docker|podman|systemctl|pm2|lsof|xargs|sudo|env|python[\d.]*|node|tsx)$|\.(?:sh|py)$/;

const wordsOf = (call: Call): readonly string[] => call.args.map(arg => (arg.known ? arg.value : ''));

/** Where the words of another program begin; -1 where they do not. */
const startIn = (words: readonly string[]): number => {
  const dashes = words.indexOf('--') + 1;
  if (dashes > 0 && dashes < words.length) {
    return dashes;
  }
  const order = words.findIndex(word => RUNS.test(word));
  return words.findIndex(
    (word, at) =>
      (ENDS.has(word) && at + 1 < words.length) ||
      (SHELL.test(baseName(word)) && /^-\w*c/.test(words[at + 1] ?? '')) ||
      (LANGUAGE.test(baseName(word)) && /^-\w*[ce]/.test(words[at + 1] ?? '')) ||
      (order >= 0 && at > order && RUN.test(word)),
  );
};

/** Text for a shell, maybe behind an escape of the program: `!kill 21`, `.shell kill 21`. */
const TEXT =
  /^(?:-[\w-]+=)?\s*(?:(?:.{0,20}!|.{0,20}system\(['"]|\.sh(?:ell)?\s|\.system\s|shell\s|system\s)\s*)?((?:sudo\s+|exec\s+)?(?:\/\S*\/)?(?:pkill|killall|kill|fuser|tmux\s+kill-\w+)\s[\s\S]+)$/;

/** What stands behind these is told to people, or looked for. */
const TOLD =
  /^(?:-[mtbkgn]|--(?:message|title|body|subject|notes?|comment|description|prompt|summary|text|grep|filter|pattern|name|test-name-pattern))$/;

/** They are told about commands, and run none of them as they stand. */
const TELL = new Set('rigtop notify-send logger say wall write claude codex gemini opencode qwen copilot cursor-agent tldr'.split(' '));

/** Words that are a command for a shell, whatever the program does with them. */
const textsIn = (words: readonly string[]): readonly string[] =>
  words.flatMap((word, at) => {
    const [, text] = TOLD.test(words[at - 1] ?? '') || TOLD.test(word.replace(/=[\s\S]*$/, '')) ? [] : (TEXT.exec(word) ?? []);
    return text === undefined ? [] : [text];
  });

/** `killport`, `port-killer`: by its name it ends others, and by rules of its own. */
const NAMED = /^kill\w|^kill-|-kill(?:er)?$/;

export const runThrough: Program = call => {
  const words = wordsOf(call);
  const at = startIn(words);
  if (NAMED.test(call.name) && words.length > 0) {
    return undecided(call, `whom ${call.name} ends is not followed`);
  }
  if (at >= 0) {
    const python = words[at]?.endsWith('.py') === true ? [known('python3')] : [];
    return call.run([...python, ...call.args.slice(at)], call.stdin);
  }
  for (const text of TELL.has(call.name) ? [] : textsIn(words)) {
    call.runText(text, fork(call.scope), null);
  }
  return unclear(`what ${call.name} writes is not known`);
};
