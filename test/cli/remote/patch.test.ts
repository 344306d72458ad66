// What changed between two documents, and back again, for any two documents.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {applyPatch, diffDocuments} from '../../../src/cli/documents/patch.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

test('any document is brought to any other, over JSON, and equal ones need no change', () => {
  fc.assert(
    fc.property(fc.jsonValue({maxDepth: 4}), fc.jsonValue({maxDepth: 4}), (before, after) => {
      const [one, other] = [plain(before), plain(after)];
      const patch = diffDocuments(one, other);
      expect(patch === null ? one : applyPatch(one, plain(patch))).toEqual(other);
      expect(diffDocuments(one, plain(one))).toBeNull();
    }),
    {numRuns: 2000},
  );
});

test('names that every object inherits are members like others', () => {
  expect(diffDocuments({}, {valueOf: false})).toEqual({valueOf: [false]});
  expect(diffDocuments({toString: 1}, {})).toEqual({toString: null});
});

test('a list costs what came and went, wherever it stood', () => {
  const before = Array.from({length: 100}, (_, port) => ({port, owners: [port]}));
  expect(diffDocuments(before, before.toSpliced(40, 1))).toEqual([40, 1, []]);
  expect(diffDocuments(before, before.toSpliced(40, 0, {port: 7, owners: []}))).toEqual([40, 0, [{port: 7, owners: []}]]);
  expect(diffDocuments(before, before.with(3, {port: 3, owners: [9]}))).toEqual({3: {owners: {0: [9]}}});
});

test.each([
  ['a member of a number', 3, {a: [1]}],
  ['a place behind the end of a list', [1], {5: [1]}],
  ['a hole in a list', [1, 2], {0: null}],
  ['a splice of a record', {a: 1}, [0, 1, []]],
  ['a splice without items', [1], [0, 1]],
  ['no patch at all', {a: 1}, 'a'],
])('%s does not fit', (_, before, patch) => {
  expect(() => applyPatch(before, patch)).toThrow('does not fit');
});

test('a hostile member name changes no prototype', () => {
  const changed = applyPatch({a: 1}, JSON.parse('{"__proto__":[{"polluted":true}]}'));
  expect(({} as {polluted?: boolean}).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
});
