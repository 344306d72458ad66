import {expect, test} from 'vitest';
import {FINDING_KINDS} from '../../src/core/domain/finding.ts';
import {textsOf} from '../../src/core/judge/detect/detectors.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {findingBadge} from '../../src/words/badges.ts';
import {describeLegend} from '../../src/words/legend.ts';

const texts = {meanings: textsOf(SOURCES, ({means}) => means), remedies: textsOf(SOURCES, ({remedy}) => remedy)};

test('every word of a verdict and of a state is explained, with what to do, and without commands', () => {
  const legend = describeLegend(texts, new Set());
  const words = new Set(legend.map(({word}) => word));
  expect(FINDING_KINDS.map(kind => findingBadge({kind, certainty: 'sure'}).word).filter(word => !words.has(word))).toEqual([]);
  expect(['ASKS', 'DONE', 'BUSY', 'STUCK', 'IDLE', 'RUNNING', 'STOPPED', 'PARKED', 'UNKNOWN'].filter(word => !words.has(word))).toEqual([]);
  for (const {text} of legend) {
    expect(text).toMatch(/^\S.*\.$/);
    expect(text).not.toContain('`rigtop ');
  }
});

test('what stands on the screen comes first', () => {
  const legend = describeLegend(texts, new Set(['STALE-LOCK', 'ASKS']));
  expect(legend.slice(0, 2).map(({word}) => word)).toEqual(['ASKS', 'STALE-LOCK']);
  expect(legend.length).toBe(describeLegend(texts, new Set()).length);
});
