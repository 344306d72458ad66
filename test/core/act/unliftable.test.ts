// The rules that nothing lifts: verdicts, plans and hands refuse the same processes by the same rule and in the same words.
import {expect, test} from 'vitest';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import {isKernelThread, type Process} from '../../../src/core/domain/process.ts';
import type {ProcessReader} from '../../../src/core/os/process-now.ts';
import {signalProcess} from '../../../src/core/os/signal.ts';
import {assemblePlan} from '../../../src/core/plan/assemble.ts';
import {planKill} from '../../../src/core/plan/planners.ts';
import {HANDS} from '../../../src/sources/hands.act.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, look, process, settings, worldOf} from '../../support/world.ts';

const processes: readonly Process[] = [
  process(2, 0, [], {comm: 'kthreadd', uid: 1000, rss: 0}),
  process(600, 1, 'postgres', {uid: 70}),
  process(3000, 1, 'sleep 1000'),
];
const snapshot = look({processes});

/** What the verdict, the plan without any protection, and the hands have against a process. */
const against = (pid: number) => {
  const target = snapshot.processes.get(pid) as Process;
  const {protections} = worldOf(snapshot);
  const {assessment} = assessAll([snapshot]);
  const request = {action: 'kill', asked: [`process:${pid}`]} as const;
  const unprotected = {ofProcess: () => [], ofSession: () => []};
  const plan = assemblePlan(planKill, request, assessment, settings, {id: 'p', now: 0, sources: SOURCES}, unprotected);
  const reader: ProcessReader = {
    look: () => ({state: 'here', process: {...target, kernelThread: isKernelThread(target)}}),
    parentOf: () => null,
    childrenOf: () => [],
    groupOf: () => [],
  };
  const serves = (seen: Pick<Process, 'comm' | 'argv' | 'ppid'>): boolean => HANDS.some(({control}) => control?.serves(seen));
  const signalled = signalProcess({reader, own: snapshot.self, serves, kill: () => undefined}, target, 'SIGTERM');
  return {
    verdict: protections.ofProcess(target)[0]?.because ?? null,
    plan: isRefusal(plan) ? (plan.leftOut.find(({ref}) => ref === `process:${pid}`)?.because ?? null) : null,
    hands: 'because' in signalled ? signalled.because : null,
  };
};

test.each([
  ['rigtop itself', 900, 'it is rigtop itself'],
  ['its ancestor', 890, 'rigtop runs below it'],
  ['an ancestor of another user', 880, 'rigtop runs below it'],
  ['a kernel thread', 2, 'it is a thread of the kernel'],
  ['another user’s', 600, 'it belongs to user 70'],
  ['a multiplexer’s server', 700, 'it is the server of a terminal multiplexer: every session on it would end'],
])('%s', (_, pid, because) => {
  expect(against(pid)).toEqual({verdict: because, plan: because, hands: because});
});

test('what none of them protects is signalled', () => {
  expect(against(3000)).toEqual({verdict: null, plan: null, hands: null});
});
