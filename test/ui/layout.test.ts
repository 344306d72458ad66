import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {PANELS, type PanelId} from '../../src/store/rows.ts';
import {COLUMNS, fitColumns} from '../../src/ui/columns.ts';
import {arrange, contentHeight, dialogRect, type Layout, type Rect} from '../../src/ui/layout.ts';
import {followRow, TOP, windowRows} from '../../src/ui/list-window.ts';

const focused = (focus: PanelId = 'agents') => ({focus, subjectPanel: 'agents' as const});

const rectsOf = (layout: Layout): readonly Rect[] =>
  [layout.header, layout.tabs, ...PANELS.map(panel => layout.panels[panel]), layout.toast, layout.footer].filter(rect => rect != null);

const overlap = (one: Rect, other: Rect): boolean =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;

/** The layout as letters, one per cell of a coarse grid: every eighth column, every third row. */
const sketch = (layout: Layout): string =>
  Array.from({length: Math.ceil(layout.rows / 3)}, (_, y) =>
    Array.from({length: Math.ceil(layout.columns / 8)}, (__, x) => {
      const found = PANELS.find(panel => {
        const rect = layout.panels[panel];
        return rect !== undefined && overlap(rect, {left: x * 8, top: y * 3 + 1, width: 1, height: 1});
      });
      return found === undefined ? '.' : found.slice(0, 1).toUpperCase();
    }).join(''),
  ).join('\n');

describe('arrange', () => {
  test('everything on one screen at 120×36', () => {
    const layout = arrange(120, 36, focused());
    expect(layout.kind).toBe('full');
    expect(sketch(layout)).toBe(
      [
        'RRRRRAAAAAAAAAA',
        'RRRRRAAAAAAAAAA',
        'RRRRRAAAAAAAAAA',
        'RRRRRAAAAAAAAAA',
        'SSSSSOOOOOOOOOO',
        'SSSSSOOOOOOOOOO',
        'SSSSSOOOOOOOOOO',
        'SSSSSEEEEEEEEEE',
        'JJJJJEEEEEEEEEE',
        'JJJJJEEEEEEEEEE',
        'JJJJJEEEEEEEEEE',
        '...............',
      ].join('\n'),
    );
  });

  test('Explain gets a column of its own where there is room', () => {
    const explain = arrange(220, 60, focused()).panels.explain;
    expect(explain).toMatchObject({top: 1, height: 57});
  });

  test('one panel with its explanation at 80×24; Explain and Journal stand alone', () => {
    expect(Object.keys(arrange(80, 24, focused('orphans')).panels)).toEqual(['orphans', 'explain']);
    expect(arrange(80, 24, focused('explain')).panels).toEqual({explain: {left: 0, top: 2, width: 80, height: 20}});
    expect(Object.keys(arrange(80, 24, focused('journal')).panels)).toEqual(['journal']);
  });

  test.each([
    [110, 30, 'full'],
    [109, 30, 'tabs'],
    [110, 29, 'tabs'],
    [60, 18, 'tabs'],
    [59, 18, 'list'],
    [60, 17, 'list'],
    [1, 1, 'list'],
    [0, 0, 'list'],
  ])('%i×%i is %s', (columns, rows, kind) => {
    expect(arrange(columns, rows, focused()).kind).toBe(kind);
  });

  test('at every size rectangles stay on the terminal, never overlap, and fill it where there is a layout', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 300}), fc.integer({min: 1, max: 120}), fc.constantFrom(...PANELS), (columns, rows, focus) => {
        const layout = arrange(columns, rows, focused(focus));
        const rects = rectsOf(layout);
        expect(rects.every(rect => rect.left >= 0 && rect.top >= 0 && rect.width > 0 && rect.height > 0)).toBe(true);
        expect(rects.every(rect => rect.left + rect.width <= columns && rect.top + rect.height <= rows)).toBe(true);
        expect(rects.some((rect, index) => rects.slice(index + 1).some(other => overlap(rect, other)))).toBe(false);
        expect(layout.panels[focus]).toBeDefined();
        expect(rects.reduce((cells, rect) => cells + rect.width * rect.height, 0)).toBe(columns * rows);
      }),
    );
  });

  test('a dialog is centred and never larger than the terminal', () => {
    expect(dialogRect(120, 36, {width: 100, height: 10})).toEqual({left: 10, top: 13, width: 100, height: 10});
    expect(dialogRect(40, 5, {width: 100, height: 10})).toEqual({left: 0, top: 0, width: 40, height: 5});
  });

  test('a page is what a panel shows', () => {
    const layout = arrange(120, 36, focused());
    expect(contentHeight(layout, 'agents')).toBe((layout.panels.agents?.height ?? 0) - 3);
    expect(contentHeight(arrange(80, 24, focused()), 'slots')).toBe(0);
  });
});

describe('columns', () => {
  test('fill their width at every width of every table, and the badge is never dropped', () => {
    fc.assert(
      fc.property(fc.constantFrom('rigs', 'slots', 'agents', 'orphans' as const), fc.integer({min: 1, max: 250}), (panel, width) => {
        const fitted = fitColumns(COLUMNS[panel as 'agents'], width);
        const used = fitted.reduce((sum, column) => sum + column.width, fitted.length - 1);
        expect(fitted.length).toBeGreaterThan(0);
        expect(used).toBeLessThanOrEqual(Math.max(width, fitted[0]?.width ?? 0));
        expect(fitted.every(column => column.width > 0)).toBe(true);
      }),
    );
  });

  test('what explains stays longer than what measures', () => {
    const ids = (width: number): readonly string[] => fitColumns(COLUMNS.agents, width).map(column => column.id);
    expect(ids(200)).toEqual(COLUMNS.agents.map(column => column.id));
    expect(ids(80)).toEqual(['badge', 'name', 'runtime', 'pid', 'mem', 'why']);
    expect(ids(62)).toEqual(['badge', 'name', 'pid', 'why']);
    expect(ids(20)).toEqual(['badge', 'name']);
    expect(ids(12)).toEqual(['badge']);
  });
});

describe('a window on a list', () => {
  test.each([
    [10, 0, 5, 0, 0, 5],
    [10, 9, 5, 0, 5, 10],
    [10, 4, 5, 0, 0, 5],
    [10, 5, 5, 0, 1, 6],
    [10, 3, 5, 5, 3, 8],
    [3, 2, 5, 9, 0, 3],
    [0, -1, 5, 3, 0, 0],
    [10, 5, 0, 0, 0, 0],
    [10, 5, -3, 0, 0, 0],
  ])('%i rows, row %i chosen, %i high, from %i: %i to %i', (count, selected, height, offset, start, end) => {
    expect(windowRows(count, selected, height, offset)).toEqual({start, end});
  });

  test('always shows the chosen row, and never a gap at the end', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.integer({min: 1, max: 60}), fc.nat(200), (count, selected, height, offset) => {
        const chosen = Math.min(selected, count - 1);
        const {start, end} = windowRows(count, chosen, height, offset);
        expect(end - start).toBe(Math.min(count, height));
        expect(count === 0 || (chosen >= start && chosen < end)).toBe(true);
      }),
    );
  });

  test('rows that come above the chosen one move the list, not the cursor', () => {
    const keys = Array.from({length: 20}, (_, index) => `row ${index}`);
    const first = followRow(TOP, keys, 'row 12', 8);
    const line = 12 - first.window.start;
    const second = followRow(first.anchor, ['new', 'newer', ...keys], 'row 12', 8);
    expect(14 - second.window.start).toBe(line);
    const third = followRow(second.anchor, keys.slice(3), 'row 12', 8);
    expect(9 - third.window.start).toBe(line);
  });
});
