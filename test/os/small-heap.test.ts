import {getHeapStatistics} from 'node:v8';
import {expect, test} from 'vitest';
import {createTidying} from '../../src/core/os/small-heap.ts';

const MEGABYTES = 2 ** 20;

/** Memory that V8 holds for objects, used or not. */
const held = (): number => getHeapStatistics().total_physical_size;

/** What is held while there are small objects of about 60 MB, which are old by the time they are let go. */
const busyHeld = (): number => {
  const objects = Array.from({length: 400_000}, (_, index) => ({index, text: `object ${index}`, list: [index]}));
  return objects.every(({index, list}) => list[0] === index) ? held() : 0;
};

test('what a busy minute has taken is given back when nothing more is asked for', () => {
  const tidy = createTidying();
  tidy();
  const before = held();
  const busy = busyHeld();
  const left = held();
  tidy();
  expect(busy - before).toBeGreaterThan(20 * MEGABYTES);
  expect(left - before, 'it stays by itself').toBeGreaterThan((busy - before) / 2);
  expect(held() - before).toBeLessThan((busy - before) / 4);
  expect(globalThis.gc, 'nobody else gets it').toBeUndefined();
});
