// How each agent program is told that a command may not run. What may run is answered with nothing at all: its own rules decide. Pure.
import type {HookProgram} from './hook-input.ts';

export type Verdict = {readonly decision: 'allow'} | {readonly decision: 'deny' | 'ask'; readonly reason: string};

/** Programs in which a question lets the command run, or waits for ever where nobody is there. */
const ONLY_DENIES: ReadonlySet<HookProgram> = new Set<HookProgram>(['codex', 'gemini', 'opencode']);

/** What a decision comes to in a program: where it cannot ask, it denies. */
export const decisionIn = (program: HookProgram, decision: 'deny' | 'ask'): 'deny' | 'ask' =>
  ONLY_DENIES.has(program) ? 'deny' : decision;

const inWords = (program: HookProgram, decision: 'deny' | 'ask', reason: string): unknown => {
  switch (program) {
    case 'claude':
    case 'codex':
    case 'qwen':
      return {hookSpecificOutput: {hookEventName: 'PreToolUse', permissionDecision: decision, permissionDecisionReason: reason}};
    case 'gemini':
      return {decision, reason};
    case 'copilot':
      return {permissionDecision: decision, permissionDecisionReason: reason};
    case 'cursor':
      return {permission: decision, user_message: reason, agent_message: reason, userMessage: reason, agentMessage: reason};
    case 'opencode':
      return {decision, reason};
  }
};

/** One line of JSON, or nothing. Cursor alone takes silence for a hook that has failed. */
export const hookAnswer = (program: HookProgram, verdict: Verdict): string => {
  if (verdict.decision === 'allow') {
    return program === 'cursor' ? '{"permission":"allow"}\n' : '';
  }
  return `${JSON.stringify(inWords(program, decisionIn(program, verdict.decision), verdict.reason))}\n`;
};
