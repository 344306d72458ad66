// Our shortcut through plain words orders them as Node's collator does.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compareWords, createOrder} from '../../../src/core/domain/compare-words.ts';

const collator = new Intl.Collator('en', {numeric: true});
const printable = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index));

test('any two characters stand as the collator has them', () => {
  for (const one of printable) {
    for (const other of printable) {
      expect(Math.sign(compareWords(one, other)), `${one} ${other}`).toBe(collator.compare(one, other));
    }
  }
});

test('any two texts do', () => {
  // Alike enough to differ late, in case, in zeros and in length.
  const piece = fc.constantFrom(
    ...printable,
    'a',
    'A',
    'b',
    'B',
    '0',
    '00',
    '1',
    '01',
    '9',
    '10',
    '-',
    'agent-',
    'é',
    'ß',
    '漢',
    '\u0000',
    '\n',
  );
  const text = fc.array(piece, {maxLength: 8}).map(pieces => pieces.join(''));
  fc.assert(
    fc.property(text, text, text, (head, one, other) => {
      const expected = collator.compare(head + one, head + other);
      expect(Math.sign(compareWords(head + one, head + other))).toBe(expected);
      // As full as it may be, before, then and from then on.
      const few = createOrder(3);
      for (let time = 0; time < 2; time += 1) {
        expect(few(head + one, head + other)).toBe(expected);
        expect(few(one, head)).toBe(collator.compare(one, head));
      }
    }),
    {numRuns: 5_000},
  );
});

test('numbers too long for anybody to read do', () => {
  const long = `${'9'.repeat(300)}b`;
  for (const other of [`${long}c`, `0${long}`, `1${long}`, long.toUpperCase(), `${'9'.repeat(199)}b`]) {
    expect(Math.sign(compareWords(long, other))).toBe(collator.compare(long, other));
  }
});
