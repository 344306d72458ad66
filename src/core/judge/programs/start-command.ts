// What a pane was started with, as tmux keeps it (`#{pane_start_command}`): shell text → the agent program in it. Pure.
import {baseName} from '../../../core/domain/paths.ts';
import type {Recognition, RuntimeTable} from './recognise-runtime.ts';
import {recogniseProgram} from './recognise-runtime.ts';

const SEPARATORS = new Set(['&&', '||', ';', '|', '&', '\n']);
const MOST_DEPTH = 3;

/** Shell words, quotes taken off; separators as words of their own. Expansions stay as they are written. */
export const splitWords = (text: string): readonly string[] => {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  const end = (): void => {
    if (word !== null) {
      words.push(word);
      word = null;
    }
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== null) {
      if (char === quote) {
        quote = null;
      } else if (char === '\\' && quote === '"' && at + 1 < text.length) {
        at += 1;
        word = `${word ?? ''}${text[at]}`;
      } else {
        word = `${word ?? ''}${char}`;
      }
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1;
      word = `${word ?? ''}${text[at]}`;
    } else if (char === ';' || char === '&' || char === '|' || char === '\n') {
      end();
      const double = char !== ';' && char !== '\n' && text[at + 1] === char;
      words.push(double ? char + char : char);
      at += double ? 1 : 0;
    } else if (char === ' ' || char === '\t') {
      end();
    } else {
      word = `${word ?? ''}${char}`;
    }
  }
  end();
  return words;
};

const commandsOf = (words: readonly string[]): readonly (readonly string[])[] => {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (SEPARATORS.has(word)) {
      commands.push([]);
    } else {
      commands.at(-1)?.push(word);
    }
  }
  return commands.filter(command => command.length > 0);
};

const PREFIXES = new Set(['exec', 'env', 'nohup', 'setsid', 'command', 'time', 'sudo', 'nice', 'export', 'stdbuf']);
const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/** The command itself, without `exec env K=V`. */
const bareCommand = (words: readonly string[]): readonly string[] => {
  let at = 0;
  let prefixed = false;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (PREFIXES.has(word)) {
      prefixed = true;
    } else if (!ASSIGNMENT.test(word) && !(prefixed && word.startsWith('-'))) {
      break;
    }
  }
  return words.slice(at);
};

const innerShell = (command: readonly string[]): string | null => {
  const [program = ''] = command;
  const flag = command.findIndex(word => /^-[a-z]*c$/.test(word));
  return /(?:^|\/)(?:ba|z|da|k)?sh$/.test(program) && flag > 0 ? (command[flag + 1] ?? null) : null;
};

/** tmux prints a start command of one shell text in quotes; of several words each is quoted, which is shell text as it stands. */
export const shellText = (startCommand: string): string => {
  const words = splitWords(startCommand);
  return words.length === 1 ? (words[0] ?? '') : startCommand;
};

/** The agent program that a start command starts, or null: `exec env GT_ROLE=… claude --settings …`, `cd x && codex`. */
export const runtimeOfCommand = (text: string, table: RuntimeTable, depth = 0): Recognition | null => {
  const words = splitWords(text);
  // tmux prints a command of one shell word in quotes: the text is inside.
  const inside = words.length === 1 && words[0]?.includes(' ') ? words[0] : null;
  if (inside !== null) {
    return depth < MOST_DEPTH ? runtimeOfCommand(inside, table, depth + 1) : null;
  }
  for (const part of commandsOf(words)) {
    const command = bareCommand(part);
    const shell = innerShell(command);
    const agent = part.find(word => word.startsWith('GT_AGENT='))?.slice('GT_AGENT='.length);
    const own = (): ReturnType<typeof runtimeOfCommand> =>
      command[0] === undefined ? null : recogniseProgram({comm: baseName(command[0]), argv: command}, table, {agent, atTerminal: true});
    const found = shell !== null && depth < MOST_DEPTH ? runtimeOfCommand(shell, table, depth + 1) : own();
    if (found !== null) {
      return found;
    }
  }
  return null;
};
