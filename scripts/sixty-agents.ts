// A fleet to take a picture of: sixty agents of six rigs, each in a work tree and a tmux session of its own, in a directory of its own.
import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {alone} from './alone.ts';

const RIGS = ['billing', 'checkout', 'docs', 'mobile', 'search', 'shop'];
const TASKS = ['auth', 'cache', 'csv-export', 'dark-mode', 'i18n', 'login', 'pagination', 'rate-limit', 'retries', 'totals'];
const RUNTIMES = ['claude', 'codex', 'claude', 'gemini', 'opencode'] as const;
type Runtime = (typeof RUNTIMES)[number];

/** What an agent has to say: which command it wants to run or which file to change, the end of an answer, or nothing while it works. */
interface Saying {
  readonly runs?: string;
  readonly edits?: string;
  readonly done?: string;
}

/** By rig and task; all others are at work. */
const SAYINGS: Readonly<Record<string, Saying>> = {
  'billing-csv-export': {edits: 'src/export/totals.ts'},
  'billing-login': {runs: 'pnpm test --run billing'},
  'billing-retries': {done: 'Retries back off now; 3 files changed, 41 tests pass.'},
  'checkout-cache': {runs: 'psql -f migrations/0042_currency.sql'},
  'checkout-i18n': {runs: 'pnpm add intl-messageformat'},
  'checkout-rate-limit': {done: 'The limiter counts per key; 12 tests pass.'},
  'docs-auth': {edits: 'docs/login.md'},
  'docs-dark-mode': {done: 'All pictures have a dark form.'},
  'mobile-dark-mode': {runs: 'pod install --repo-update'},
  'mobile-pagination': {runs: 'git push --force-with-lease'},
  'mobile-totals': {done: 'Totals agree with the server in all 18 cases.'},
  'search-csv-export': {runs: 'node scripts/rank.mjs --all'},
  'search-i18n': {runs: 'rm -rf node_modules && pnpm install --frozen-lockfile'},
  'search-pagination': {done: 'Pages of 50, with a cursor; 9 tests pass.'},
  'shop-auth': {edits: 'src/session/renew.ts'},
  'shop-login': {runs: 'pnpm dlx shadcn add dialog'},
  'shop-rate-limit': {runs: 'docker compose up -d redis'},
  'shop-totals': {done: 'Rounding is half to even everywhere; 23 tests pass.'},
};

/** Who serves on which port. */
const SERVERS: Readonly<Record<string, number>> = {
  'billing-csv-export': 3101,
  'checkout-cache': 3102,
  'docs-auth': 4000,
  'mobile-dark-mode': 8081,
  'search-csv-export': 3103,
  'shop-auth': 3104,
  'shop-cache': 3105,
};

const RULE = '─'.repeat(80);
const BAR = '╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀';
const CLAUDE_PROMPT = [RULE, '❯ ', RULE];
const claudeAsks = (about: readonly string[], question: string): readonly string[] => [
  ...[RULE, ...about.map(line => ` ${line}`), '', ` ${question}`, ' ❯ 1. Yes', '   2. Yes, and do not ask again', '   3. No'],
  ...['', ' Esc to cancel · Tab to amend'],
];
const GEMINI_PROMPT = [RULE, ' Shift+Tab to accept edits', ' >   Type your message or @path/to/file'];
const OPENCODE_PROMPT = ['  ┃', '  ┃', '  ┃  Build · m fake', `  ${BAR}`];

/** As the screens of these programs end: test/fixtures/screens. */
const SCREENS: Readonly<
  Record<Runtime, {runs: (command: string) => readonly string[]; done: (text: string) => readonly string[]; busy: readonly string[]}>
> = {
  claude: {
    runs: command => claudeAsks(['Bash command', '', `   ${command}`], 'Do you want to proceed?'),
    done: text => [`● ${text}`, '', '✻ Churned for 12s', '', ...CLAUDE_PROMPT, '  ? for shortcuts'],
    busy: ['❯ go on', '', '✻ Slithering…', '', ...CLAUDE_PROMPT, '  esc to interrupt'],
  },
  codex: {
    runs: command => [
      ...[`• Running ${command}`, '', '  Would you like to run the following command?', '', `  $ ${command}`, '', '› 1. Yes, proceed (y)'],
      ...['  2. No, and tell Codex what to do differently (esc)', '', '  Press enter to confirm or esc to cancel'],
    ],
    done: text => [`• ${text}`, '', '  Worked for 12s', '', '› Ask Codex to do anything', '', '  default · ~/w', '  ? for shortcuts'],
    busy: ['› go on', '', '• Working (7s • esc to interrupt)', '', '› Ask Codex to do anything', '', '  ? for shortcuts'],
  },
  gemini: {
    runs: command => [
      ...[
        '╭───────────────────────────────────────────────────────────────────╮',
        `│ ? Shell  ${command}`,
        '│ Allow execution of [Shell]?',
        '│',
      ],
      ...['│ ● 1. Allow once', '│   2. Allow for this session', '│   3. No, suggest changes (esc)'],
      '╰───────────────────────────────────────────────────────────────────╯',
    ],
    done: text => [`✦ ${text}`, '', '                                                                ? for shortcuts', ...GEMINI_PROMPT],
    busy: [' > go on', '', ' ⠏ Thinking... (esc to cancel, 3s)                              ? for shortcuts', ...GEMINI_PROMPT],
  },
  opencode: {
    runs: command => [
      ...['  ┃  △ Permission required', '  ┃    # Shell command', '  ┃', `  ┃  $ ${command}`, '  ┃', '  ┃'],
      ...['  ┃   Allow once   Allow always   Reject  ctrl+f fullscreen  ⇆ select  enter con', '  ┃'],
    ],
    done: text => [`     ${text}`, '', '     ▣  Build · m · 19.4s', '', ...OPENCODE_PROMPT, '   ctrl+p commands'],
    busy: ['     ▣  Build · m', '', ...OPENCODE_PROMPT, '   ⬝⬝⬝⬝⬝⬝⬝⬝  esc interrupt                         tab agents  ctrl+p commands'],
  },
};

const screenOf = (runtime: Runtime, {runs, edits, done}: Saying): readonly string[] => {
  const {[runtime]: screens} = SCREENS;
  if (edits !== undefined) {
    return claudeAsks(['Edit file', edits], `Do you want to make this edit to ${basename(edits)}?`);
  }
  if (runs !== undefined) {
    return screens.runs(runs);
  }
  return done === undefined ? screens.busy : screens.done(done);
};

const git = (cwd: string, ...args: readonly string[]): void => {
  const env = {PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1'};
  execFileSync('git', ['-C', cwd, '-c', 'user.name=dev', '-c', 'user.email=dev@localhost', ...args], {env, stdio: 'ignore'});
};

/** The runtime's name on a shell that has printed its screen and waits; a server is its child. */
const writeAgent = (directory: string, name: string, runtime: Runtime): void => {
  const {[name]: saying = {}} = SAYINGS;
  const {[name]: port} = SERVERS;
  const serve = port === undefined ? [] : [`${join(directory, 'bin', 'vite')} ${join(directory, 'serve.mjs')} --port ${port} </dev/null &`];
  writeFileSync(join(directory, `${name}.txt`), `${screenOf(runtime, saying).join('\n')}\n`);
  writeFileSync(join(directory, name), [...serve, `printf '%s' "$(<${join(directory, `${name}.txt`)})"`, 'read -r', ''].join('\n'));
};

export interface SixtyAgents {
  /** argv that starts them all and then `command` beside them, in namespaces of their own: they end with it, and it sees nothing else. */
  readonly command: (command: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, string | null>>;
  readonly needs: string;
}

/** Everything but their processes, below `directory`. */
export const sixtyAgents = (directory: string): SixtyAgents => {
  const at = (...steps: readonly string[]): string => join(directory, ...steps);
  mkdirSync(at('bin'));
  for (const runtime of new Set(RUNTIMES)) {
    symlinkSync('/bin/bash', at('bin', runtime));
  }
  symlinkSync(process.execPath, at('bin', 'vite'));
  writeFileSync(
    at('serve.mjs'),
    "import {createServer} from 'node:http';\ncreateServer().listen(Number(process.argv.at(-1)), '127.0.0.1');\n",
  );
  const lines = RIGS.flatMap((rig, at_) => {
    const main = at('home', rig);
    mkdirSync(main, {recursive: true});
    git(main, 'init', '-q', '-b', 'main');
    git(main, 'commit', '-q', '--allow-empty', '-m', 'Begin');
    return TASKS.map((task, index) => {
      const name = `${rig}-${task}`;
      const {[(index + at_) % RUNTIMES.length]: runtime = 'claude'} = RUNTIMES;
      const tree = at('home', 'trees', rig, task);
      git(main, 'worktree', 'add', '-q', '-b', task, tree);
      writeAgent(directory, name, runtime);
      return `tmux -u -f /dev/null new-session -d -s ${name} -x 80 -y 30 -c ${tree} '${at('bin', runtime)} ${at(name)}'`;
    });
  });
  writeFileSync(at('start.sh'), ['echo devbox >/proc/sys/kernel/hostname', ...lines, 'exec "$@"', ''].join('\n'));
  const asking = Object.values(SAYINGS).filter(({done}) => done === undefined).length;
  return {
    command: command => alone(['/bin/sh', at('start.sh'), ...command], ['--uts']),
    env: {TMUX: null, TMUX_PANE: null, TMUX_TMPDIR: directory, HOME: at('home'), TMPDIR: '/tmp', SHELL: '/bin/sh'},
    needs: `${asking} ask, ${Object.keys(SAYINGS).length - asking} done`,
  };
};
