// Writes down what an agent was refused: the command, and whom it would have ended.
import {hostname} from 'node:os';
import {createJournal} from '../../core/act/journal-file.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import {commandLine} from '../../core/domain/command-line.ts';
import {processRef} from '../../core/domain/reference.ts';
import {epochNow} from '../../core/os/clock.ts';
import type {Verdict} from '../../guard/hooks/hook-answer.ts';
import type {Weighed} from '../../guard/weigh.ts';
import type {Question} from './judge-command.ts';

const LONGEST_COMMAND = 1000;

/** A journal that cannot be written keeps nobody from being refused. */
export const recordRefusal = async (
  question: Question,
  verdict: Exclude<Verdict, {decision: 'allow'}>,
  judged: Weighed | null,
): Promise<void> => {
  const now = epochNow();
  const host = {epochMs: () => now, bootId: null, hostname: hostname()};
  const own = {pid: process.pid, startTime: 0};
  const journal = createJournal({host, directory: stateDirectory(question.env, question.home), own, isAlive: () => true});
  const targets = (judged?.others ?? []).map(({process: ended, container}) =>
    ended === null
      ? {ref: `container:${container?.engine}/${container?.name}`, pid: null, startTime: null, command: ''}
      : {ref: processRef(ended.pid), pid: ended.pid, startTime: ended.startTime, command: commandLine(ended)},
  );
  await journal.refusal(`guard-${now}-${process.pid}`, {
    decision: verdict.decision,
    program: question.program,
    cwd: question.cwd,
    command: question.command.slice(0, LONGEST_COMMAND),
    targets,
    undecided: judged === null ? [verdict.reason] : judged.undecided.map(each => `${each.by}: ${each.because}`),
  });
};
