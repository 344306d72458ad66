// The agent programs rigtop knows without configuration, each with where it was seen. Data, pure.
import type {RuntimeSignature} from '../core/domain/settings.ts';

/** What was run to learn how a program looks in the process table. */
export interface Seen {
  /** Versions that were run. */
  readonly versions: readonly string[];
  /** Where they came from: the package, and ways to install it that change what its processes are called. */
  readonly from: string;
  /** What the process table showed, outermost process first. */
  readonly shape: string;
}

/** A row of the table. `seen` is null where the program could not be had: then its names are those of its documentation. */
export interface KnownRuntime extends RuntimeSignature {
  readonly seen: Seen | null;
}

const runtime = (name: string, seen: Seen | null, also: Partial<Omit<RuntimeSignature, 'name'>> = {}): KnownRuntime => ({
  name,
  processNames: also.processNames ?? [name],
  scripts: also.scripts ?? [name],
  args: also.args ?? [],
  ...(also.plain === true ? {plain: true} : {}),
  seen,
});

const AMP: Seen = {
  versions: ['0.0.1790142911'],
  from: 'npm @sourcegraph/amp, whose program is @ampcode/cli/bin/amp.exe',
  shape: 'amp, a native program, mostly without arguments',
};
const PI: Seen = {versions: ['0.73.1'], from: 'npm @mariozechner/pi-coding-agent', shape: 'pi: node that gives itself this title'};

/**
 * One row per name that identifies a program. A row with `args` counts only when at least one of them is on the command line, GT_AGENT
 * names it in its environment, or, where it is `plain`, it was started at a terminal without any argument: other programs share its
 * name. A script with a slash is the end of a path, of a script or of the program itself (`cli.js` alone is anybody's).
 */
export const BUILT_IN_RUNTIMES: readonly KnownRuntime[] = [
  runtime(
    'claude',
    {
      versions: ['2.1.197', '2.1.332'],
      from: 'npm @anthropic-ai/claude-code (link, pnpm, bun), and the layout of its own installer',
      shape: 'claude through the link on PATH, claude.exe where it starts itself or pnpm starts it, its version in the installer’s layout',
    },
    {processNames: ['claude', 'claude-code'], scripts: ['claude', 'claude-code', 'claude-code/cli.js']},
  ),
  runtime(
    'codex',
    {
      versions: ['0.171.0'],
      from: 'npm @openai/codex',
      shape: 'node …/bin/codex → codex, native; beside it app-server daemons of its own session',
    },
    {scripts: ['codex']},
  ),
  runtime('opencode', {
    versions: ['1.18.33'],
    from: 'npm opencode-ai (link, pnpm)',
    shape: 'opencode through the link on PATH, opencode.exe by its path',
  }),
  runtime(
    'gemini',
    {versions: ['0.61.0'], from: 'npm @google/gemini-cli', shape: 'node …/bin/gemini → node --max-old-space-size=… …/bin/gemini'},
    {scripts: ['gemini', 'gemini-cli/dist/index.js', 'gemini-cli/bundle/gemini.js']},
  ),
  runtime('cursor-agent', null, {scripts: ['cursor-agent', 'cursor-agent/index.js']}),
  // Cursor's program is also installed as plain `agent`, a name that ssh, gpg and many others use.
  runtime('cursor-agent', null, {processNames: ['agent'], scripts: ['agent'], args: ['-f', '--force', '--resume', '-p', '--print']}),
  runtime('amp', AMP, {
    scripts: [],
    args: ['--dangerously-allow-all', '--no-ide', '-x', '--execute', '--stream-json', 'threads'],
    plain: true,
  }),
  runtime('amp', AMP, {processNames: [], scripts: ['amp', '@sourcegraph/amp/dist/main.js', '@ampcode/cli/bin/amp.exe']}),
  runtime(
    'copilot',
    {
      versions: ['1.0.102'],
      from: 'npm @github/copilot',
      shape: 'node …/bin/copilot → copilot-linux-x64/copilot, which the kernel calls MainThread',
    },
    {scripts: ['copilot', '@github/copilot/index.js', '@github/copilot/npm-loader.js']},
  ),
  runtime(
    'auggie',
    {versions: ['0.36.0'], from: 'npm @augmentcode/auggie', shape: 'node …/bin/auggie'},
    {scripts: ['auggie', '@augmentcode/auggie/augment.mjs']},
  ),
  runtime(
    'cline',
    {
      versions: ['3.0.65'],
      from: 'npm cline',
      shape: 'cline, native; below it cline --cline-hub-daemon, which all clines of the user share',
    },
    {scripts: ['cline', 'cline/bin/cline']},
  ),
  // A name of two letters: only an installed one.
  runtime(
    'cn',
    {versions: ['1.5.47'], from: 'npm @continuedev/cli', shape: 'node …/bin/cn'},
    {processNames: [], scripts: ['bin/cn', '.bin/cn', '@continuedev/cli/dist/cn.js']},
  ),
  runtime(
    'letta',
    {versions: ['0.25.9'], from: 'npm @letta-ai/letta-code', shape: 'node …/bin/letta'},
    {
      scripts: ['letta', '@letta-ai/letta-code/letta.js'],
    },
  ),
  runtime('pi', PI, {args: ['-e', '--extension', '--mode', '--continue', '--resume', '--session'], plain: true}),
  runtime('pi', PI, {processNames: [], scripts: ['pi-coding-agent/dist/cli.js']}),
  runtime('omp', null),
  runtime('vibe', null),
  runtime('aider', null, {scripts: ['aider', 'aider/__main__.py']}),
  runtime('goose', null, {args: ['session', 'run']}),
  runtime('crush', null, {args: ['run', '-y', '--yolo', '-c', '--cwd', '-d', '--debug', '-D', '--data-dir'], plain: true}),
  runtime(
    'qwen',
    {
      versions: ['0.15.10', '0.24.4'],
      from: 'npm @qwen-code/qwen-code',
      shape: 'node …/bin/qwen → node …/bin/qwen; three of them since 0.24',
    },
    {scripts: ['qwen', 'qwen-code/dist/index.js', 'qwen-code/cli.js']},
  ),
  runtime('kiro-cli', null, {processNames: ['kiro-cli', 'kiro-cli-chat']}),
  runtime('droid', null),
  runtime('openhands', null),
];
