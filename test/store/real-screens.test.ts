// What the screens of real agent programs say: captured with `tmux capture-pane -p`, 40 rows high, at the width in their names, from
// claude 2.1.197, codex 0.171.0, gemini-cli 0.61.0, opencode 1.18.33, qwen-code 0.15.10, copilot 1.0.102, auggie 0.36.0,
// cline 3.0.65, cn 1.5.47, pi 0.73.1 and amp.
import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {readActivity} from '../../src/store/activity.ts';

const folder = new URL('screens/', import.meta.url);

const said = (file: string): string => {
  const text = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n').slice(-32);
  const seen = readActivity({tail: text.map(line => line.trimEnd()).filter(line => line !== ''), unchangedMs: 0}, 'a while');
  return seen === null ? 'nothing' : seen.word === 'WAITING' ? `WAITING: ${seen.text}` : seen.word;
};

const SAYS: Readonly<Record<string, string>> = {
  'amp-login': 'WAITING: Would you like to log in to Amp? [(y)es, (n)o]:',
  'auggie-login': 'WAITING: New to Augment? You can create an account from the login page.',
  'claude-edit': 'WAITING: Do you want to create new.txt?',
  'claude-permission': 'WAITING: Do you want to proceed?',
  'claude-plan': 'WAITING: Exit plan mode?',
  'claude-prompt': 'nothing',
  'claude-question': 'WAITING: Which colour shall it be?',
  'claude-trust': 'WAITING: Quick safety check: Is this a project you created or one you trust? (Like your',
  'claude-working': 'BUSY',
  'cline-login': 'WAITING: ✦ Sign in with ChatGPT',
  'cn-login': 'WAITING: Enter your Anthropic API key:',
  'codex-login': 'WAITING: Choose how you want to use Codex.',
  'codex-permission': 'WAITING: Would you like to run the following command?',
  'codex-prompt': 'nothing',
  'codex-trust': 'WAITING: Trust this folder? Codex can read, edit, and run files here, subject to your',
  'codex-working': 'BUSY',
  'copilot-trust': 'WAITING: Do you trust the files in this folder?',
  'gemini-permission': 'WAITING: Allow execution of [Shell]?',
  'gemini-prompt': 'nothing',
  'gemini-trust': 'WAITING: Do you trust the files in this folder?',
  'gemini-working': 'BUSY',
  'opencode-permission': 'WAITING: △ Permission required',
  'opencode-prompt': 'nothing',
  'opencode-working': 'BUSY',
  'pi-prompt': 'nothing',
  'qwen-permission': "WAITING: Allow execution of: 'touch'?",
  'qwen-login': 'WAITING: Select Authentication Method',
};

test.each(readdirSync(folder).toSorted())('%s', file => {
  const expected = SAYS[file.replace(/-\d+\.txt$/, '')] ?? 'not said';
  expect(said(file).slice(0, expected.length)).toBe(expected);
});
