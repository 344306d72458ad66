import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {lineChange, shortMoves} from '../../src/ui/line-change.ts';

const COLUMNS = 24;

/** As much of a terminal as one line needs: CHA, EL, ECH and SGR, erasing with the ground that is set (xterm, "back color erase"). */
const terminal = () => {
  const cells = Array.from({length: COLUMNS}, () => ' |');
  let column = 0;
  let style = '';
  const sgr = (parameters: string): void => {
    const set = new Map(style === '' ? [] : style.split(',').map(each => each.split('=') as [string, string]));
    const codes = (parameters === '' ? '0' : parameters).split(';');
    while (codes.length > 0) {
      const code = codes.shift() ?? '';
      const colour = code === '38' || code === '48' ? [code, ...codes.splice(0, codes[0] === '2' ? 4 : 2)].join(';') : code;
      const number = Number(code);
      if (number === 0) {
        set.clear();
      } else if (number === 22) {
        set.delete('1');
        set.delete('2');
      } else if (number >= 23 && number <= 27) {
        set.delete(String(number - 20));
      } else if (number === 39 || number === 49) {
        set.delete(number === 39 ? 'fg' : 'bg');
      } else if (number < 10) {
        set.set(String(number), '1');
      } else {
        set.set((number >= 40 && number < 50) || number >= 100 ? 'bg' : 'fg', colour);
      }
    }
    style = [...set]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(pair => pair.join('='))
      .join(',');
  };
  const ground = (): string => /bg=[^,]*/.exec(style)?.[0] ?? '';
  const write = (text: string): void => {
    for (const [, parameters = '', order, character] of text.matchAll(/\u001b\[([\d;]*)([A-Za-z])|([^\u001b])/g)) {
      const count = Number(parameters || '1');
      if (character !== undefined) {
        // Of a blank only its ground is seen, and what is drawn through it or turned about.
        const seen = character === ' ' && !/(?:^|,)[47]=/.test(style) ? ground() : style;
        cells[column] = `${character}|${seen}`;
        column += 1;
      } else if (order === 'G') {
        column = count - 1;
      } else if (order === 'K') {
        cells.fill(` |${ground()}`, column);
      } else if (order === 'X') {
        cells.fill(` |${ground()}`, column, column + count);
      } else if (order === 'm') {
        sgr(parameters);
      } else {
        throw new Error(`no such order: ${order}`);
      }
    }
  };
  return {write, shown: () => cells.join('\n'), style: () => style};
};

const shownOf = (line: string): string => {
  const screen = terminal();
  screen.write(line);
  return screen.shown();
};

const word = fc.stringMatching(/^[ a-z│─…✓]{0,7}$/);
const styled = fc
  .tuple(fc.constantFrom('', '1', '2', '7', '31', '38;5;244', '48;5;237', '1;38;2;1;2;3', '4;100'), word, fc.constantFrom('0', ''))
  .map(([code, text, off]) => (code === '' ? text : `\u001b[${code}m${text}\u001b[${off}m`));
const painted = fc.array(styled, {maxLength: 3}).map(parts => parts.join(''));

describe('one line made of another', () => {
  test('shows the same as the whole line would, whatever stood there, and leaves no style behind', () => {
    fc.assert(
      fc.property(painted, painted, (previous, next) => {
        const change = lineChange(previous, next, COLUMNS);
        const screen = terminal();
        screen.write(previous);
        screen.write(change ?? '');
        expect(screen.shown()).toBe(shownOf(next));
        expect(screen.style()).toBe('');
      }),
      {numRuns: 2000},
    );
  });

  test('is nothing where they look alike, whatever their sequences', () => {
    expect(lineChange('\u001b[1ma\u001b[22mb', '\u001b[0;1ma\u001b[0mb', COLUMNS)).toBe('');
  });

  test('is the cells that differ', () => {
    expect(lineChange('│ one          │', '│ two          │', COLUMNS)).toBe('\u001b[3Gtwo');
    expect(lineChange('abcdefgh', '', COLUMNS)).toBe('\u001b[1G\u001b[K');
    expect(lineChange('│ long words here │', '│ x               │', COLUMNS)).toBe('\u001b[3Gx\u001b[14X');
    expect(lineChange('\u001b[31mab\u001b[39m', '\u001b[32mab\u001b[39m', COLUMNS)).toBe('\u001b[1G\u001b[32mab\u001b[m');
  });

  test('gives blanks between words no colours of their own, and none back', () => {
    const quiet = (text: string): string => `\u001b[38;5;248m${text}\u001b[m`;
    expect(lineChange('', `${quiet('one')} ${quiet('two')}`, COLUMNS)).toBe(`\u001b[1G${quiet('one two')}`);
    expect(lineChange(`a${quiet('  ')}b`, 'a  b', COLUMNS)).toBe('');
    expect(lineChange('a b', 'a\u001b[7m \u001b[mb', COLUMNS)).toBe('\u001b[2G\u001b[7m \u001b[m');
    expect(lineChange('a b', 'a\u001b[44m \u001b[mb', COLUMNS)).toBe('\u001b[2G\u001b[44m \u001b[m');
  });

  test.each([
    ['wide characters', '日本', 'x'],
    ['a link', 'x', '\u001b]8;;http://x\u0007x'],
    ['a style of another kind', 'x', '\u001b[58;5;1mx'],
    ['more than the line holds', 'x', 'x'.repeat(COLUMNS + 1)],
  ])('is not known of %s', (_, previous, next) => {
    expect(lineChange(previous, next, COLUMNS)).toBeNull();
  });
});

test('lines that stay are passed over in one step', () => {
  expect(shortMoves('\u001b[3A\u001b[E\u001b[E\u001b[Ex\n\u001b[E')).toBe('\u001b[3A\u001b[3Ex\n\u001b[E');
});
