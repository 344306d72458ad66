// Commands that are made of nothing but plain words, of programs that end nobody whatever their words are: `grep -rn kill src | head`. So a
// word that looks like ending is no reason to load the grammar of the shell. What is not beyond doubt here is read. Pure.

/**
 * At one place: blanks; what parts commands; output that is dropped; or a word, of literal characters, globs, variables and quoted text
 * without substitutions. Everything else of the shell, `&`, `(`, `{`, `<`, `>`, `\`, `!`, `#` among it, is not plain.
 */
const PART =
  /(?<blank>[ \t]+)|(?<end>&&|\|\|?|;|\n)|(?<dropped>2>&1|[12]?> ?\/dev\/null(?![\w./-]))|(?<word>(?:[\w./:=,@%+~^*?-]|\$\w+|'[^']*'|"[^"$`\\]*")+)/y;

type Test = (words: readonly string[]) => boolean;

const without =
  (not: RegExp): Test =>
  words =>
    !words.some(word => not.test(word));

const FILTERS =
  'cat cd cmp cut date df diff dirname du echo egrep fgrep file grep head jq ls mkdir nl pwd realpath sleep stat tail touch tr true uniq wc which';

/** What of git runs nothing that a word names; hooks are the project's own affair. */
const GIT = new Set(
  'add blame branch checkout clean commit diff fetch log ls-files merge mv pull push remote reset restore rev-parse rm show stash status switch tag'.split(
    ' ',
  ),
);
/** Long options may be cut as far as they stay told apart (gitcli(7)): `--upl` is `--upload-pack`. */
const RUNS_MORE = /^-[cxO]|^--(?:e|upl|rec|o$|op|con)|::/;

const git: Test = words => {
  const [verb = '', ...rest] = words[0] === '-C' ? words.slice(2) : words;
  return GIT.has(verb) && without(RUNS_MORE)(rest);
};

/** By name: whether it does no more with these words than its work on files and text. */
const HARMLESS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...FILTERS.split(' ').map((name): [string, Test] => [name, () => true]),
  ['find', without(/^-(?:exec|ok|delete)/)],
  ['rg', without(/^--(?:pre|hostname-bin)/)],
  // Sockets are removed by it too: see `remove` of the programs.
  ['rm', without(/^[/~]|[*?$]|\.\.|tmux/)],
  // `sed -n 10,20p FILE`; other scripts can run commands.
  ['sed', ([option, lines = '', ...files]) => option === '-n' && /^\d+(?:,(?:\d+|\$))?p$/.test(lines) && without(/^-/)(files)],
  ['git', git],
]);

const isHarmless = ([name = '', ...words]: readonly string[]): boolean => HARMLESS.get(name)?.(words) === true;

/** False: it has to be read. */
export const isPlain = (command: string): boolean => {
  if (/sysrq|cgroup/.test(command)) {
    return false;
  }
  let words: string[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < command.length) {
    const found = PART.exec(command)?.groups;
    if (found === undefined) {
      return false;
    }
    if (found.word !== undefined) {
      words.push(found.word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
    } else if (found.end !== undefined) {
      if (words.length > 0 && !isHarmless(words)) {
        return false;
      }
      words = [];
    }
  }
  return words.length === 0 || isHarmless(words);
};
