// Where and how each agent program is told to ask rigtop before it runs a command. Pure.
import {join} from 'node:path';
import {addItem, type Edited, removeItems, setMember} from '../../config/edit/edit-json.ts';
import {type JsonRecord, parseRecord} from '../../core/domain/json-fields.ts';
import {shellWord} from '../../core/domain/shell-word.ts';
import {opencodePlugin} from './opencode-plugin.ts';
import {type SettingsPlace, type SettingsProgram, settingsDirectory} from './programs.ts';

/** What starts it: absolute, because agents do not start programs with the PATH of a person's shell. */
export interface GuardCommand {
  readonly node: string;
  readonly script: string;
}

export interface GuardEntry {
  readonly file: string;
  /** What a person still has to do for it to count; null where nothing is. */
  readonly remains: string | null;
  set(text: string): Edited;
  remove(text: string): Edited;
}

/** Longer than the guard ever takes. A program that waits no longer lets the command run. */
const SECONDS = 10;

const commandLine = ({node, script}: GuardCommand, program: SettingsProgram): string =>
  [node, script, 'guard', '--for', program].map(word => shellWord(word) ?? `'${word}'`).join(' ');

/** Entries of any rigtop are ours, whatever place it was installed in. */
const isOurs = (item: unknown): boolean => /rigtop(?:\.js)?'? guard --for /.test(JSON.stringify(item));

const isThere = (text: string, path: readonly string[], item: JsonRecord): boolean => {
  const same = addItem(text, path, item);
  return same.ok && same.text === text;
};

const inList = (file: string, path: readonly string[], item: JsonRecord, remains: string | null = null): GuardEntry => ({
  file,
  remains,
  set: text => {
    if (isThere(text, path, item)) {
      return {ok: true, text};
    }
    const cleared = removeItems(text, path, isOurs);
    return cleared.ok ? addItem(cleared.text, path, item) : cleared;
  },
  remove: text => removeItems(text, path, isOurs),
});

const ownFile = (file: string, contents: string): GuardEntry => ({
  file,
  remains: null,
  set: () => ({ok: true, text: contents}),
  remove: () => ({ok: true, text: ''}),
});

/** A file with a version of its own; without one it does not count. */
const withVersion = (entry: GuardEntry): GuardEntry => ({
  ...entry,
  set: text => {
    const hasVersion = text.trim() !== '' && parseRecord(text)?.version !== undefined;
    const versioned: Edited = hasVersion ? {ok: true, text} : setMember(text, ['version'], 1);
    return versioned.ok ? entry.set(versioned.text) : versioned;
  },
});

/** Tools of Claude Code that run a command of a shell, those of servers that look like it among them. */
const CLAUDE_TOOLS = 'Bash|PowerShell|Monitor|mcp__.*(?:shell|bash|terminal|exec|command|process).*';

/** The entry of one program in its user's own file. */
export const guardEntry = (program: SettingsProgram, place: SettingsPlace, command: GuardCommand): GuardEntry => {
  const directory = settingsDirectory(program, place);
  const line = commandLine(command, program);
  const hook = (timeout: number): JsonRecord => ({type: 'command', command: line, timeout});
  switch (program) {
    case 'claude':
      return inList(join(directory, 'settings.json'), ['hooks', 'PreToolUse'], {matcher: CLAUDE_TOOLS, hooks: [hook(SECONDS)]});
    case 'codex':
      return inList(
        join(directory, 'hooks.json'),
        ['hooks', 'PreToolUse'],
        {matcher: 'Bash', hooks: [hook(SECONDS)]},
        'Codex runs it only once you have trusted it: start codex and type /hooks.',
      );
    case 'gemini':
      return inList(join(directory, 'settings.json'), ['hooks', 'BeforeTool'], {
        matcher: 'run_shell_command',
        hooks: [{...hook(SECONDS * 1000), name: 'rigtop-guard'}],
      });
    case 'qwen':
      return inList(join(directory, 'settings.json'), ['hooks', 'PreToolUse'], {
        matcher: 'run_shell_command',
        hooks: [{...hook(SECONDS * 1000), name: 'rigtop-guard'}],
      });
    case 'opencode':
      return ownFile(join(directory, 'plugins', 'rigtop-guard.js'), opencodePlugin(command.node, command.script));
    case 'copilot': {
      const entry = {type: 'command', bash: line, timeoutSec: SECONDS};
      return ownFile(
        join(directory, 'hooks', 'rigtop-guard.json'),
        `${JSON.stringify({version: 1, hooks: {preToolUse: [entry]}}, null, 2)}\n`,
      );
    }
    case 'cursor':
      return withVersion(
        inList(join(directory, 'hooks.json'), ['hooks', 'beforeShellExecution'], {command: line, timeout: SECONDS, failClosed: true}),
      );
  }
};
