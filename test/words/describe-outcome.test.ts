// One outcome through every surface that tells of it: each says the same of the same survivor.
import {describe, expect, it} from 'vitest';
import {formatOutcome} from '../../src/cli/acting/format-plan.ts';
import {formatJournalLine} from '../../src/cli/journal-text.ts';
import {createPaint} from '../../src/cli/paint.ts';
import type {Outcome, TargetOutcome} from '../../src/core/domain/outcome.ts';
import type {Plan} from '../../src/core/domain/plan.ts';
import type {PlanRun} from '../../src/store/state.ts';
import type {LoopMemory, RoundInHand} from '../../src/supervise/loop-effects.ts';
import {afterLoopAction} from '../../src/supervise/settle-decision.ts';
import {resultLines, statusOf} from '../../src/ui/dialogs/plan-result.ts';
import {describeOutcome, summarizeOutcome} from '../../src/words/describe-outcome.ts';

const target = (pid: number, more: Partial<TargetOutcome> = {}): TargetOutcome => ({
  ref: `process:${pid}`,
  pid,
  result: 'gone',
  signal: 'SIGTERM',
  because: null,
  tookMs: 310,
  ...more,
});

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  ok: true,
  tookMs: 5210,
  targets: [target(7)],
  ports: [],
  late: [],
  escaped: [],
  started: [],
  problems: [],
  refused: null,
  ...more,
});

const survived = outcome({
  ok: false,
  targets: [target(7), target(8, {result: 'survived', signal: 'SIGKILL', because: 'still there after 5 s', tookMs: 5000})],
  ports: [{port: 3131, free: false}],
});

const SURVIVOR = 'process:8 SURVIVED after SIGKILL: still there after 5 s';
const PORT = 'port 3131 is STILL HELD';

const run = (of: Outcome): PlanRun => ({
  plan: {id: 'c41f', action: 'kill'} as Plan,
  openedAt: 0,
  phase: 'done',
  progress: {},
  outcome: of,
  failure: null,
});

const dialog = (of: Outcome): readonly string[] => resultLines(run(of), 100).map(line => line.map(({text}) => text).join(''));

const command = (of: Outcome): readonly string[] => formatOutcome(of, createPaint(false)).split('\n');

const journal = (of: Outcome): string =>
  formatJournalLine({
    schema: 'rigtop/journal@1',
    type: 'outcome',
    run: 'c41f-1-2',
    at: '2026-11-20T10:00:00.000Z',
    by: {pid: 1, startTime: 1},
    outcome: of,
  } as Parameters<typeof formatJournalLine>[0]).text;

const supervisor = (of: Outcome): string => {
  const round = {restarted: false} as RoundInHand;
  const {effects} = afterLoopAction({round} as LoopMemory, round, {kind: 'restart', ref: 'agent:shop/max', because: 'it is gone'}, of);
  return effects.flatMap(effect => (effect.do === 'note' ? [effect.text] : [])).join('\n');
};

describe('a survivor', () => {
  it('is told in the same words by screen, command, journal and supervisor', () => {
    expect(dialog(survived)).toEqual(['Not done after 5.2 s: 1 of 2 targets survived.', SURVIVOR, PORT, '']);
    expect(command(survived)).toEqual([
      'Not done after 5.2 s: 1 of 2 targets survived.',
      '  process:7 gone after SIGTERM in 0.3 s',
      `  ${SURVIVOR}`,
      `  ${PORT}`,
      '',
    ]);
    expect(journal(survived)).toBe(`c41f not done: ${SURVIVOR}; ${PORT}`);
    expect(supervisor(survived)).toBe(`restart agent:shop/max: it is gone: not done: ${SURVIVOR}; ${PORT}`);
  });

  it('has the same word beside its line of the plan', () => {
    const status = statusOf(run(survived), {tone: 'ends', text: '8  node x', ref: 'process:8'});
    expect(status).toMatchObject([{text: 'SURVIVED  ', role: 'danger'}]);
  });
});

describe('an outcome', () => {
  it('tells what was forked meanwhile, what had left, what is up again and what went wrong beside', () => {
    const all = outcome({
      late: [target(9)],
      escaped: [target(10, {signal: null, result: 'already-gone', tookMs: 0})],
      started: [
        {ref: 'slot:shop/1/web', result: 'up', because: null, output: ['ready'], tookMs: 9},
        {ref: 'slot:shop/2/web', result: 'not-up', because: 'nobody listens on port 3', output: ['EADDRINUSE'], tookMs: 9},
      ],
      ports: [{port: 7, free: null}],
      problems: ['the feed could not be told'],
      ok: false,
    });
    expect(describeOutcome(all, {brief: true})).toEqual({
      headline: {tone: 'danger', text: 'Not done after 5.2 s: not everything is up again.'},
      lines: [
        {tone: 'good', text: 'process:9 (forked meanwhile) gone after SIGTERM in 0.3 s'},
        {tone: 'good', text: 'process:10 (had left the tree) was gone'},
        {tone: 'unknown', text: 'whether port 7 is free is unknown'},
        {tone: 'good', text: 'slot:shop/1/web is up'},
        {tone: 'danger', text: 'slot:shop/2/web is NOT UP: nobody listens on port 3'},
        {tone: 'quiet', text: 'it said: EADDRINUSE'},
        {tone: 'warning', text: 'the feed could not be told'},
      ],
    });
  });

  it('that was refused touched nothing', () => {
    const refused = outcome({ok: false, refused: {rule: 'expired', because: 'the plan is too old'}});
    expect(dialog(refused)).toEqual(['Refused (expired): the plan is too old. Nothing was touched.', '']);
    expect(summarizeOutcome(refused)).toEqual({tone: 'warning', text: 'refused (expired): the plan is too old'});
  });

  it('that is done says so in one line, with what went wrong beside', () => {
    const started = [{ref: 'slot:shop/1/web', result: 'up', because: null, output: [], tookMs: 9}] as const;
    expect(summarizeOutcome(outcome({started, problems: ['a hook stayed']}))).toEqual({
      tone: 'good',
      text: 'done: 1 target gone, 1 up again; a hook stayed',
    });
  });

  it('of a restart of what was down ended nothing', () => {
    const started = [{ref: 'slot:shop/1/web', result: 'up', because: null, output: [], tookMs: 9}] as const;
    const restarted = outcome({targets: [], started});
    expect(summarizeOutcome(restarted).text).toBe('done: 1 up again');
    expect(describeOutcome(restarted).headline.text).toBe('Done in 5.2 s: everything is up again.');
  });

  it('names a few faults in one line, and counts the rest', () => {
    const many = outcome({ok: false, targets: [1, 2, 3, 4, 5, 6].map(pid => target(pid, {result: 'changed', signal: null}))});
    expect(summarizeOutcome(many).text).toBe(
      'not done: process:1 changed; process:2 changed; process:3 changed; process:4 changed and 2 more',
    );
  });

  it('writes out what a terminal would act on', () => {
    const hostile = outcome({ok: false, targets: [target(7, {result: 'refused', because: 'a\u001b[2Jb\nc'})]});
    expect(command(hostile).join('')).not.toMatch(/\u001b/);
    expect(command(hostile)).toHaveLength(3);
  });
});
