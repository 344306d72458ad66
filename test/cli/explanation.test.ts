import {describe, expect, test} from 'vitest';
import {describeStopping, explain} from '../../src/cli/explain/explanation.ts';
import {formatExplanation} from '../../src/cli/explain/format-explanation.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {resolveReference} from '../../src/cli/resolve.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {unknown} from '../../src/core/domain/known.ts';
import {fleetRecord} from './fleet-record.ts';

const REFUSED = {refused: true, rule: 'crew', because: 'max is crew', protection: null, leftOut: []} as const;

const explained = (ref: string, assessment: Assessment = fleetRecord()) => {
  const thing = resolveReference(ref, assessment);
  if (isFailure(thing)) {
    throw new Error(thing.message);
  }
  return explain(thing, assessment, describeStopping(REFUSED, 'rigtop kill x'));
};

const text = (ref: string, assessment?: Assessment): string =>
  formatExplanation(explained(ref, assessment), {paint: createPaint(false), unicode: false});

describe('an explanation', () => {
  test('of a port: who should hold it, who does, since when, from where', () => {
    const about = text(':3102');
    expect(about).toContain('3102 belongs to slot:shop/2/web in session:default/ecluse-feat-a, which is wrong-owner');
    expect(about).toContain('127.0.0.1:3102 is held by 5120 node vite');
    expect(about).toContain('since 2026-11-20T08:53:20.000Z, no terminal, state S');
    expect(about).toContain('in /w/shop');
    expect(about).toContain('under 1 init');
    expect(about).toContain('ORPHAN  vite 5120 has lost its agent  f-3c91');
  });

  test('of a port that nobody holds, and of one whose holder may not be seen', () => {
    expect(text(':9')).toContain('9 is declared by nobody');
    expect(text(':9')).toContain('nobody was seen listening on 9');
    const listeners = fleetRecord().snapshot.listeners.map(listener => ({...listener, owners: unknown('it belongs to another user')}));
    expect(text(':3102', fleetRecord({snapshot: {listeners}}))).toContain(
      'held by somebody who could not be seen: it belongs to another user',
    );
  });

  test('of an agent: state, evidence, session, tree; drawn in ASCII where that is all there is', () => {
    const about = text('max');
    expect(about).toContain('running: claude runs in its pane');
    expect(about).toContain('GT_RIG=shop (environment of 4388)');
    expect(about).toContain('session:default/gt-shop-max $3, since 2026-11-20T09:00:00.000Z, nobody attached, panes %7 pid 4387');
    expect(about).toContain('4387 -bash\n  `- 4388 claude');
  });

  test('of a finding: only processes that are still the same', () => {
    expect(explained('f-3c91').processes.map(({pid}) => pid)).toEqual([5120]);
    const findings = fleetRecord().findings.map(finding => ({...finding, processes: [{pid: 5120, startTime: 1, command: 'node'}]}));
    expect(explained('f-3c91', fleetRecord({findings})).processes).toEqual([]);
  });

  test('what could not be observed is said', () => {
    const sources = [{source: 'listeners', target: 'table', state: 'unknown', detail: 'too slow', tookMs: 9}] as const;
    expect(text(':9', fleetRecord({snapshot: {sources}}))).toContain('Could not be observed\n  listeners table: too slow');
  });

  test('what forbids stopping is part of it', () => {
    expect(text('max')).toContain('nothing: refused by crew: max is crew');
  });
});
