// What an environment at exec time says about where a process was started, and by whom. Pure.
import type {Evidence} from '../../domain/agent.ts';
import type {ProcessMap} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import {ownValue} from '../../domain/own-value.ts';
import type {Process} from '../../domain/process.ts';
import type {SlotMark} from '../../domain/slot-place.ts';

type Env = Readonly<Record<string, string>>;

/** Environment variables that an agent program sets for what it starts. */
export const AGENT_PROGRAM_MARKS = [
  'AI_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_CHILD_SESSION',
  'CODEX_CI',
  'CODEX_THREAD_ID',
  'CODEX_SESSION_ID',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'GOOSE_TERMINAL',
  'OPENCODE',
  'OPENCODE_PID',
  'QWEN_CODE',
  'QWEN_CODE_SESSION_ID',
] as const;

/** Those, and what a tool that runs agents sets. */
export const AGENT_MARKS = [
  'GT_ROLE',
  'GT_AGENT',
  'GT_SESSION',
  'GT_POLECAT',
  'GT_CREW',
  'GT_RIG',
  'BD_ACTOR',
  'BEADS_AGENT_NAME',
  ...AGENT_PROGRAM_MARKS,
] as const;

/** Variables in which an agent program tells what it starts its own pid. */
const OWNER_PIDS = ['CLAUDE_PID', 'OPENCODE_PID'] as const;

/** The pid that an agent program gave as its own to what it started, with the variable; null where none did. */
export const ownerPid = (env: Env): {readonly name: string; readonly pid: number} | null => {
  for (const name of OWNER_PIDS) {
    const text = ownValue(env, name) ?? '';
    if (/^\d+$/.test(text) && Number(text) > 1) {
      return {name, pid: Number(text)};
    }
  }
  return null;
};

/** Variables in which an agent program tells what it starts which conversation it is; of one program the innermost first. */
export const CONVERSATION_MARKS = [
  {program: 'claude', name: 'CLAUDE_CODE_SESSION_ID'},
  {program: 'codex', name: 'CODEX_THREAD_ID'},
  {program: 'codex', name: 'CODEX_SESSION_ID'},
  {program: 'qwen', name: 'QWEN_CODE_SESSION_ID'},
] as const;

/** The conversation in which a process was started, with the variable; null where none is named. */
export const conversationMark = (env: Env): {readonly name: string; readonly id: string} | null => {
  for (const {name} of CONVERSATION_MARKS) {
    const id = ownValue(env, name) ?? '';
    if (id !== '') {
      return {name, id};
    }
  }
  return null;
};

/** Conversations of which something runs: what an agent starts bears their id. */
export const conversationsAtWork = ({processes}: {readonly processes: ProcessMap}): ReadonlySet<string> =>
  new Set(
    [...processes.values()].flatMap(({env, state}) => {
      const words = state === 'Z' ? undefined : knownValue(env);
      return words === undefined ? [] : [words.CODEX_THREAD_ID, words.CLAUDE_CODE_SESSION_ID].filter(id => id !== undefined);
    }),
  );

/** Marks that an agent, or a tool that runs agents or gives out slots, put into an environment: no person typed this by hand. */
export const agentMarks = (process: Pick<Process, 'env' | 'pid'>, slotMarks: readonly SlotMark[]): readonly Evidence[] => {
  const env = knownValue(process.env);
  return env === undefined
    ? []
    : [...AGENT_MARKS, ...slotMarks.flatMap(({slug}) => slug ?? [])].flatMap(name => {
        const value = ownValue(env, name);
        return value === undefined ? [] : [{fact: `${name}=${value}`, source: `environment of ${process.pid}`}];
      });
};
