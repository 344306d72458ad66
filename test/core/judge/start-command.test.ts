// Agent programs in the shell text that a pane was started with.
import {expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {indexRuntimes} from '../../../src/core/judge/programs/recognise-runtime.ts';
import {runtimeOfCommand, splitWords} from '../../../src/core/judge/programs/start-command.ts';

const table = indexRuntimes(DEFAULT_SETTINGS.runtimes);

test.each<[string, string | null]>([
  ['claude', 'claude'],
  ['claude --dangerously-skip-permissions "fix the bug"', 'claude'],
  ['exec env GT_ROLE=mayor GT_AGENT=codex codex --yolo', 'codex'],
  ['"exec env GT_ROLE=mayor claude --settings /x"', 'claude'],
  ['cd /home/u/w && exec claude', 'claude'],
  ['export A=b && export C="d e" && exec gemini --approval-mode yolo', 'gemini'],
  [`bash -lc 'cd x; claude --continue'`, 'claude'],
  ['sh -c "exec -a claude sleep 1"; exec bash', 'claude'],
  ['npx @openai/codex', 'codex'],
  ['vim claude.md', null],
  ['echo claude && bash', null],
  ['tail -f /var/log/claude', null],
  ['claude mcp serve', null],
  ['', null],
  ['"', null],
])('%s → %s', (text, runtime) => {
  expect(runtimeOfCommand(text, table)?.runtime ?? null).toBe(runtime);
});

test('quotes, escapes and separators', () => {
  expect(splitWords(`a 'b c' "d \\" e" f\\ g && h;i`)).toEqual(['a', 'b c', 'd " e', 'f g', '&&', 'h', ';', 'i']);
});
