// Our shortcut through plain text answers as Node's segmenter and string-width do.
import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {graphemes, isPlain} from '../../../src/core/domain/graphemes.ts';

const LAST = 0xffff;
const plain = Array.from({length: LAST + 1}, (_, code) => String.fromCharCode(code)).filter(isPlain);
const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
const listed = (clusters: Iterable<{segment: string; index: number}>) => [...clusters].map(({segment, index}) => ({segment, index}));

describe('graphemes', () => {
  test('what is plain is one cell wide, alone and beside anything plain', () => {
    expect(plain.length).toBeGreaterThan(500);
    expect(plain.filter(character => stringWidth(character) !== 1)).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...plain)), characters => {
        const text = characters.join('');
        expect(stringWidth(text)).toBe(text.length);
      }),
    );
  });

  test('any text has the clusters that the segmenter sees', () => {
    const some = fc.constantFrom(
      ...plain,
      '\u001b',
      '\u0007',
      '\n',
      '\r',
      '\u001b[31m',
      '\r\n',
      '\u0301',
      '\u200d',
      '👩',
      '🏽',
      '漢',
      '\ufe0f',
      '\u1100',
      '\u1161',
    );
    fc.assert(
      fc.property(fc.array(some), fc.nat(12), (parts, index) => {
        const text = parts.join('');
        const [ours, theirs] = [graphemes.segment(text), segmenter.segment(text)];
        expect(listed(ours)).toEqual(listed(theirs));
        const [one, other] = [ours.containing(index), theirs.containing(index)];
        expect(one?.segment).toBe(other?.segment);
        expect(one?.index).toBe(other?.index);
      }),
      {numRuns: 500},
    );
  });
});
