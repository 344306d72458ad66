// What a text from outside may show, and that a name survives being shown.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {oneLine} from '../../../src/core/domain/command-line.ts';
import {agentRef, lockRef, parseReference, rigRef, sessionRef, slotRef, writeReference} from '../../../src/core/domain/reference.ts';
import {nameOf, visible, visibleName} from '../../../src/core/domain/visible.ts';

const UNSEEN = [
  ...Array.from({length: 0x20}, (_, code) => code),
  ...Array.from({length: 0x21}, (_, index) => 0x7f + index),
  ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060],
  ...[0x2066, 0x2069, 0x2800, 0x3164, 0xd800, 0xdfff, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffe, 0xe0001, 0xe0041, 0xe0100],
];

test.each(UNSEEN)('U+%i is written out wherever it stands', code => {
  const text = `a${String.fromCodePoint(code)}b`;
  expect(visible(text)).toBe(`a\\u{${code.toString(16)}}b`);
  expect(visibleName(text)).toBe(visible(text));
});

test('what people write stays as it is', () => {
  for (const text of ['C:\\users', 'Grüße, 日本語, עברית, ไทย, हिन्दी', '🚀 ⚠️ ✳ é 👩🏽‍🚀 👩‍👩‍👧', '── ⠋ …', 'a  b']) {
    expect(visible(text)).toBe(text);
  }
});

test('marks beyond the fourth on one character are written out', () => {
  expect(visible(`a${'\u0301'.repeat(6)}b`)).toBe(`a${'\u0301'.repeat(4)}\\u{301}\\u{301}b`);
});

const anything = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.string({unit: fc.constantFrom('\\', 'u{', '200b', '}', '\u200b', '\u0301', '\u00a0', 'a', '\ud800', '\udc00', '\ufe0f', '⚠', '\n')}),
);

test('shown twice is shown once, and no text holds what is unseen', () => {
  fc.assert(
    fc.property(anything, text => {
      const shown = visible(text);
      expect(visible(shown)).toBe(shown);
      expect(oneLine(oneLine(text))).toBe(oneLine(text));
      expect(visible(visibleName(text))).toBe(visibleName(text));
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
    }),
  );
});

test('two names are never shown alike: each comes back', () => {
  fc.assert(
    fc.property(anything, name => {
      expect(nameOf(visibleName(name))).toBe(name);
    }),
  );
  expect(visibleName('a\u200bb')).not.toBe(visibleName('a\\u{200b}b'));
  expect(visibleName('a\u00a0b')).not.toBe(visibleName('a b'));
});

test('a reference shows its names, and read again means what it was made of', () => {
  const name = 'we\u001b]0;PWN\u0007\u202e\\u{41}\u200bird';
  for (const ref of [
    sessionRef('default', name),
    agentRef(name, 'crew', name),
    slotRef(name, 2, name),
    rigRef(name),
    lockRef(`/${name}`),
  ]) {
    expect(ref).toBe(visible(ref));
    expect(parseReference(ref)?.name).toContain(name);
    expect(writeReference(parseReference(ref) ?? {sort: 'rig', name: ''})).toBe(ref);
  }
  expect(parseReference(sessionRef('default', name))?.name).toBe(`default/${name}`);
});
