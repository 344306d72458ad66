import {expect, test} from 'vitest';
import {countOf} from '../../src/words/counts.ts';

test.each([
  [0, 'server', '0 servers'],
  [1, 'directory', '1 directory'],
  [2, 'directory', '2 directories'],
  [2, 'process', '2 processes'],
])('%i of a %s is %s', (count, noun, words) => {
  expect(countOf(count, noun)).toBe(words);
});
