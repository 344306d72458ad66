// Cells that are shared say what cells made for themselves say.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Code, createCells, sharedCells} from '../../src/ui/shared-cells.ts';

const codeOf = (code: string): Code => ({type: 'ansi', code: `\u001b[${code}m`, endCode: `\u001b[${code === '1' ? '22' : '39'}m`});
const character = fc.constantFrom('a', 'b', ' ', '漢', '').map(value => ({type: 'char' as const, value, fullWidth: value === '漢'}));
const styles = fc.array(fc.constantFrom('1', '31', '38;5;3').map(codeOf), {maxLength: 3});

test('whatever was asked for before, a cell is the character in its style, and the same one while there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(character, styles)), fc.integer({min: 1, max: 6}), (wanted, most) => {
      const few = createCells(most);
      for (const [wish, codes] of wanted) {
        const expected = {...wish, styles: codes};
        expect(few.cell(wish, few.style(codes))).toEqual(expected);
        const cell = sharedCells.cell(wish, sharedCells.style(codes));
        expect(cell).toEqual(expected);
        expect(sharedCells.cell({...wish}, sharedCells.style([...codes]))).toBe(cell);
      }
    }),
  );
});

test('what a screen full of colours has made is let go', () => {
  const cells = createCells(100);
  const style = cells.style([codeOf('31')]);
  const first = cells.cell({type: 'char', value: 'a', fullWidth: false}, style);
  for (let code = 0; code < 100; code += 1) {
    cells.cell({type: 'char', value: String.fromCodePoint(0x4e00 + code), fullWidth: true}, style);
  }
  const again = cells.cell({type: 'char', value: 'a', fullWidth: false}, cells.style([codeOf('31')]));
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});

test('styles that no character is written in are let go as well', () => {
  const cells = createCells(100);
  const first = cells.style([codeOf('31')]);
  expect(cells.style([codeOf('31')])).toBe(first);
  for (let colour = 0; colour < 100; colour += 1) {
    cells.style([codeOf(`38;2;${colour};0;0`)]);
  }
  expect(cells.style([codeOf('31')])).not.toBe(first);
});
