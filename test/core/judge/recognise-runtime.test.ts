// Which command lines are agents, and which only mention one.
import {describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {indexRuntimes, recogniseProgram, recogniseRuntime} from '../../../src/core/judge/programs/recognise-runtime.ts';
import {runtimeOfCommand} from '../../../src/core/judge/programs/start-command.ts';
import {process} from '../../support/world.ts';

const table = indexRuntimes(DEFAULT_SETTINGS.runtimes);
const recognise = (argv: readonly string[], comm?: string, agent?: string, atTerminal = false) =>
  recogniseProgram({argv, comm: comm ?? (argv[0] ?? '').split('/').at(-1)?.slice(0, 15) ?? ''}, table, {agent, atTerminal})?.runtime ??
  null;

describe('an agent is recognised', () => {
  test.each<[string, readonly string[], string | undefined]>([
    ['claude', ['claude', '--dangerously-skip-permissions'], undefined],
    ['claude', ['/home/u/.local/bin/claude'], undefined],
    ['claude', ['claude-code'], undefined],
    ['claude', ['node', '/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js', '--continue'], undefined],
    ['claude', ['node', '--max-old-space-size=8192', '/usr/local/bin/claude'], undefined],
    ['claude', ['node', '--require', '/x/hook.js', '/usr/local/bin/claude'], undefined],
    ['claude', ['npm exec @anthropic-ai/claude-code'], 'npm exec @anthr'],
    ['claude', ['bunx', '@anthropic-ai/claude-code@latest'], undefined],
    ['claude', ['pnpm', 'dlx', '@anthropic-ai/claude-code'], undefined],
    ['claude', ['/bin/sh', '/opt/tools/claude', '--print'], undefined],
    ['claude', ['/bin/bash', '/opt/tools/claude'], 'claude'],
    ['claude', ['/nix/store/abc/bin/.claude-unwrapped'], '.claude-unwrapp'],
    ['claude', ['gt-claude'], undefined],
    ['claude', ['/home/u/.local/share/claude/versions/2.1.30'], '2.1.30'],
    ['claude', ['claude'], '2.1.30'],
    ['codex', ['node', '/home/u/.nvm/versions/node/v22/bin/codex', '--yolo'], undefined],
    ['codex', ['node', '/usr/bin/npx', '-y', '@openai/codex'], undefined],
    ['codex', ['/opt/codex/vendor/x86_64-unknown-linux-musl/codex/codex', 'exec', 'fix it'], undefined],
    ['opencode', ['bun', 'run', '/usr/bin/opencode'], undefined],
    ['gemini', ['node', '/usr/bin/gemini', '--approval-mode', 'yolo'], undefined],
    ['aider', ['python3', '-u', '/home/u/.local/bin/aider', '--yes'], undefined],
    ['aider', ['python3', '-m', 'aider'], undefined],
    ['aider', ['uv', 'tool', 'run', 'aider'], undefined],
    ['cursor-agent', ['agent', '-f'], undefined],
    ['goose', ['goose', 'session'], undefined],
    ['copilot', ['node', '/usr/lib/node_modules/@github/copilot/index.js'], undefined],
    // As they were seen: npm's packages bring program files called .exe on every system.
    ['claude', ['/x/node_modules/@anthropic-ai/claude-code/bin/claude.exe', '--agent-id', 'w1@team'], undefined],
    ['opencode', ['/x/node_modules/opencode-ai/bin/opencode.exe'], undefined],
    ['amp', ['/x/node_modules/@ampcode/cli/bin/amp.exe'], undefined],
    ['claude', ['/home/u/.local/share/claude/versions/2.1.267', '--resume', 'x'], '2.1.267'],
    ['codex', ['/x/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex'], undefined],
    ['gemini', ['/usr/bin/node', '--max-old-space-size=12052', '/x/node_modules/.bin/gemini'], 'node'],
    ['copilot', ['/x/node_modules/@github/copilot-linux-x64/copilot'], 'MainThread'],
    ['codex', ['/opt/codex-x86_64-unknown-linux-musl', '--yolo'], 'codex-x86_64-un'],
    ['codex', ['./codex-aarch64-apple-darwin'], 'codex-aarch64-a'],
    ['opencode', ['/home/u/bin/opencode-linux-x64'], 'opencode-linux-'],
    ['cline', ['cline'], undefined],
    ['cn', ['node', '/x/node_modules/.bin/cn'], 'node'],
    ['letta', ['node', '/x/node_modules/.bin/letta'], 'node'],
    ['auggie', ['node', '/x/node_modules/.bin/auggie'], 'node'],
    ['qwen', ['/usr/bin/node', '/x/node_modules/.bin/qwen'], 'node'],
  ])('%s: %j', (runtime, argv, comm) => {
    expect(recognise(argv, comm)).toBe(runtime);
  });

  test.each([['amp'], ['pi'], ['crush']])('%s without arguments, at a terminal', name => {
    expect(recognise([name], name, undefined, true)).toBe(name);
    expect(recognise([name], name)).toBe(null);
    expect(recognise([name, 'digits.txt'], name, undefined, true)).toBe(null);
    expect(runtimeOfCommand(`exec ${name}`, table)?.runtime).toBe(name);
  });

  test('by the runner that is about to start it, which is none itself', () => {
    const runner = process(5, 1, 'npm exec claude', {argv: ['npm exec claude']});
    expect(recogniseRuntime(runner, table)).toMatchObject({runtime: 'claude', awaited: true});
    expect(recogniseRuntime(process(6, 1, 'bun', {argv: ['bun', 'run', '/usr/bin/opencode']}), table)?.awaited).toBe(undefined);
  });

  test('by GT_AGENT where the name alone is anybody’s', () => {
    expect(recognise(['goose'], 'goose', 'goose')).toBe('goose');
    expect(recognise(['/opt/thing/3.0.1'], '3.0.1', 'claude')).toBe('claude');
  });
});

describe('a mention is no agent', () => {
  test.each<readonly string[]>([
    ['vim', 'claude.md'],
    ['grep', '-r', 'claude', '.'],
    ['tail', '-f', 'claude.log'],
    ['tmux', 'new', '-s', 'x', 'claude'],
    ['sh', '-c', 'claude --continue; bash'],
    ['bash', '-lc', '/usr/local/bin/claude'],
    ['node', '-e', 'console.log("claude")', 'claude'],
    ['node', '/srv/app/server.js', 'claude'],
    ['python3', '-c', 'print(1)', 'aider'],
    ['git', 'log', '--author', 'claude'],
    ['agent'],
    ['pi'],
    ['goose', 'db', 'migrate'],
    ['/opt/thing/3.0.1'],
    ['/Applications/Claude.app/Contents/MacOS/Claude'],
    ['claudette'],
    ['ssh', 'host', 'claude'],
  ])('%j %j %j', (...argv) => {
    expect(recognise(argv)).toBe(null);
  });

  test.each<readonly string[]>([
    ['claude', 'mcp', 'serve'],
    ['codex', 'mcp'],
    ['codex', 'app-server'],
    ['/x/node_modules/@cline/cli-linux-x64/bin/cline', '--cline-hub-daemon', '--cwd', '/w'],
    ['/home/u/.local/share/claude/versions/2.1.267', 'mcp', 'serve'],
    ['pi.exe', 'digits.txt'],
    ['node', '/w/cn.js'],
    ['python3', 'gemini.py'],
    ['python3', '/home/u/bots/aider.py', '--x'],
    ['node', '/w/scripts/codex.js'],
    ['tsx', 'claude.ts'],
    ['node', '/usr/bin/codex', 'mcp-server'],
    ['claude', '--version'],
    ['claude', 'update'],
  ])('serving tools or answering a question: %j %j %j', (...argv) => {
    expect(recognise(argv)).toBe(null);
  });

  test('the defunct', () => {
    expect(recogniseRuntime(process(5, 1, 'claude', {state: 'Z'}), table)).toBe(null);
  });
});
