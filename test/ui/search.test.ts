// Words in the output of a pane: found whatever their colours and case, gone to from match to match, and left before the pane is.
import {describe, expect, test} from 'vitest';
import {type Overlay, topOverlay} from '../../src/store/state.ts';
import {readingOf} from '../../src/ui/actions/overlay-content.ts';
import {drawReading} from '../../src/ui/dialogs/reading-dialog.ts';
import type {Outside} from '../../src/ui/outside.ts';
import {markedLine, matchBefore, matchesIn, nextMatch, scrollTo} from '../../src/ui/pane-search.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {openScreen, type TestScreen} from './context.ts';

const lines = ['one', '\u001b[31mEr\u001b[1mror\u001b[0m: two', 'three', 'no error', 'five'];

describe('matches', () => {
  test('are lines that have the words, whatever their colours and case', () => {
    expect(matchesIn(lines, 'ERROR')).toEqual([1, 3]);
    expect(matchesIn(lines, '')).toEqual([]);
    expect(matchesIn(lines, 'none')).toEqual([]);
  });

  test('the first is the newest on the page, the next ones go around the end', () => {
    expect([matchBefore([1, 3], 4), matchBefore([1, 3], 2), matchBefore([1, 3], 0), matchBefore([], 4)]).toEqual([3, 1, 1, null]);
    expect([nextMatch([1, 3], 1, 1), nextMatch([1, 3], 3, 1), nextMatch([1, 3], 1, -1), nextMatch([], 1, 1)]).toEqual([3, 1, 3, null]);
  });

  test('stand where they are on the page, or in its middle', () => {
    expect([scrollTo(5, 2, 10, 100), scrollTo(50, 2, 10, 100), scrollTo(99, 2, 10, 100), scrollTo(1, 20, 10, 100)]).toEqual([2, 45, 90, 0]);
  });

  test('are drawn without the colours of their line; a letter that grows in lower case marks it as a whole', () => {
    expect(markedLine(lines[1] ?? '', 'error', true).map(({text, role}) => `${role}:${text}`)).toEqual([
      'plain:',
      'alarm:Error',
      'plain:: two',
    ]);
    expect(markedLine('aXaX', 'x', false).map(({text, role}) => `${role}:${text}`)).toEqual([
      'plain:a',
      'banner:X',
      'plain:a',
      'banner:X',
      'plain:',
    ]);
    expect(markedLine('İx', 'x', false).map(({role}) => role)).toEqual(['banner']);
  });
});

describe('/ in a pane that is looked at', () => {
  const outside: Outside = {
    capturePane: async () => ({
      ok: true,
      text: Array.from({length: 100}, (_, at) => (at % 40 === 7 ? `error ${at}` : `line ${at}`)).join('\n'),
    }),
    wayBack: 'prefix d comes back',
    keepText: async () => null,
    isOwnServer: () => false,
    switchClient: async () => null,
    attach: () => null,
  };
  const peekOf = ({store}: TestScreen): Extract<Overlay, {kind: 'peek'}> | null => {
    const top = topOverlay(store.getState());
    return top?.kind === 'peek' ? top : null;
  };
  const footOf = (screen: TestScreen): string => {
    const overlay = peekOf(screen);
    const drawn =
      overlay === null ? null : drawReading(readingOf(screen.context, overlay), overlay.scroll, resolveTheme('mono', {LANG: 'C.UTF-8'}));
    return (drawn?.border?.bottom ?? '').replace(/\u001b\[[\d;]*m/g, '');
  };
  const peeking = async (): Promise<TestScreen> => {
    const screen = openScreen({outside});
    await screen.press('l');
    await screen.settle();
    return screen;
  };

  test('goes to the newest match as it is typed, and with n and N from one to the next, whose agents they are otherwise', async () => {
    const screen = await peeking();
    await screen.press('/', 'e', 'r', 'n', 'Backspace', 'r');
    expect(peekOf(screen)).toMatchObject({search: {words: 'err', at: 87, isTyped: true}});
    expect(footOf(screen)).toContain('/err_ 3/3  Esc ends');
    await screen.press('Enter', 'n');
    expect(peekOf(screen)).toMatchObject({scroll: 0, search: {at: 7, isTyped: false}});
    await screen.press('N', 'N');
    expect(peekOf(screen)?.search?.at).toBe(47);
  });

  test('is left by Esc, which then closes the pane', async () => {
    const screen = await peeking();
    await screen.press('/', 'x', 'Enter', 'Esc');
    expect(peekOf(screen)?.search).toBeNull();
    await screen.press('Esc');
    expect(peekOf(screen)).toBeNull();
    const other = await peeking();
    await other.press('/', 'x', 'Esc');
    expect(peekOf(other)?.search).toBeNull();
    await other.press('/', 'Enter', 'q');
    expect(peekOf(other)).toBeNull();
  });

  test('says that there is none, and what may be done, on the narrowest screen too', async () => {
    const screen = await peeking();
    Object.assign(screen.size, {columns: 40, rows: 24});
    expect(footOf(screen)).toMatch(/Esc closes/);
    await screen.press('/', ...'a-long-word-that-is-nowhere');
    expect(footOf(screen)).toMatch(/\/…-is-nowhere_ none {2}Esc ends/);
  });

  test('does nothing in what is no pane', async () => {
    const screen = openScreen({outside});
    await screen.press('?', '/');
    expect(screen.store.getState().toasts.at(-1)?.text).toContain('only the output of a pane is searched');
  });
});
