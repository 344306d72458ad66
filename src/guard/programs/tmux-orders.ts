// The words of tmux: its orders by their full names, and what stands in them that it would run itself (tmux(1)). Pure.
import {parseOptions} from './options.ts';

export interface Order {
  readonly verb: string;
  readonly words: readonly string[];
}

const VERBS: ReadonlyMap<string, string> = new Map([
  ['killp', 'kill-pane'],
  ['killw', 'kill-window'],
  ['killwindow', 'kill-window'],
  ['respawnp', 'respawn-pane'],
  ['respawnw', 'respawn-window'],
  ['ls', 'list-sessions'],
  ['lsw', 'list-windows'],
  ['lsp', 'list-panes'],
  ['send', 'send-keys'],
  ['has', 'has-session'],
  ['new', 'new-session'],
  ['neww', 'new-window'],
  ['splitw', 'split-window'],
  ['run', 'run-shell'],
  ['if', 'if-shell'],
  ['unlinkw', 'unlink-window'],
  ['movew', 'move-window'],
  ['linkw', 'link-window'],
  ['confirm', 'confirm-before'],
  ['source', 'source-file'],
  ['display', 'display-message'],
  ['pipep', 'pipe-pane'],
  ['bind', 'bind-key'],
  ['set', 'set-option'],
  ['setw', 'set-option'],
  ['set-window-option', 'set-option'],
  ['popup', 'display-popup'],
]);

const KNOWN_VERBS = [
  'kill-pane',
  'kill-server',
  'kill-session',
  'kill-window',
  'respawn-pane',
  'respawn-window',
  'list-sessions',
  'list-windows',
  'list-panes',
  'send-keys',
  'run-shell',
  'if-shell',
  'confirm-before',
  'set-hook',
  'move-window',
  'link-window',
  'new-session',
  'new-window',
  'split-window',
  'unlink-window',
  'source-file',
  'pipe-pane',
  'bind-key',
  'set-option',
  'display-popup',
  'display-message',
  'has-session',
];

/** A verb may be cut as long as only one begins so. */
const verbOf = (word: string): string => {
  const begun = KNOWN_VERBS.filter(verb => verb.startsWith(word) && word.includes('-'));
  return VERBS.get(word) ?? (begun.length === 1 ? begun[0] : undefined) ?? word;
};

/** Orders are parted by `;` as a word of its own, or at the end of one. */
export const ordersOf = (words: readonly string[]): readonly Order[] => {
  const orders: string[][] = [[]];
  for (const word of words) {
    const ends = word === ';' || word === '\\;' || (word.endsWith(';') && !word.endsWith('\\;'));
    const rest = word.replace(/\\?;$/, '');
    if (!ends || rest !== '') {
      orders.at(-1)?.push(ends ? rest : word);
    }
    if (ends) {
      orders.push([]);
    }
  }
  return orders.flatMap(([verb, ...rest]) => (verb === undefined ? [] : [{verb: verbOf(verb), words: rest}]));
};

/** Texts of orders in the words of those that carry out others; null for any other verb. */
export const textsIn = ({verb, words}: Order): readonly string[] | null => {
  switch (verb) {
    case 'if-shell':
      return parseOptions(words, {short: 't', stops: true}).rest.slice(1);
    case 'confirm-before':
      return [parseOptions(words, {short: 'ptc', stops: true}).rest.join(' ')];
    case 'set-hook':
      return parseOptions(words, {short: 't', stops: true}).rest.slice(1);
    case 'bind-key':
      return [parseOptions(words, {short: 'NT', stops: true}).rest.slice(1).join(' ')];
    case 'run-shell': {
      const options = parseOptions(words, {short: 'tdc', stops: true});
      return options.has('C') ? options.rest : null;
    }
    default:
      return null;
  }
};

/** Orders with a command of the shell behind their options, and those of these that take a value. */
const RUNS: ReadonlyMap<string, string> = new Map([
  ['run-shell', 'cdt'],
  ['new-session', 'cefFnstxy'],
  ['new-window', 'ceFnSt'],
  ['split-window', 'ceFlt'],
  ['respawn-pane', 'cet'],
  ['respawn-window', 'cet'],
  ['pipe-pane', 't'],
  ['display-popup', 'bcdehsStTwxy'],
]);

const SETTING = /command|shell|editor/;

/** What a shell would be given: the command of an order, `#(…)` in a format, an option with a command in it. */
export const shellTextsIn = ({verb, words}: Order): readonly string[] => {
  const short = RUNS.get(verb);
  const command = short === undefined ? [] : parseOptions(words, {short, stops: true}).rest;
  const [name = '', value = ''] = verb === 'set-option' ? parseOptions(words, {short: 't', stops: true}).rest : [];
  return [
    ...(command.length === 0 ? [] : [command.join(' ')]),
    ...(SETTING.test(name) ? [value] : []),
    ...words.flatMap(word => [...word.matchAll(/#\(([^)]*)\)/g)].map(([, text = '']) => text)),
  ];
};
