import {describe, expect, test} from 'vitest';
import {selectedRow} from '../../src/store/state.ts';
import {point} from '../../src/ui/actions/point.ts';
import {type MouseReport, parseMouse, pointAt} from '../../src/ui/mouse.ts';
import {drawListPanel, FRESH} from '../../src/ui/panels/list-panel.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {openScreen, type TestScreen} from './context.ts';

const theme = resolveTheme('dark', {LANG: 'C.UTF-8', TERM: 'xterm-256color'});

/** Draw the Orphans panel, as a frame would, so that its rows are where they are. */
const draw = ({store, context}: TestScreen): void => {
  const state = store.getState();
  const rect = context.layout().panels.orphans;
  if (rect !== undefined) {
    const list = {
      rows: state.visible.orphans,
      all: state.view.orphans,
      header: state.view.header,
      selected: state.selected.orphans,
      focused: false,
      current: false,
      filter: '',
      marks: state.marks,
      problemsOnly: false,
      sorting: state.sorting.orphans,
      looked: true,
    };
    context.onScreen.set('orphans', drawListPanel(list, 'orphans', {rect, theme, memory: FRESH, bare: false}).shown);
  }
};

const click = (column: number, row: number): MouseReport => ({kind: 'click', column, row});

describe('the mouse', () => {
  test('reports are presses and the wheel; releases, motion and pasted text are nothing', () => {
    expect(parseMouse('\u001b[<0;11;3M\u001b[<0;11;3m\u001b[<64;1;1Mj\u001b[<65;1;2M\u001b[<35;4;4M')).toEqual([
      {kind: 'click', column: 10, row: 2},
      {kind: 'wheel-up', column: 0, row: 0},
      {kind: 'wheel-down', column: 0, row: 1},
    ]);
    expect(parseMouse('\u001b[200~\u001b[<0;1;1M\u001b[201~')).toEqual([]);
  });

  test('a click chooses the row it hits, and its panel', () => {
    const screen = openScreen();
    draw(screen);
    const rect = screen.context.layout().panels.orphans ?? {left: 0, top: 0};
    point(screen.context, click(rect.left + 5, rect.top + 4), keys => screen.chunk(...keys));
    expect([screen.store.getState().focus, selectedRow(screen.store.getState())?.ref]).toEqual(['orphans', 'f-4']);
  });

  test('a click on a border, a head line or an empty line only goes to the panel', () => {
    const screen = openScreen();
    draw(screen);
    const layout = screen.context.layout();
    const rect = layout.panels.orphans ?? {left: 0, top: 0, height: 0};
    const rows = [rect.top, rect.top + 1, rect.top + rect.height - 1].map(row =>
      pointAt({column: rect.left, row}, layout, screen.context.onScreen),
    );
    expect(rows).toEqual(Array.from({length: 3}, () => ({panel: 'orphans', row: null})));
    expect(pointAt({column: 0, row: 0}, layout, screen.context.onScreen)).toBeNull();
  });

  test('nothing under a dialog is chosen, and the wheel scrolls what is on top', async () => {
    const screen = openScreen();
    draw(screen);
    await screen.press('x');
    const before = screen.store.getState();
    const rect = screen.context.layout().panels.orphans ?? {left: 0, top: 0};
    point(screen.context, click(rect.left + 5, rect.top + 4), keys => screen.chunk(...keys));
    expect(screen.store.getState()).toBe(before);
    point(screen.context, {kind: 'wheel-down', column: 0, row: 0}, keys => screen.chunk(...keys));
    expect(screen.performed).toEqual([]);
  });

  test('the wheel moves through the rows', () => {
    const screen = openScreen();
    screen.chunk('4');
    point(screen.context, {kind: 'wheel-down', column: 0, row: 0}, keys => screen.chunk(...keys));
    expect(selectedRow(screen.store.getState())?.ref).toBe('f-1');
  });
});
