import {describe, expect, it} from 'vitest';
import {changeDocument} from '../../src/cli/documents/change-document.ts';
import {changeSchema} from '../../src/cli/documents/change-schema.ts';
import type {Agent} from '../../src/core/domain/agent.ts';
import type {Finding} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Hint} from '../../src/core/domain/hint.ts';
import {changesBetween, describeChange} from '../../src/words/fleet-changes.ts';
import {agent, buildFleet, finding} from '../store/fleet.ts';

const hint = (state: Hint['state'], text: string | null = null): Hint => ({state, since: 1000, text, source: 'screen'});
const max = agent('shop', 'max', null);

const look = (agents: readonly Agent[], findings: readonly Finding[] = []): Assessment => {
  const fleet = buildFleet();
  return {...fleet, fleet: {...fleet.fleet, agents}, findings};
};

const lines = (before: Assessment | null, after: Assessment): readonly string[] =>
  changesBetween(before, after).map(change => {
    const {badge, words} = describeChange(change);
    return `${badge.word} ${words}`;
  });

describe('a change', () => {
  it('is everything at the first look, and nothing where nothing changed', () => {
    const fleet = look([{...max, hint: hint('busy')}], [finding('f-1', 'process:5')]);
    expect(lines(null, fleet)).toEqual(['ORPHAN process:5: has no owner any more', 'BUSY agent:shop/max']);
    expect(lines(fleet, look([{...max, hint: {...hint('busy'), since: 9}}], [finding('f-1', 'process:5')]))).toEqual([]);
  });

  it('is another state, another question, and no other answer', () => {
    const asks = look([{...max, hint: hint('asks', 'Go on?')}]);
    expect(lines(look([max]), asks)).toEqual(['ASKS agent:shop/max: Go on?']);
    expect(lines(asks, look([{...max, hint: hint('asks', 'And now?')}]))).toEqual(['ASKS agent:shop/max: And now?']);
    expect(lines(look([{...max, hint: hint('done', 'one')}]), look([{...max, hint: hint('done', 'two')}]))).toEqual([]);
    expect(lines(asks, look([{...max, state: 'crashed', because: 'its session is gone'}]))).toEqual([
      'CRASHED agent:shop/max: its session is gone',
    ]);
    expect(lines(asks, look([]))).toEqual(['GONE agent:shop/max, was asks']);
  });

  it('is a finding that came, became sure, or went', () => {
    const perhaps = look([], [finding('f-1', 'process:5', {certainty: 'unknown'})]);
    const sure = look([], [finding('f-1', 'process:5')]);
    expect(lines(look([]), perhaps)).toEqual(['UNKNOWN process:5 perhaps orphan: has no owner any more']);
    expect(lines(perhaps, sure)).toEqual(['ORPHAN process:5: has no owner any more']);
    expect(lines(sure, look([]))).toEqual(['CLEARED process:5, was ORPHAN: has no owner any more']);
  });

  it('is on one line, whatever a screen says', () => {
    expect(lines(look([]), look([{...max, hint: hint('asks', 'Go\non\u001b[2J?')}]))[0]).not.toMatch(/[\n\u001b]/);
  });

  it('is a document of its schema', () => {
    const before = look([max, agent('shop', 'ida', null)], [finding('f-1', 'process:5')]);
    const after = look([{...max, hint: hint('asks', 'Go on?')}], [finding('f-2', 'process:6')]);
    const documents = changesBetween(before, after).map(change => changeDocument(change, after.snapshot));
    expect(documents.map(document => changeSchema.parse(document))).toEqual(documents);
    expect(documents.map(({what}) => what)).toEqual(['found', 'cleared', 'agent', 'gone']);
    expect(documents[2]).toMatchObject({
      ref: 'agent:shop/max',
      state: 'asks',
      was: 'running',
      hint: {state: 'asks', since: '1970-01-01T00:00:01.000Z', text: 'Go on?', source: 'screen'},
    });
  });
});
