import {describe, expect, test} from 'vitest';
import {selectedRow} from '../../src/store/state.ts';
import {hintsOf, readingOf} from '../../src/ui/actions/overlay-content.ts';
import {planMoment, planOnTop} from '../../src/ui/actions/plan-reading.ts';
import {point} from '../../src/ui/actions/point.ts';
import {planKeysAt} from '../../src/ui/dialogs/plan-dialog.ts';
import type {KeyName} from '../../src/ui/key-events.ts';
import {isBare} from '../../src/ui/layout.ts';
import {type MouseReport, parseMouse, pointAt} from '../../src/ui/mouse.ts';
import {hintsLine, tabsLine} from '../../src/ui/panels/bars.ts';
import {drawListPanel, FRESH, type ListMemory} from '../../src/ui/panels/list-panel.ts';
import {stripLine} from '../../src/ui/panels/strips.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {openScreen, type TestScreen} from './context.ts';

const theme = resolveTheme('dark', {LANG: 'C.UTF-8', TERM: 'xterm-256color'});

/** Draw the Orphans panel, as a frame would, so that its rows are where they are. */
const draw = ({store, context}: TestScreen, memory = FRESH): ListMemory => {
  const state = store.getState();
  const rect = context.layout().panels.orphans;
  if (rect !== undefined) {
    const list = {
      rows: state.visible.orphans,
      all: state.view.orphans,
      demoCommand: 'rigtop demo',
      scroll: state.listScroll.orphans ?? null,
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
    const drawn = drawListPanel(list, 'orphans', {rect, theme, memory, bare: isBare(context.layout()), keysOf: () => []});
    context.onScreen.set('orphans', drawn.shown);
    return drawn.memory;
  }
  return memory;
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

  test('the wheel turns the list under the pointer; the cursor stays on its row while that is shown', () => {
    const screen = openScreen();
    screen.size.rows = 12;
    screen.size.columns = 50;
    screen.chunk('4', 'j', 'j');
    const memory = draw(screen);
    const shown = () => screen.context.onScreen.get('orphans');
    const before = shown();
    expect(before).toMatchObject({start: 0});
    expect(before?.last).toBeGreaterThan(0);
    const chosen = selectedRow(screen.store.getState())?.ref;
    const wheel = (kind: 'wheel-up' | 'wheel-down'): void =>
      point(screen.context, {kind, column: 5, row: before?.top ?? 0}, keys => screen.chunk(...keys));
    wheel('wheel-down');
    const turned = draw(screen, memory);
    const start = Math.min(3, before?.last ?? 0);
    expect(shown()?.start).toBe(start);
    expect(selectedRow(screen.store.getState())?.ref).toBe(chosen);
    wheel('wheel-up');
    draw(screen, turned);
    expect(shown()?.start).toBe(0);
    // Where the cursor would leave the screen it goes along at the edge.
    screen.chunk('g');
    const top = draw(screen, turned);
    wheel('wheel-down');
    draw(screen, top);
    expect(selectedRow(screen.store.getState())?.key).toBe(shown()?.keys[0]);
  });

  const clickOn = (screen: TestScreen, row: number, word: string, text: string): void => {
    expect(text).toContain(word);
    point(screen.context, click(text.indexOf(word) + 1, row), keys => screen.chunk(...keys));
  };
  const textOf = (line: readonly {readonly text: string}[]): string => line.map(segment => segment.text).join('');

  test('tabs and panels that are only a line are gone to, the footer is pressed', () => {
    const screen = openScreen();
    screen.size.columns = 80;
    screen.size.rows = 24;
    const tabs = screen.context.layout().tabs?.top ?? -1;
    clickOn(screen, tabs, '4 Orphans', textOf(tabsLine('agents', 80)));
    expect(screen.store.getState().focus).toBe('orphans');
    const footer = screen.context.layout().footer?.top ?? -1;
    clickOn(screen, footer, '? help', textOf(hintsLine(hintsOf(screen.context), 80)));
    expect(screen.store.getState().overlays.at(-1)?.kind).toBe('help');
    const {rect} = readingOf(screen.context, {kind: 'help', scroll: 0});
    point(screen.context, click(rect.left + 3, rect.top + rect.height - 1), keys => screen.chunk(...keys));
    expect(screen.store.getState().overlays).toEqual([]);
    screen.size.columns = 120;
    screen.size.rows = 36;
    const [strip] = screen.context.layout().strips;
    const state = screen.store.getState();
    const line = textOf(stripLine(state, strip?.panels ?? [], 120, {horizontal: '-'}));
    clickOn(screen, strip?.rect.top ?? -1, '6 Journal', line);
    expect(screen.store.getState().focus).toBe('journal');
  });

  test('the head of a column orders by it, and again the other way round', () => {
    const screen = openScreen();
    draw(screen);
    const head = screen.context.onScreen.get('orphans')?.head;
    const at = textOf(head?.line ?? []).indexOf('PID');
    const onHead = (): void => point(screen.context, click((head?.left ?? 0) + at, head?.row ?? -1), keys => screen.chunk(...keys));
    onHead();
    expect(screen.store.getState()).toMatchObject({focus: 'orphans', sorting: {orphans: {by: 'pid', inverted: false}}});
    onHead();
    expect(screen.store.getState().sorting.orphans).toEqual({by: 'pid', inverted: true});
  });

  test('Cancel of a plan cancels; no click carries one out', async () => {
    const screen = openScreen();
    await screen.press('4', 'x');
    const plan = planOnTop(screen.context);
    const {left, row, line} = planKeysAt(
      plan as NonNullable<typeof plan>,
      screen.context.layout(),
      planMoment(screen.context, plan as NonNullable<typeof plan>),
    );
    screen.pass(400);
    const pressed: KeyName[] = [];
    for (let column = left; column < left + textOf(line).length; column += 1) {
      point(screen.context, click(column, row), keys => pressed.push(...keys));
    }
    expect([...new Set(pressed)].toSorted()).toEqual(['Esc', 'c']);
    expect(screen.performed).toEqual([]);
    point(screen.context, click(left + 3, row), keys => screen.chunk(...keys));
    expect(screen.store.getState().overlays).toEqual([]);
  });
});
