import {expect, it} from 'vitest';
import {captureWords, parseScreens} from '../../../src/core/os/hand-over.ts';

it('asks for each pane under its mark, with the % of its id doubled', () => {
  expect(captureWords('=m=', ['%1', '%12']).join(' ')).toBe(
    'display-message -p =m=%%1 ; capture-pane -p -t %1 ; display-message -p =m=%%12 ; capture-pane -p -t %12',
  );
  expect(captureWords('=m=', [])).toEqual([]);
});

it('takes the last lines of each, without the blank ones below', () => {
  expect(parseScreens('=m=%1\none\ntwo\nthree\n\n\n=m=%2\n\n', '=m=', 2)).toEqual([
    ['%1', 'two\nthree'],
    ['%2', ''],
  ]);
});

it('takes nothing from before the first mark', () => {
  expect(parseScreens('no server running\n', '=m=', 5)).toEqual([]);
});
