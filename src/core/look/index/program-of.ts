// What program a process is: its own name, or the script that an interpreter or package runner runs for it. Pure.
import {baseName} from '../../../core/domain/paths.ts';
import {titleEnd} from '../../domain/command-line.ts';
import type {Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';

/** A system and a processor behind a name; one word alone may be the program’s own (`qemu-system-x86_64`). */
const PLATFORM = /(?<=.)(?:-(?:x86_64|amd64|x64|aarch64|arm64|unknown|pc|apple|linux|darwin|macos|windows|gnu|musl|msvc|baseline)){2,}$/;
const ADORNED = /^(?:[-.]|gt-)|\.exe$|-(?:x86_64|amd64|x64|aarch64|arm64|darwin|gnu|musl|msvc|baseline)$/;

/**
 * A name without what wrappers and packages add: `.claude-unwrapped` and `.claude-wrapped` of Nix (cut to 15 bytes in comm), `gt-claude`
 * of wrapper scripts, `-bash` of login shells, `claude.exe` of npm packages, which bear that name on every system,
 * `codex-x86_64-unknown-linux-musl` and `opencode-linux-x64` of release archives; of a title (`sshd: user@pts/1`) what stands before the
 * colon.
 */
export const plainName = (name: string): string => {
  const end = titleEnd(name);
  const bare = end === null ? baseName(name) : name.slice(0, end);
  // Every process of every look comes by here several times, and nearly all names are plain already.
  return ADORNED.test(bare)
    ? bare
        .replace(/^-/, '')
        .replace(/^\.(.+?)-(?:un)?wrap\w*$/, '$1')
        .replace(/^gt-(?=.)/, '')
        .replace(/(?<=.)\.exe$/, '')
        .replace(PLATFORM, '')
    : bare;
};

const withoutExtension = (name: string): string => name.replace(/\.(?:[cm]?js|ts|py|exe)$/, '');

/** `@openai/codex@latest` → `codex`, `npm:opencode-ai` → `opencode-ai`. */
const packageName = (spec: string): string => {
  const bare = spec.replace(/^npm:/, '').replace(/(?<=.)@[^/]*$/, '');
  return baseName(bare);
};

/** A script as it was named on the command line, and the words behind it. */
export interface Script {
  readonly path: string;
  readonly name: string;
  readonly rest: readonly string[];
  /** Set where a package runner has yet to start it: what runs will be a process of its own below. */
  readonly awaited?: true;
}

const NODE_VALUES = ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file', '--title'];
const PYTHON_VALUES = ['-W', '-X', '--check-hash-based-pycs'];
const RUNNER_VALUES = ['-p', '--package', '--with', '--from', '--python', '--registry'];
/** Options whose value is a program text: there is no script. */
const INLINE = ['-e', '--eval', '-p', '--print', '-c'];

const asScript = (words: readonly string[], at: number, named: (word: string) => string): Script | null => {
  const path = words[at];
  return path === undefined ? null : {path, name: named(path), rest: words.slice(at + 1)};
};

const scriptName = (path: string): string => plainName(withoutExtension(baseName(path)));

/** First word from `start` on that is neither an option nor an option's value. */
const firstOperand = (words: readonly string[], start: number, values: readonly string[]): number => {
  let at = start;
  while (at < words.length && words[at]?.startsWith('-')) {
    if (words[at] === '--') {
      return at + 1;
    }
    at += values.includes(words[at] ?? '') ? 2 : 1;
  }
  return at;
};

const interpreted = (words: readonly string[], values: readonly string[]): Script | null => {
  const at = firstOperand(words, 1, values);
  return words.slice(1, at).some(word => INLINE.includes(word) || /^-[a-z]*c$/.test(word)) ? null : asScript(words, at, scriptName);
};

const pythonScript = (words: readonly string[]): Script | null => {
  const at = firstOperand(words, 1, PYTHON_VALUES);
  const module = words.slice(1, at).indexOf('-m') + 1;
  if (module > 0) {
    return asScript(words, module + 1, name => name.split('.')[0] ?? name);
  }
  return words.slice(1, at).includes('-c') ? null : asScript(words, at, scriptName);
};

const runnerScript = (words: readonly string[], start: number): Script | null =>
  asScript(words, firstOperand(words, start, RUNNER_VALUES), packageName);

/** `pnpm dlx X`, `npm exec X`, `uv tool run X`, `bun x X`: the words before the package, per runner. */
const RUNNERS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  Object.entries({
    npx: [[]],
    bunx: [[]],
    pnpx: [[]],
    uvx: [[]],
    npm: [['exec'], ['x']],
    pnpm: [['dlx'], ['exec']],
    yarn: [['dlx'], ['exec']],
    bun: [['x'], ['run']],
    uv: [['run'], ['tool', 'run']],
    pipx: [['run']],
    deno: [['run']],
  }),
);

/** These run a file within themselves: there will be no other process. */
const IN_ITSELF = /^(?:bun run|deno run)$/;

const ranPackage = (runner: string, words: readonly string[]): Script | null => {
  for (const verbs of RUNNERS.get(runner) ?? []) {
    if (verbs.every((verb, index) => words[index + 1] === verb)) {
      const script = runnerScript(words, 1 + verbs.length);
      return script === null || IN_ITSELF.test([runner, ...verbs].join(' ')) ? script : {...script, awaited: true};
    }
  }
  return null;
};

const SHELL = /^(?:ba|z|da|fi|k|mk|tc|c|a|ya|rba|rz|rk|ok|lok|pdk)?sh$/;
const NODE = /^(?:node|nodejs|bun|deno|tsx|ts-node)$/;
const PYTHON = /^(?:python|pypy)[\d.]*$/;

/** Whether a name is a shell's. */
export const isShellName = (name: string): boolean => SHELL.test(name) || /^(?:pwsh|powershell|nu|elvish|xonsh|ksh93)$/.test(name);

/** npm rewrites its title to one word with spaces: `npm exec @openai/codex --yolo`. */
const titleWords = (argv: readonly string[]): readonly string[] =>
  argv.length === 1 && argv[0]?.includes(' ') ? argv[0].split(/\s+/).filter(word => word !== '') : argv;

/**
 * The script that a command line runs through an interpreter or a package runner, or null when it runs none. A shell counts
 * only with the path of a script: what stands in `sh -c` is judged as processes of its own.
 */
export const scriptOf = remembered((argv: readonly string[]): Script | null => {
  const words = titleWords(argv);
  const program = plainName(words[0] ?? '');
  const ran = ranPackage(program, words);
  if (ran !== null) {
    return ran;
  }
  if (PYTHON.test(program)) {
    return pythonScript(words);
  }
  if (NODE.test(program)) {
    const script = interpreted(words, NODE_VALUES);
    // `node …/bin/npx @openai/codex`: the runner is a script itself.
    const runner = script === null ? null : ranPackage(script.name.replace(/-cli$/, ''), [script.name, ...script.rest]);
    return runner ?? script;
  }
  if (SHELL.test(program)) {
    const script = interpreted(words, []);
    return script?.path.includes('/') ? script : null;
  }
  return null;
});

type Program = Pick<Process, 'comm' | 'argv'>;

/** What is said of a program by its name and its arguments alone, remembered for as long as a process has the same list of arguments. */
export const rememberedOfProgram = <V>(derive: (program: Program) => V): ((program: Program) => V) => {
  const known = new WeakMap<Program['argv'], {readonly comm: string; readonly value: V}>();
  return program => {
    const before = known.get(program.argv);
    if (before?.comm === program.comm) {
      return before.value;
    }
    const value = derive(program);
    known.set(program.argv, {comm: program.comm, value});
    return value;
  };
};

/** Names that a process itself goes by: the kernel's and argv[0]'s, without what wrappers add. */
export const namesOf = rememberedOfProgram(({comm: given, argv}): readonly string[] => {
  const comm = plainName(given);
  const first = plainName(argv[0] ?? '');
  return first === '' || first === comm ? [comm] : [comm, first];
});

const WRAPPERS =
  /^(?:sudo|doas|env|nice|ionice|nohup|setsid|stdbuf|timeout|time|unbuffer|script|caffeinate|direnv|mise|volta|asdf|proxychains\d?|bwrap|firejail|npm|npx|pnpm|pnpx|yarn|bunx|uvx|uv|pipx|corepack|dotenv|with-env)$/;

/** Whether a process only carries another: a shell, or a program that runs a command for somebody. */
export const isCarrier = rememberedOfProgram((process): boolean => {
  const program = plainName(titleWords(process.argv)[0] ?? process.comm);
  if (isShellName(program) || WRAPPERS.test(program)) {
    return true;
  }
  const script = NODE.test(program) ? interpreted(process.argv, NODE_VALUES) : null;
  return script !== null && WRAPPERS.test(script.name.replace(/-cli$/, ''));
});
