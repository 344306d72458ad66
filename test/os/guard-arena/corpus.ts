// The corpus: commands with the right answer each. Blocks of `> NAMES` and the lines of the command behind it; `{a.vite}` is a pid.

/** Names that stand for several. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['vites', ['a.vite', 'b.vite']],
  ['mcps', ['a.mcp', 'b.mcp']],
  ['daemons', ['a.daemon', 'b.daemon']],
  ['fars', ['a.far', 'b.far']],
  ['agents', ['a.agent', 'b.agent']],
  ['nodes', ['a.vite', 'b.vite', 'a.mcp', 'b.mcp', 'a.daemon', 'b.daemon', 'a.far', 'b.far']],
  [
    'fleet',
    ['a.agent', 'b.agent', 'a.vite', 'b.vite', 'a.mcp', 'b.mcp', 'a.daemon', 'b.daemon', 'a.far', 'b.far', 'browser', 'database', 'editor'],
  ],
]);

export interface Case {
  readonly command: string;
  /** Names of the fleet, sorted. */
  readonly ends: readonly string[];
  /** Nobody can tell: it is not run. */
  readonly undecided: boolean;
  /** It would end the test, too: told, not run. */
  readonly dry: boolean;
  readonly tmux: boolean;
}

const expanded = (words: readonly string[]): readonly string[] => {
  const minus = new Set(words.filter(word => word.startsWith('-')).flatMap(word => GROUPS.get(word.slice(1)) ?? [word.slice(1)]));
  const plus = words.filter(word => !word.startsWith('-')).flatMap(word => GROUPS.get(word) ?? [word]);
  return [...new Set(plus)].filter(name => !minus.has(name)).toSorted();
};

/** `#` begins a comment line between blocks. */
export const readCorpus = (text: string): readonly Case[] =>
  text
    .split(/^> ?/m)
    .slice(1)
    .map(block => {
      const [head = '', ...lines] = block.split('\n');
      const words = head.split(/\s+/).filter(word => word !== '');
      const command = lines.join('\n').replace(/(?:\n+#[^\n]*)*\s*$/, '');
      const names = words.filter(word => !/^(?:undecided|dry|nobody)$/.test(word));
      return {
        command,
        ends: expanded(names),
        undecided: words.includes('undecided'),
        dry: words.includes('dry'),
        tmux: /tmux/.test(command) && !words.includes('undecided'),
      };
    });
