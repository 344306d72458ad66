// The hook itself: a command on standard input, an answer on standard output in the program's own words, within the time that it waits.

import {leave, readRecordText, writeText} from '../../core/os/plain-streams.ts';
import {homeDirectory, workingDirectory} from '../../core/os/whereabouts.ts';
import {hookAnswer, type Verdict} from '../../guard/hooks/hook-answer.ts';
import {type HookInput, type HookProgram, readHookInput} from '../../guard/hooks/hook-input.ts';
import {mayEnd} from '../../guard/shell/quick-scan.ts';
import type {Weighed} from '../../guard/weigh.ts';
import type {Question} from './judge-command.ts';

/** Since this process began. Every program lets the command run when its hook is late. */
const ANSWER_BY_MS = 1700;
const OWNERS_BY_MS = 1400;
const INPUT_BY_MS = 1000;
/** However late the process has begun: what is on the pipe already takes no time, and unread it would pass unjudged. */
const LEAST_INPUT_MS = 300;

/** The clock begins with the process: the time to load it counts. */
const leftUntil = (ms: number): number => Math.max(0, ms - process.uptime() * 1000);

const late = (because: string): Verdict => ({
  decision: 'deny',
  reason: `rigtop guard: whom this command would end could not be looked up (${because}). \`rigtop kill REF --mine\` ends only what is your own.`,
});

/** What ends something and cannot be judged is denied; what ends nothing never gets here. */
const judged = async (question: Question): Promise<{readonly verdict: Verdict; readonly judged: Weighed | null}> => {
  const timer: {stop?: NodeJS.Timeout} = {};
  const deadline = new Promise<null>(resolve => {
    timer.stop = setTimeout(() => resolve(null), leftUntil(ANSWER_BY_MS));
  });
  try {
    const {judgeCommand} = await import('./judge-command.ts');
    const answer = await Promise.race([judgeCommand(question, leftUntil(OWNERS_BY_MS)), deadline]);
    return answer === null
      ? {verdict: late(`it took longer than ${ANSWER_BY_MS} ms`), judged: null}
      : {verdict: answer.verdict, judged: answer};
  } catch (error) {
    const {plainlyEnds} = await import('../../guard/plainly-ends.ts');
    const because = error instanceof Error ? error.message : String(error);
    return {verdict: plainlyEnds(question.command) ? late(because) : {decision: 'allow'}, judged: null};
  } finally {
    clearTimeout(timer.stop);
  }
};

const questionOf = ({command, cwd, conversation}: HookInput, program: HookProgram): Question => ({
  command,
  cwd: cwd ?? workingDirectory(),
  home: homeDirectory(process.env),
  env: process.env,
  program,
  conversation,
});

/** By their exit code alone, for an answer that could not be written. */
const DENIED = 2;

/** Prints nothing but the answer, and exits 0 whatever comes: to most programs any other code lets the command run, and 2 denies it. */
export const runHook = async (program: HookProgram): Promise<never> => {
  const {text, isReading} = await readRecordText(Math.max(LEAST_INPUT_MS, leftUntil(INPUT_BY_MS)));
  const input = readHookInput(program, text);
  if (input === null || !mayEnd(input.command)) {
    await writeText(hookAnswer(program, {decision: 'allow'}));
    return leave(0, isReading);
  }
  const question = questionOf(input, program);
  const {verdict, judged: answer} = await judged(question);
  const isTold = await writeText(hookAnswer(program, verdict));
  if (verdict.decision !== 'allow') {
    // The answer stands, and any other exit code than 0 would take it back.
    await import('./record-refusal.ts').then(({recordRefusal}) => recordRefusal(question, verdict, answer)).catch(() => undefined);
  }
  // What is still being looked at when the answer is out is not waited for.
  return leave(isTold || verdict.decision === 'allow' ? 0 : DENIED, isReading);
};
