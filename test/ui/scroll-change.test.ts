import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {scrollChange} from '../../src/ui/scroll-change.ts';

/** As much of a terminal as whole lines need: DECSTBM, CUP, DL and IL. */
const terminal = (lines: readonly string[]) => {
  const screen = [...lines];
  let region: readonly [number, number] = [1, screen.length];
  let row = 1;
  const write = (text: string): void => {
    for (const [, parameters = '', order] of text.matchAll(/\u001b\[([\d;]*)([A-Za-z])/g)) {
      const [first = 1, second = screen.length] = parameters === '' ? [] : parameters.split(';').map(Number);
      const [top, bottom] = region;
      if (order === 'r') {
        region = [first, second];
        row = 1;
      } else if (order === 'H') {
        row = first;
      } else if (row >= top && row <= bottom && (order === 'M' || order === 'L')) {
        const blanks = Array.from({length: first}, () => '');
        const part = screen.slice(row - 1, bottom);
        const after = order === 'M' ? [...part.slice(first), ...blanks] : [...blanks, ...part];
        screen.splice(row - 1, part.length, ...after.slice(0, part.length));
      } else {
        throw new Error(`no such order: ${order}`);
      }
    }
  };
  return {write, screen, row: () => row, region: () => region};
};

const head = ['header', '┌──┐'];
const foot = ['└──┘', 'keys'];
const rows = (from: number, count: number, selected: number): readonly string[] =>
  Array.from({length: count}, (_, at) => `│${from + at === selected ? '>' : ' '}row ${from + at}│`);

describe('a list that scrolls', () => {
  test.each([
    ['one row down', rows(0, 12, 11), rows(1, 12, 12), 2],
    ['one row up', rows(5, 12, 5), rows(4, 12, 4), 2],
    ['a page down', rows(0, 12, 3), rows(6, 12, 9), 7],
  ])('%s is moved by the terminal: only what is new remains to be written', (_, before, after, most) => {
    const previous = [...head, ...before, ...foot];
    const next = [...head, ...after, ...foot];
    const change = scrollChange(previous, next);
    const shown = terminal(previous);
    shown.write(change?.written ?? '');
    expect(shown.screen).toEqual(change?.lines);
    expect(shown.screen.filter((line, at) => line !== next[at]).length).toBeLessThanOrEqual(most);
    expect(shown.screen.slice(0, 2)).toEqual(head);
    expect(shown.screen.slice(-2)).toEqual(foot);
  });

  test('is left alone where little would be spared, or the screen has another height', () => {
    expect(scrollChange(['a', 'b', 'c', 'd'], ['a', 'c', 'd', 'b'])).toBeNull();
    expect(scrollChange([...rows(0, 9, 1)], [...rows(0, 9, 2)])).toBeNull();
    expect(scrollChange([...rows(0, 9, 1)], [...rows(1, 8, 1)])).toBeNull();
  });
});

test('whatever the lines are, the terminal has what is said, at its top, with no region left, and never fewer lines right', () => {
  const line = fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', '──');
  const screens = fc.integer({min: 1, max: 24}).chain(count => {
    const lines = fc.array(line, {minLength: count, maxLength: count});
    return fc.tuple(lines, lines, fc.integer({min: -count, max: count}));
  });
  fc.assert(
    fc.property(screens, ([previous, fresh, by]) => {
      const next = previous.map((_, at) => previous[at + by] ?? fresh[at] ?? '');
      const right = (lines: readonly string[]): number => lines.filter((text, at) => text === next[at]).length;
      const change = scrollChange(previous, next);
      const shown = terminal(previous);
      shown.write(change?.written ?? '');
      expect(shown.screen).toEqual(change?.lines ?? previous);
      expect([shown.row(), shown.region()]).toEqual([1, [1, previous.length]]);
      expect(right(shown.screen)).toBeGreaterThanOrEqual(right(previous));
    }),
  );
});
