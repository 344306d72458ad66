import {expect, test} from 'vitest';
import {captureWords, parseScreens} from '../../../src/sources/tmux/read/capture-screens.ts';

test('panes are asked for one after another, by formats that strftime leaves alone', () => {
  const head = '=m=#{pane_id}|#{pane_width}|#{window_activity}|#{session_last_attached}';
  expect(captureWords('=m=', ['%1', '%12'])).toEqual(
    [
      ['display-message', '-p', '-t', '%1', head, ';', 'capture-pane', '-p', '-J', '-t', '%1', ';'],
      ['display-message', '-p', '-t', '%12', head, ';', 'capture-pane', '-p', '-J', '-t', '%12'],
    ].flat(),
  );
  expect(captureWords('=m=', [])).toEqual([]);
});

test('what is printed is told apart by its mark, without the blank lines at its end', () => {
  const text = '=m=%1|80|1700|\none \n\ntwo\n\n\n=m=%2|200||1600\n\n=m=%9|1|1|1\nnot asked for\n';
  expect(parseScreens(text, '=m=', ['%1', '%2'])).toEqual([
    {paneId: '%1', width: 80, writtenAt: 1700, attachedAt: null, lines: ['one', '', 'two']},
    {paneId: '%2', width: 200, writtenAt: null, attachedAt: 1600, lines: []},
  ]);
  expect(parseScreens('no server running\n', '=m=', ['%1'])).toEqual([]);
});
