// What the screens of real agent programs say: captured with `tmux capture-pane -p`, 40 rows high, at the width in their names, from
// claude 2.1.197, codex 0.171.0, gemini-cli 0.61.0, opencode 1.18.33, qwen-code 0.15.10, copilot 1.0.102, auggie 0.36.0,
// cline 3.0.65, cn 1.5.47, pi 0.73.1 and amp; the first five at work against a model on loopback, the others as far as they go
// without an account. Those of a name with `-332` are of claude 2.1.332, with `-24` of qwen-code 0.24.4.
//
// Not seen: the first start of claude (it asks its network first), copilot beyond its trust and login screens, a trust question of
// qwen and opencode, a plan to approve in gemini, opencode and qwen, and a working or finished turn of auggie, cline, cn, pi and amp.
import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {readScreen} from '../../../../src/sources/runtimes/screens/reading.ts';

const folder = new URL('../../../fixtures/screens/', import.meta.url);

const said = (runtime: string, file: string): string => {
  const lines = readFileSync(new URL(`${runtime}/${file}`, folder), 'utf8').split('\n');
  const {state, text} = readScreen({lines, runtime, width: Number(/-(\d+)\.txt$/.exec(file)?.[1]), unchangedMs: 0});
  return text === null ? state : `${state}: ${text.replace(/\b\d+q?\.ts\b/, 'FILE')}`;
};

const SAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  amp: {login: 'asks: Would you like to log in to Amp? [(y)es, (n)o]:'},
  auggie: {login: 'asks: New to Augment? You can create an account from the login page.'},
  claude: {
    declined: 'done: Interrupted · What should Claude do instead?',
    'diff-working': 'busy',
    done: 'done: Changed 3 files; 41 tests pass.',
    edit: 'asks: Do you want to create ',
    login: 'asks: Select login method:',
    permission: 'asks: touch made.txt: Do you want to proceed?',
    plan: 'asks: Exit plan mode?',
    prompt: 'idle',
    question: 'asks: Which colour shall it be?',
    shell: 'busy: at its prompt, something of its own goes on: 1 shell · ← for agents',
    trust: 'asks: Quick safety check: Is this a project you created or one you trust?',
    working: 'busy',
    'declined-332': 'done: Interrupted · What should Claude do instead?',
    'done-332': 'done: All done.',
    'edit-332': 'asks: Do you want to create new.ts?',
    'permission-332': 'asks: touch made.txt: Do you want to proceed?',
    'prompt-332': 'idle',
    'question-332': 'asks: Which colour shall it be?',
    'shell-332': 'busy: at its prompt, something of its own goes on: 1 shell · ↓ to manage',
    'working-332': 'busy',
  },
  cline: {login: 'asks: ✦ Sign in with ChatGPT'},
  cn: {login: 'asks: Enter your Anthropic API key:'},
  codex: {
    declined: 'done: Conversation interrupted',
    'diff-working': 'busy',
    done: 'done: Changed 3 files; 41 tests pass.',
    login: 'asks: Choose how you want to use Codex.',
    permission: 'asks: touch made.txt: Would you like to run the following command?',
    plan: 'asks: Implement this plan?',
    prompt: 'idle',
    question: 'asks: Which colour shall it be?',
    trust: 'asks: Trust this folder? Codex can read, edit, and run files here, subject to your',
    working: 'busy',
  },
  copilot: {
    login: 'asks: Please use /login to sign in to use Copilot',
    refused: 'asks: Please use /login to sign in to use Copilot',
    trust: 'asks: Do you trust the files in this folder?',
  },
  gemini: {
    declined: 'done: Request cancelled.',
    'diff-working': 'busy',
    done: 'done: Changed 3 files; 41 tests pass.',
    edit: 'asks: Writing to FILE: Apply this change?',
    login: 'asks: How would you like to authenticate for this project?',
    permission: 'asks: touch made.txt: Allow execution of [Shell]?',
    prompt: 'idle',
    question: 'asks: Which colour shall it be',
    trust: 'asks: Do you trust the files in this folder?',
    working: 'busy',
  },
  opencode: {
    declined: 'done: $ touch made.txt',
    'diff-working': 'busy',
    done: 'done: Changed 3 files; 41 tests pass.',
    permission: 'asks: touch made.txt: △ Permission required',
    prompt: 'idle',
    question: 'asks: Which colour shall it be?',
    working: 'busy',
  },
  pi: {prompt: 'unknown'},
  qwen: {
    declined: 'done: -  Shell touch made.txt (Run it)',
    'diff-working': 'busy',
    done: 'done: Changed 3 files; 41 tests pass.',
    edit: 'asks: Writing to FILE: Apply this change?',
    login: 'asks: Select Authentication Method',
    'login-24': 'asks: Connect a Provider',
    permission: "asks: touch made.txt (Run it): Allow execution of: 'touch'?",
    prompt: 'idle',
    'declined-24': 'done: - Shell touch other.txt (run it)',
    'done-24': 'done: All done.',
    'edit-24': 'asks: Writing to new.ts: Apply this change?',
    'permission-24': "asks: touch made.txt (run it): Allow execution of: 'touch'?",
    'prompt-24': 'idle',
    'question-24': 'asks: Which colour shall it be?',
    'survey-24': 'done: All done.',
    'working-24': 'busy',
  },
};

const CAPTURES = readdirSync(folder, {withFileTypes: true})
  .filter(entry => entry.isDirectory())
  .flatMap(({name}) => readdirSync(new URL(`${name}/`, folder)).map(file => [name, file] as const))
  .toSorted(([one, first], [other, second]) => one.localeCompare(other) || first.localeCompare(second));

test.each(CAPTURES)('%s %s', (runtime, file) => {
  const expected = SAYS[runtime]?.[file.replace(/-\d+\.txt$/, '')] ?? 'not said';
  expect(said(runtime, file).slice(0, expected.length)).toBe(expected);
});

test.each(Object.entries(SAYS).flatMap(([runtime, states]) => Object.keys(states).map(state => [runtime, state] as const)))(
  'every state of %s has its captures: %s',
  (runtime, state) => {
    expect(CAPTURES.filter(([of, file]) => of === runtime && file.startsWith(`${state}-`)).length).toBeGreaterThan(0);
  },
);

test.each(['claude', 'codex', 'gemini', 'opencode', 'qwen'])('the own words of %s end above its prompt', runtime => {
  const lines = readFileSync(new URL(`${runtime}/done-80.txt`, folder), 'utf8').split('\n');
  const {above} = readScreen({lines, runtime, width: 80, unchangedMs: 0});
  const own = lines.filter(line => line.trim() !== '').slice(0, above);
  expect(own.slice(-3).join('\n')).toContain('41 tests pass');
  expect(own.at(-1)).not.toMatch(/Type your message|for shortcuts|Ask Codex|ctrl\+p|accept edits/);
});
