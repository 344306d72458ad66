// The one way of text to a terminal.
import {expect, test} from 'vitest';
import {createPaint, terminalText} from '../../src/cli/paint.ts';

test('our colours and ends of lines go out as they are', () => {
  const paint = createPaint(true);
  const text = `${paint('danger', 'ORPHAN')}  ${paint('strong', 'x')}\n${paint('plain', 'y')}\n`;
  expect(terminalText(text)).toBe(text);
});

test('whatever else a terminal acts on is written out', () => {
  for (const [hostile, shown] of [
    ['\u001b]0;PWN\u0007', '\\u{1b}]0;PWN\\u{7}'],
    ['\u001b[2J', '\\u{1b}[2J'],
    ['\u001b[38;5;1m', '\\u{1b}[38;5;1m'],
    ['\u009b31m', '\\u{9b}31m'],
    ['a\rb\tc', 'a\\u{d}b\\u{9}c'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
  ] as const) {
    expect(terminalText(hostile)).toBe(shown);
    expect(terminalText(createPaint(true)('good', hostile))).toBe(`\u001b[32m${shown}\u001b[0m`);
  }
});
