// The agent programs rigtop knows without configuration. Data, pure.
import type {RuntimeSignature} from '../core/domain/settings.ts';

const runtime = (name: string, also: Partial<Omit<RuntimeSignature, 'name'>> = {}): RuntimeSignature => ({
  name,
  processNames: also.processNames ?? [name],
  scripts: also.scripts ?? [name],
  args: also.args ?? [],
});

/**
 * One row per name that identifies a program. A row with `args` counts only when at least one of them is on the command
 * line, or GT_AGENT names it in its environment: other programs share its name. A script with a slash is the end of a path
 * (`cli.js` alone is anybody's).
 */
export const BUILT_IN_RUNTIMES: readonly RuntimeSignature[] = [
  runtime('claude', {processNames: ['claude', 'claude-code'], scripts: ['claude', 'claude-code', 'claude-code/cli.js']}),
  runtime('codex', {scripts: ['codex', 'codex.js']}),
  runtime('opencode'),
  runtime('gemini', {scripts: ['gemini', 'gemini.js', 'gemini-cli/dist/index.js']}),
  runtime('cursor-agent', {scripts: ['cursor-agent', 'cursor-agent/index.js']}),
  // Cursor's program is also installed as plain `agent`, a name that ssh, gpg and many others use.
  runtime('cursor-agent', {processNames: ['agent'], scripts: ['agent'], args: ['-f', '--force', '--resume', '-p', '--print']}),
  runtime('amp', {scripts: [], args: ['--dangerously-allow-all', '--no-ide', '-x', '--execute', '--stream-json', 'threads']}),
  runtime('amp', {processNames: [], scripts: ['amp', '@sourcegraph/amp/dist/main.js']}),
  runtime('copilot', {scripts: ['copilot', '@github/copilot/index.js', '@github/copilot/npm-loader.js']}),
  runtime('auggie'),
  runtime('pi', {args: ['-e', '--extension', '--mode', '--continue', '--resume', '--session']}),
  runtime('pi', {processNames: [], scripts: ['pi-coding-agent/dist/cli.js']}),
  runtime('omp'),
  runtime('vibe'),
  runtime('aider', {scripts: ['aider', 'aider/__main__.py']}),
  runtime('goose', {args: ['session', 'run']}),
  runtime('crush', {args: ['run', '-y', '--yolo', '-c', '--cwd', '-d', '--debug', '-D', '--data-dir']}),
  runtime('qwen', {scripts: ['qwen', 'qwen-code/dist/index.js', 'qwen-code/cli.js']}),
  runtime('kiro-cli', {processNames: ['kiro-cli', 'kiro-cli-chat']}),
  runtime('droid'),
  runtime('openhands'),
];
