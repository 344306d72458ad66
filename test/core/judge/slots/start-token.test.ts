import {describe, expect, it} from 'vitest';
import {matchesStartToken, parseLstart} from '../../../../src/core/judge/slots/start-token.ts';

const started = Date.UTC(2026, 0, 21, 13, 37, 31);

describe('start token', () => {
  it('reads ps lstart', () => {
    expect(parseLstart('Wed Jan 21 13:37:31 2026')).toBe(started);
    expect(parseLstart('Wed Jan  1 03:07:01 2026')).toBe(Date.UTC(2026, 0, 1, 3, 7, 1));
  });

  it.each([
    ['the same second', 'Wed Jan 21 13:37:31 2026', true],
    ['one second of rounding', 'Wed Jan 21 13:37:32 2026', true],
    ['written in Tokyo', 'Wed Jan 21 22:37:31 2026', true],
    ['written in Kathmandu', 'Wed Jan 21 19:22:31 2026', true],
    ['another minute', 'Wed Jan 21 13:41:31 2026', false],
    ['another day', 'Thu Jan 22 13:37:31 2026', false],
    ['not a date', '812345', false],
    ['empty', '', false],
  ])('%s', (_, token, expected) => {
    expect(matchesStartToken(token, started)).toBe(expected);
  });
});
