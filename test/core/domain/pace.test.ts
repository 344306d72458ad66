import {expect, test} from 'vitest';
import {intervalAfter} from '../../../src/core/domain/pace.ts';

test('the interval grows with the looks that showed nothing new, to three times and no further', () => {
  expect([0, 9, 10, 19, 20, 500].map(calm => intervalAfter(calm, 1000))).toEqual([1000, 1000, 2000, 2000, 3000, 3000]);
});
