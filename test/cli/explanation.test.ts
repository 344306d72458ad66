import {describe, expect, test} from 'vitest';
import type {ToldExplanation} from '../../src/cli/explain/explanation-document.ts';
import {formatExplanation} from '../../src/cli/explain/format-explanation.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {unknown} from '../../src/core/domain/known.ts';
import {explain} from '../../src/words/explanation.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {fleetRecord} from './fleet-record.ts';

const REFUSED = {refused: true, rule: 'crew', because: 'max is crew', protection: null, leftOut: []} as const;

const told = (ref: string, assessment: Assessment = fleetRecord()): ToldExplanation => {
  const thing = resolveArgument(ref, assessment);
  if (isFailure(thing)) {
    throw new Error(thing.message);
  }
  return {
    explanation: explain(thing, indexFleet(assessment)),
    snapshot: assessment.snapshot,
    unseen: assessment.snapshot.sources.filter(({state}) => state === 'unknown'),
    stop: {plan: REFUSED, command: 'rigtop kill x'},
  };
};

const text = (ref: string, assessment?: Assessment): string =>
  formatExplanation(told(ref, assessment), {paint: createPaint(false), unicode: false});

describe('an explanation', () => {
  test('of a port: who should hold it, who does, since when, from where', () => {
    const about = text(':3102');
    expect(about).toContain(':3102 is declared for slot:shop/2/web in session:default/ecluse-feat-a, which is wrong-owner');
    expect(about).toContain('127.0.0.1:3102 is held by 5120 node vite');
    expect(about).toContain('Process 5120 node vite');
    expect(about).toContain('in /w/shop');
    expect(about).toContain('under 1 init');
    expect(about).toContain('ORPHAN: vite 5120 has lost its agent  f-3c91');
  });

  test('of a port that nobody holds, and of one whose holder may not be seen', () => {
    expect(text(':9')).toContain(':9 is declared by nobody');
    expect(text(':9')).toContain('nobody was seen listening on :9');
    const listeners = fleetRecord().snapshot.listeners.map(listener => ({...listener, owners: unknown('it belongs to another user')}));
    expect(text(':3102', fleetRecord({snapshot: {listeners}}))).toContain(
      'held by somebody who could not be seen: it belongs to another user',
    );
  });

  test('of an agent: state, evidence, session, tree; drawn in ASCII where that is all there is', () => {
    const about = text('max');
    expect(about).toContain('running: claude runs in its pane');
    expect(about).toContain('GT_RIG=shop (environment of 4388)');
    expect(about).toMatch(/Session default\/gt-shop-max\n {2}\$3, made .*, nobody attached\n {2}pane %7 0\.0 pid 4387/);
    expect(about).toContain('4387 -bash\n  `- 4388 claude');
  });

  test('of a finding: only processes that are still the same', () => {
    expect(told('f-3c91').explanation.processes.map(({pid}) => pid)).toEqual([5120]);
    const findings = fleetRecord().findings.map(finding => ({...finding, processes: [{pid: 5120, startTime: 1, command: 'node'}]}));
    expect(told('f-3c91', fleetRecord({findings})).explanation.processes).toEqual([]);
  });

  test('what could not be observed is said', () => {
    const sources = [{source: 'listeners', target: 'table', state: 'unknown', detail: 'too slow', tookMs: 9}] as const;
    expect(text(':9', fleetRecord({snapshot: {sources}}))).toContain('Could not be observed\n  listeners table: too slow');
  });

  test('what forbids stopping is part of it', () => {
    expect(text('max')).toContain('What stopping it would do\n  Refused (crew): max is crew');
  });
});
