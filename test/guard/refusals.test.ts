// How a refusal is told: in each program's own words, and of whom there is something to say.
import {describe, expect, test} from 'vitest';
import {decisionIn, hookAnswer} from '../../src/guard/hooks/hook-answer.ts';
import {HOOK_PROGRAMS} from '../../src/guard/hooks/hook-input.ts';
import {type Whose, weigh} from '../../src/guard/weigh.ts';
import {process} from './processes.ts';

const UNDECIDED = [{by: 'pkill -f …', because: '$X is not known here'}];
const nobody: Whose = {
  of: () => ({own: 'unknown', because: 'no agent asks'}),
  ofContainer: () => ({own: 'unknown', because: 'no agent asks'}),
  trouble: 'no agent asks',
};
const weighed = (endings: readonly {readonly pid: number; readonly by: string}[], whenUndecided: 'ask' | 'deny') =>
  weigh({endings, containers: [], undecided: UNDECIDED}, nobody, {
    processes: new Map([[11, process(11, 1, 'node vite')]]),
    ports: new Map(),
    whenUndecided,
  }).verdict;

describe('what cannot be told', () => {
  test('says nothing of whose it would be where nobody is known to end', () => {
    expect(weighed([], 'ask')).toEqual({
      decision: 'ask',
      reason: 'rigtop guard: whom this command would end cannot be told: pkill -f …: $X is not known here.',
    });
    expect(weighed([{pid: 11, by: 'kill 11'}], 'ask')).toMatchObject({decision: 'deny', reason: expect.stringContaining('no agent asks')});
  });

  test('names what may be done instead where it is denied', () => {
    expect(weighed([], 'deny')).toMatchObject({decision: 'deny', reason: expect.stringContaining('--mine')});
  });
});

test('a program that cannot ask denies, in what it is answered as in what is written down', () => {
  expect(HOOK_PROGRAMS.filter(program => decisionIn(program, 'ask') === 'deny')).toEqual(['codex', 'gemini', 'opencode']);
  for (const program of HOOK_PROGRAMS) {
    const answer = hookAnswer(program, {decision: 'ask', reason: 'why'});
    expect(answer, program).toContain(`"${decisionIn(program, 'ask')}"`);
    expect(hookAnswer(program, {decision: 'deny', reason: 'why'}), program).toContain('"deny"');
    expect(hookAnswer(program, {decision: 'allow'}), program).toBe(program === 'cursor' ? '{"permission":"allow"}\n' : '');
  }
});
