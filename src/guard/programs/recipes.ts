// Rules of a Makefile or a justfile, as far as they are plain: names, prerequisites, lines, assignments of text. Pure.

export interface Recipe {
  readonly name: string;
  readonly needs: readonly string[];
  /** Shell text: one for each line, or the whole of a script with a `#!` line. */
  readonly lines: readonly string[];
}

export interface Rules {
  readonly recipes: readonly Recipe[];
  /** For the shell: what make exports by name. */
  readonly variables: ReadonlyMap<string, string>;
  /** Shell text that runs as the file is read, whatever is asked for. */
  readonly immediate: readonly string[];
}

type Dialect = 'make' | 'just';

const DEEPEST = 8;

/** `$(shell TEXT)` runs as the recipe is read; for the shell it is a substitution. */
const SHELL_CALL = /\$\(shell\s+/g;

/** `$(NAME)`, `${NAME}`, `{{NAME}}` by their values; what is not known stays for the shell, which does not know it either. */
const substituted = (text: string, values: ReadonlyMap<string, string>, dialect: Dialect, depth = 0): string => {
  const pattern = dialect === 'make' ? /(?<!\$)\$[({]([A-Za-z_][\w.-]*)[)}]/g : /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;
  const next = text.replace(
    pattern,
    (whole, name: string) => values.get(name) ?? (dialect === 'make' ? `\${${name.replace(/[^\w]/g, '_')}}` : whole),
  );
  return next === text || depth > DEEPEST ? next : substituted(next, values, dialect, depth + 1);
};

const ASSIGNMENT = /^(?:export\s+)?(\.?[A-Za-z_][\w.-]*)\s*(:=|::=|\?=|!=|=)\s*(.*)$/;
/** `define NAME` up to `endef`: text of several lines, which a recipe takes as lines of its own. */
const DEFINE = /^define\s+([A-Za-z_][\w.-]*)\s*=?\s*\n([\s\S]*?)^endef\s*$/gm;
const RULE = /^([^\s:=#][^:=]*?)\s*::?(?!=)\s*([^=]*)$/;

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

/** `@`, `-` and `+` before a line are make’s; `$$` is one `$`. */
const shellLine = (line: string, dialect: Dialect): string => {
  const text = line.trim().replace(/^[@+-]+\s*/, '');
  return dialect === 'make' ? text.replaceAll('$$', '$') : text;
};

/** `$@`, `$*`, `$<`, `$^`: of each goal its own. They stand apart from the shell's, which a recipe writes `$$@`. */
const AUTOMATIC = /(?<!\$)((?:\$\$)*)\$(?:([@*<^+?])|[({]([@*<^+?])[DF]?[)}])/g;
const MARK = '\uE000';

/** A line of a recipe for the goal that it makes. */
export const automatic = (line: string, {name, needs}: Recipe, goal: string): string => {
  const [before = '', after = ''] = name.split('%');
  const values = new Map([
    ['@', goal],
    ['*', name.includes('%') ? goal.slice(before.length, goal.length - after.length) : ''],
    ['<', needs[0] ?? ''],
  ]);
  return line.replace(/\uE000(.)/g, (_, which: string) => values.get(which) ?? needs.join(' '));
};

interface Open {
  readonly name: string;
  readonly needs: readonly string[];
  readonly lines: string[];
}

const closed = ({name, needs, lines}: Open, values: ReadonlyMap<string, string>, dialect: Dialect): Recipe => {
  // `$$` must survive the substitution of make’s own names.
  const marked = dialect === 'make' ? lines.map(line => line.replace(AUTOMATIC, (_, pairs, a, b) => `${pairs}${MARK}${a ?? b}`)) : lines;
  const texts = marked.map(line => shellLine(substituted(line, values, dialect), dialect)).filter(line => line !== '');
  const isScript = texts[0]?.startsWith('#!') === true;
  return {name, needs, lines: isScript ? [texts.join('\n')] : texts};
};

/** `surroundings`: names that the environment may have set; `?=` leaves those alone. */
export const parseRules = (text: string, dialect: Dialect, words: readonly string[], surroundings: ReadonlySet<string>): Rules => {
  const values = new Map<string, string>(dialect === 'make' ? [['MAKE', 'make']] : []);
  const open: Open[] = [];
  const current: {rules: readonly Open[]} = {rules: []};
  const immediate: string[] = [];
  const whole = text.replace(/\\\n\s*/g, ' ').replace(DEFINE, (all, name: string, body: string) => {
    values.set(name, body.trim().replaceAll(/\n[\t ]*/g, '; '));
    return dialect === 'make' ? '' : all;
  });
  for (const written of whole.split('\n')) {
    const line = dialect === 'make' ? written.replaceAll(SHELL_CALL, '$$(') : written;
    const rule = RULE.exec(line.replace(/\s+#.*$/, ''));
    const assignment = ASSIGNMENT.exec(line);
    if (/^[\t ]+\S/.test(line) && current.rules.length > 0) {
      for (const each of current.rules) {
        each.lines.push(line);
      }
      continue;
    }
    // `$(shell …)` outside of a recipe.
    if (line !== written) {
      immediate.push(`: ${line.slice(line.indexOf('$('))}`);
    }
    if (assignment !== null && !/^\s/.test(line)) {
      const [, name = '', operator, value = ''] = assignment;
      immediate.push(...(operator === '!=' ? [value] : []));
      if (operator !== '?=' || !surroundings.has(name)) {
        values.set(name, unquoted(value));
      }
    } else if (rule !== null) {
      const needs =
        (rule[2] ?? '')
          .split(';')[0]
          ?.split(/\s+/)
          .filter(word => word !== '' && word !== '|') ?? [];
      const names =
        dialect === 'just'
          ? (rule[1] ?? '')
              .split(/\s+/)
              .slice(0, 1)
              .map(name => name.replace(/^@/, ''))
          : substituted(rule[1] ?? '', values, dialect).split(/\s+/);
      current.rules = names.map(name => ({name, needs, lines: (rule[2] ?? '').split(';').slice(1)}));
      open.push(...current.rules);
    }
  }
  for (const word of words) {
    const given = /^([A-Za-z_]\w*)=(.*)$/.exec(word);
    if (given !== null) {
      values.set(given[1] ?? '', given[2] ?? '');
    }
  }
  return {recipes: open.map(each => closed(each, values, dialect)), variables: values, immediate};
};
