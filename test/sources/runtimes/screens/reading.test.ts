import {describe, expect, test} from 'vitest';
import {readScreen} from '../../../../src/sources/runtimes/screens/reading.ts';

const MINUTE = 60_000;
const RULE = '─'.repeat(80);
const says = (text: string, {runtime = null, unchangedMs = 0}: {runtime?: string | null; unchangedMs?: number} = {}): string => {
  const {state, text: words} = readScreen({lines: text.split('\n'), width: 80, runtime, unchangedMs});
  return words === null ? state : `${state}: ${words}`;
};
const claude = (above: string, foot = '  ? for shortcuts', more: {unchangedMs?: number} = {}): string =>
  says(`${above}\n${RULE}\n❯ \n${RULE}\n${foot}`, {runtime: 'claude', ...more});

describe('a screen of any program', () => {
  test.each([
    [
      '────\nBash command\n  rm -r dist && make\n  Builds anew\nDo you want to proceed?\n❯ 1. Yes\n  2. No',
      'asks: rm -r dist && make: Do you want to proceed?',
    ],
    [
      '$ ls\n? Fetch https://a.example/\nAllow execution of [Shell]?\n● 1. Allow once\n  2. No',
      'asks: https://a.example/: Allow execution of [Shell]?',
    ],
    ['Bash command\n  make\nDo you want to make this edit to x.ts?\n❯ 1. Yes\n  2. No', 'asks: Do you want to make this edit to x.ts?'],
    ['╭────╮\n│ Do you want to proceed? │\n│ ❯ 1. Yes │\n│   2. No │\n╰────╯', 'asks: Do you want to proceed?'],
    ['Allow command `rm -rf dist`?', 'asks: Allow command `rm -rf dist`?'],
    ['Overwrite existing file? [y/N]', 'asks: Overwrite existing file? [y/N]'],
    ['⠏ Waiting for user confirmation...', 'asks: ⠏ Waiting for user confirmation...'],
    ['✻ Thinking… (12s · esc to interrupt)\n\n> ', 'busy'],
    ['⠋ Working (esc to cancel, 3s)', 'busy'],
    ['✻ Working… (8s · esc to interrupt)\nDo you want to proceed?\n❯ 1. Yes\n  2. No\nEsc to cancel', 'asks: Do you want to proceed?'],
    ['13 + Do you want to use a custom port?\n14 + a\n15 + b\n16 + c\n● Done.\n❯ \n  ? for shortcuts', 'unknown'],
    [
      'Is this a project you made or one you trust?\n\n> 1. Yes, I trust this folder\n  2. No, exit\n\nEnter to confirm',
      'asks: Is this a project you made or one you trust?',
    ],
    ['● I see three ways.\n  1. Wait\n  2. Go\n❯ \n  ? for shortcuts', 'unknown'],
    ['! Shell awaiting input (Tab to focus)', 'asks: ! Shell awaiting input (Tab to focus)'],
    [
      'Run this command?\nNot in allowlist: npm\n→ Run (once) (y) (enter)\n  Reject (esc or p)\n  Auto-run all commands (shift+tab)',
      'asks: Run this command?',
    ],
    [
      'Run this command?\nNot in allowlist: npm\n→ Run (once) (y) (enter)\n  Reject (esc or p)\n  Add Shell(npm) to allowlist? (tab)\n  Auto-run all commands (shift+tab)',
      'asks: Run this command?',
    ],
    ['Run this command?\n→ Read src/a.ts\n→ Read src/b.ts\n→ Read src/c.ts\n● Done.\n● Next.\n❯ ', 'unknown'],
    [
      "Add src/x.py to the chat? (Y)es/(N)o/(D)on't ask again [Yes]:",
      "asks: Add src/x.py to the chat? (Y)es/(N)o/(D)on't ask again [Yes]:",
    ],
    ['$ ', 'unknown'],
    ['I asked whether you want to go on. You said yes.', 'unknown'],
  ])('%j: %s', (text, said) => {
    expect(says(text)).toBe(said);
  });

  test('silence is told from standing still at work', () => {
    expect(says('> ', {unchangedMs: 4 * MINUTE})).toBe('unknown');
    expect(says('> ', {unchangedMs: 21 * MINUTE})).toBe('idle');
    expect(says('(esc to interrupt)', {unchangedMs: 9 * MINUTE})).toBe('busy');
    expect(says('(esc to interrupt)', {unchangedMs: 21 * MINUTE})).toBe('stuck: says that it works, its screen stands still');
    expect(says('Proceed? (y/n)', {unchangedMs: 21 * MINUTE})).toBe('asks: Proceed? (y/n)');
  });

  test('a question that has scrolled far away was answered', () => {
    expect(says(['Do you want to proceed?', ...Array.from({length: 14}, (_, line) => `line ${line}`)].join('\n'))).toBe('unknown');
  });
});

test('a notice of the program itself is no answer', () => {
  const qwen = `  │ >_ Qwen Code (v0.15.10) │\n  ℹ Update successful!\n${RULE}\n>   Type your message or @path/to/file\n${RULE}\n  ? for shortcuts`;
  expect(says(qwen, {runtime: 'qwen'})).toBe('idle');
});

test('opencode is not at its prompt where no prompt is in sight', () => {
  expect(
    says('△ Permission required\n# Shell command\n$ ls\nAllow once   Allow always   Reject   enter confirm', {runtime: 'opencode'}),
  ).toBe('asks: ls: △ Permission required');
  expect(says('error: cannot open the database', {runtime: 'opencode'})).toBe('unknown');
});

describe('claude at its prompt', () => {
  test('works where it says so below what looks like a question', () => {
    expect(claude('13 + Do you want to use a custom port? Pass --port.\n✻ Working… (8s · esc to interrupt)')).toBe('busy');
    expect(claude('13 + Do you want to use a custom port? Pass --port.\n✳ Philosophising… (5s · ↓ 32 tokens)', '  esc to interrupt')).toBe(
      'busy',
    );
  });

  test('has finished, with the last line of its answer', () => {
    expect(claude('❯ go on\n● All 41 tests pass.\n\n✻ Churned for 12s')).toBe('done: All 41 tests pass.');
    expect(claude('● I see two ways:\n  1. Wait\n  2. Go')).toBe('done: 2. Go');
    expect(claude('❯ 1. write the test\n● All done.')).toBe('done: All done.');
  });

  test('asks where the answer ends with a question to the person', () => {
    expect(claude('● Would you like me to go on with the second part?\n✻ Churned for 20s')).toBe(
      'asks: Would you like me to go on with the second part?',
    );
  });

  test('has nothing to tell before the first prompt, however long that is ago', () => {
    expect(claude('╭─── Claude Code v2.1.332 ───╮\n│ Welcome back! │')).toBe('idle');
    expect(claude('● All done.', '  ? for shortcuts', {unchangedMs: 900 * MINUTE})).toBe('done: All done.');
  });

  test('works on while something of its own runs beside the prompt', () => {
    expect(claude('● The server runs.', '  2 shells · ← for agents')).toBe(
      'busy: at its prompt, something of its own goes on: 2 shells · ← for agents',
    );
  });
});

test('of a line as long as a whole screen the end is read: the question, and no expression goes over the rest', () => {
  const question = 'Do you want to proceed?';
  const says = readScreen({lines: [`${'('.repeat(30_000)} ${question}`], width: 200, runtime: 'claude', unchangedMs: 0});
  expect(says).toMatchObject({state: 'asks', text: expect.stringMatching(/^\({976} Do you want to proceed\?$/)});
});
