// What agent programs put on the input of a hook before one of their tools runs, as one command. Pure.
import {type JsonRecord, parseRecord, recordField, textField} from '../../core/domain/json-fields.ts';
import {shellWord} from '../../core/domain/shell-word.ts';

/** Programs whose hooks are understood. */
export const HOOK_PROGRAMS = ['claude', 'codex', 'gemini', 'opencode', 'qwen', 'copilot', 'cursor'] as const;
export type HookProgram = (typeof HOOK_PROGRAMS)[number];

export interface HookInput {
  readonly command: string;
  /** Where the command would run; null where it is not said. */
  readonly cwd: string | null;
  /** Session or thread that the program names; null where it names none. */
  readonly conversation: string | null;
}

const wordsOf = (value: unknown): string | null =>
  Array.isArray(value) && value.every(word => typeof word === 'string')
    ? value.map(word => shellWord(word) ?? `'${word}'`).join(' ')
    : null;

/** `bash -lc TEXT` as a list is that text. */
const argvText = (value: unknown): string | null => {
  const [shell, flag, text] = Array.isArray(value) ? value : [];
  return typeof text === 'string' && /(?:^|\/)(?:ba|da|z|k)?sh$/.test(String(shell)) && /^-\w*c$/.test(String(flag))
    ? text
    : wordsOf(value);
};

/** Some versions hand the arguments over as text. */
const toolArguments = (record: JsonRecord, name: string): JsonRecord => {
  const text = textField(record, name);
  return recordField(record, name) ?? (text === null ? null : parseRecord(text)) ?? {};
};

const commandOf = (args: JsonRecord): string | null =>
  textField(args, 'command') ?? argvText(args.command) ?? textField(args, 'cmd') ?? argvText(args.cmd);

const joined = (base: string | null, below: string | null): string | null => {
  if (below === null || base === null || below.startsWith('/')) {
    return below ?? base;
  }
  return `${base}/${below}`;
};

/** The command of a hook’s input; null where it is none of a shell, or nothing that is understood. */
export const readHookInput = (program: HookProgram, text: string): HookInput | null => {
  const record = parseRecord(text);
  if (record === null) {
    return null;
  }
  const [first] = Array.isArray(record.workspace_roots) ? record.workspace_roots : [];
  const cwd = textField(record, 'cwd') ?? (typeof first === 'string' ? first : null);
  const conversation =
    textField(record, 'session_id') ??
    textField(record, 'sessionId') ??
    textField(record, 'sessionID') ??
    textField(record, 'conversation_id');
  const args = program === 'copilot' ? toolArguments(record, 'toolArgs') : toolArguments(record, 'tool_input');
  const command = commandOf(args) ?? (program === 'cursor' || program === 'opencode' ? commandOf(record) : null);
  const place = textField(args, 'dir_path') ?? textField(args, 'workdir') ?? textField(args, 'cwd');
  return command === null ? null : {command, cwd: joined(cwd, place), conversation};
};

export const isHookProgram = (name: string): name is HookProgram => HOOK_PROGRAMS.some(each => each === name);
