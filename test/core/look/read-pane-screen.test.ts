import {expect, test} from 'vitest';
import {readPaneScreen} from '../../../src/core/look/read-pane-screen.ts';

const pane = {socket: '/s', paneId: '%1', runtime: 'claude'};
const screen = {paneId: '%1', lines: ['a', '  ', '', 'b', '> ', 'footer'], width: 80, writtenAt: null, attachedAt: null};

const tailOf = (above?: number, lines: readonly string[] = screen.lines): readonly string[] | undefined =>
  readPaneScreen(
    undefined,
    pane,
    {...screen, lines},
    {
      now: 1000,
      read: () => ({state: 'busy', text: null, ...(above === undefined ? {} : {above})}),
    },
  ).reading.tail;

test('what is kept for people are the last lines above its prompt, or of the whole screen where none is in sight', () => {
  expect(tailOf(2)).toEqual(['a', 'b']);
  expect(tailOf()).toEqual(['a', 'b', '> ', 'footer']);
  const long = Array.from({length: 90}, (_, at) => `line ${at}`);
  expect(tailOf(60, long)?.at(-1)).toBe('line 59');
  expect(tailOf(60, long)).toHaveLength(40);
});

test('where its words end is no part of what it says', () => {
  const {reading} = readPaneScreen(undefined, pane, screen, {now: 1000, read: () => ({state: 'busy', text: null, above: 2})});
  expect(reading).not.toHaveProperty('above');
});
