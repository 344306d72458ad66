import {describe, expect, test} from 'vitest';
import {formatOutcome} from '../../src/cli/acting/format-plan.ts';
import {outcomeExit} from '../../src/cli/acting/run-plan.ts';
import {nothingDocument, outcomeDocument} from '../../src/cli/documents/plan-document.ts';
import {outcomeSchema, planSchema} from '../../src/cli/documents/plan-schema.ts';
import {createPaint} from '../../src/cli/paint.ts';
import type {Outcome, TargetResult} from '../../src/core/domain/outcome.ts';

const outcome = (results: readonly TargetResult[], more: Partial<Outcome> = {}): Outcome => ({
  ok: results.every(result => result === 'gone'),
  tookMs: 5210,
  targets: results.map((result, index) => ({ref: `process:${index}`, pid: index, result, signal: 'SIGTERM', because: null, tookMs: 310})),
  ports: [{port: 3131, free: true}],
  late: [],
  escaped: [],
  started: [],
  problems: [],
  refused: null,
  ...more,
});

test('the example of the contract is a plan', () => {
  const at = '2026-11-20T10:00:00.000Z';
  const example = {
    schema: 'rigtop/plan@1',
    id: 'c41f',
    action: 'kill',
    createdAt: at,
    expiresAt: at,
    applied: false,
    targets: [
      {
        ref: 'process:7714',
        pid: 7714,
        startTime: 812345,
        pgid: 7714,
        command: 'node vite',
        because: '…',
        parent: 1423,
        step: 'tree',
      },
    ],
    sessions: [{ref: 'session:default/gt-x', id: '$3', createdAt: at}],
    frees: [3131],
    leftOut: [{ref: 'process:8377', because: 'unknown: socket work did not answer'}],
    irreversible: ['…'],
    command: 'rigtop apply c41f',
    outcome: {
      ok: false,
      tookMs: 5210,
      targets: [{ref: 'process:7714', result: 'gone', signal: 'SIGTERM', tookMs: 310}],
      ports: [{port: 3131, free: true}],
      late: [],
      escaped: [],
    },
  };
  expect(planSchema.parse(example)).toEqual(example);
});

describe('an outcome', () => {
  test('is what its schema says', () => {
    const whole = outcome(['gone', 'survived'], {
      started: [{ref: 'slot:shop/2/web', result: 'up', because: null, output: ['ready'], tookMs: 9}],
      refused: {rule: 'expired', because: 'too late'},
    });
    expect(outcomeSchema.parse(outcomeDocument(whole))).toEqual(outcomeDocument(whole));
  });

  test.each<[Outcome, number]>([
    [outcome(['gone']), 0],
    [outcome(['gone', 'already-gone'], {ok: true}), 0],
    [outcome(['gone', 'survived', 'refused']), 1],
    [outcome(['gone', 'changed']), 4],
    [outcome(['refused']), 4],
    [outcome([], {refused: {rule: 'expired', because: 'x'}}), 4],
    [outcome(['gone'], {ok: false, ports: [{port: 1, free: false}]}), 1],
    [outcome(['gone'], {ok: false, started: [{ref: 'x', result: 'not-up', because: null, output: [], tookMs: 1}]}), 1],
  ])('case %#', (came, code) => {
    expect(outcomeExit(came)).toBe(code);
  });

  test('is told target by target, problems included', () => {
    const text = formatOutcome(
      outcome(['gone', 'survived'], {problems: ['the feed could not be told'], ports: [{port: 7, free: null}]}),
      createPaint(false),
    );
    expect(text.split('\n')).toEqual([
      'Not done after 5.2 s: 1 of 2 targets survived.',
      '  process:0 gone after SIGTERM in 0.3 s',
      '  process:1 SURVIVED after SIGTERM',
      '  whether port 7 is free is unknown',
      '  the feed could not be told',
      '',
    ]);
  });
});

test('nothing to do is a plan without targets and without an id', () => {
  expect(nothingDocument({because: 'nothing was found', leftOut: []})).toMatchObject({
    schema: 'rigtop/plan@1',
    id: null,
    applied: false,
    targets: [],
  });
});
