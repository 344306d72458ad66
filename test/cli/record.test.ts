// `explain record:STORE/ID`: rows of other tools' stores, dead or not.
import {describe, expect, test} from 'vitest';
import {formatExplanation} from '../../src/cli/explain/format-explanation.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {known, unknown} from '../../src/core/domain/known.ts';
import type {Register, RegisterRow} from '../../src/core/domain/register.ts';
import {explain} from '../../src/words/explanation.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {fleetRecord} from './fleet-record.ts';

const ROW: RegisterRow = {
  id: 'abc/d',
  title: 'a task',
  status: 'active',
  active: true,
  seat: {kind: 'tmux', session: 'bmx-abc', agent: null},
  usedAt: Date.UTC(2026, 10, 20, 9),
  worker: 77,
  exempt: null,
  resumes: 'it can be resumed',
};

const withRegister = (rows: Register['rows']): Assessment =>
  fleetRecord({snapshot: {registers: [{store: 'botmux', file: '/d/sessions-a.json', rows, close: null}]}});

const told = (ref: string, assessment: Assessment): string => {
  const thing = resolveArgument(ref, assessment);
  return isFailure(thing)
    ? `${thing.code} ${thing.message}: ${thing.hint}`
    : formatExplanation(
        {explanation: explain(thing, indexFleet(assessment)), snapshot: assessment.snapshot, unseen: [], stop: null},
        {paint: createPaint(false), unicode: false},
      );
};

describe('a row of a store', () => {
  test('says what it says of itself, whether or not anything is wrong with it', () => {
    const text = told('record:botmux/abc/d', withRegister(known([ROW])));
    expect(text).toContain('active: it says that it runs in tmux session bmx-abc');
    expect(text).toContain('last used 2026-11-20T09:00:00.000Z (/d/sessions-a.json)');
    expect(text).toContain('served by worker 77, as recorded');
    expect(text).toContain('it can be resumed');
  });

  test('says why a missing session would mean nothing', () => {
    expect(told('record:botmux/abc/d', withRegister(known([{...ROW, exempt: 'it is suspended'}])))).toContain('active: it is suspended');
  });

  test('that is not there is told from one in a store that cannot be read', () => {
    expect(told('record:botmux/other', withRegister(known([ROW])))).toContain('there is no record:botmux/other');
    expect(told('record:botmux/abc/d', withRegister(unknown('it holds no JSON')))).toContain(
      'cannot be known: /d/sessions-a.json: it holds no JSON',
    );
  });
});
