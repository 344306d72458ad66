import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {explainRow} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {PANELS, type PanelId, type Row} from '../../src/store/rows.ts';
import {initialState} from '../../src/store/state.ts';
import {SORTS_OF} from '../../src/store/visible-rows.ts';
import {type Content, needOf, type Rect, type Shape} from '../../src/ui/boxes.ts';
import {columnsOf, fitColumns, measureRows, sortedColumn} from '../../src/ui/columns.ts';
import {blankLines, isWasteful} from '../../src/ui/full-layout.ts';
import {arrange, contentHeight, dialogRect, type Layout, shapeOf} from '../../src/ui/layout.ts';
import {followRow, TOP, windowRows} from '../../src/ui/list-window.ts';
import type {BriefRow} from '../../src/words/describe-briefly.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {buildFleet} from '../store/fleet.ts';

const LITTLE: Content = {rigs: 3, ports: 3, agents: 6, orphans: 11, explain: 1, journal: 0};
const MUCH: Content = {rigs: 6, ports: 0, agents: 60, orphans: 0, explain: 1, journal: 0};

const focused = (focus: PanelId = 'agents', content: Content = LITTLE): Shape => ({focus, zoomed: false, content});

const rectsOf = (layout: Layout): readonly Rect[] =>
  [
    layout.header,
    layout.tabs,
    ...PANELS.map(panel => layout.panels[panel]),
    ...layout.strips.map(strip => strip.rect),
    layout.toast,
    layout.footer,
  ].filter(rect => rect != null);

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

test('Explain has as many lines as it says where it is read, unless they are those of a screen', () => {
  const fleet = buildFleet();
  const {visible, journal} = initialState({readOnly: true});
  const rows = viewFleet(fleet, EMPTY_VIEW).orphans;
  const explained = (focus: PanelId, screen = false): number => {
    const explanation = rows[0] === undefined ? null : explainRow(indexFleet(fleet), rows[0]);
    const output: BriefRow = {kind: 'row', label: 'Last output', form: 'lines', texts: ['x'], unfolded: [], actions: [], tone: 'quiet'};
    const told = explanation === null || !screen ? explanation : {...explanation, brief: [...explanation.brief, output]};
    return shapeOf({focus, zoomed: false, visible, explanation: told, journal}, 120).content.explain;
  };
  expect(explained('orphans')).toBe(1);
  expect(explained('explain')).toBe(3);
  expect(explained('explain', true)).toBe(1);
});

describe('arrange', () => {
  test('a little fleet hides nothing at 120×36: sides and mains as high as their rows, Explain below, the empty journal a line', () => {
    const layout = arrange(120, 36, focused());
    expect(layout.kind).toBe('full');
    expect(sketch(layout)).toBe(
      [
        'RRRRRAAAAAAAAAA',
        'RRRRRAAAAAAAAAA',
        'PPPPPAAAAAAAAAA',
        'PPPPPOOOOOOOOOO',
        'PPPPPOOOOOOOOOO',
        'PPPPPOOOOOOOOOO',
        'PPPPPOOOOOOOOOO',
        'PPPPPOOOOOOOOOO',
        'EEEEEEEEEEEEEEE',
        'EEEEEEEEEEEEEEE',
        'EEEEEEEEEEEEEEE',
        '...............',
      ].join('\n'),
    );
    expect(layout.strips.map(({panels}) => panels)).toEqual([['journal']]);
  });

  test('sixty agents take the whole width and most of the height, the rigs a line, what is empty another', () => {
    const layout = arrange(120, 36, focused('agents', MUCH));
    expect(layout.strips.map(({panels}) => panels)).toEqual([['rigs'], ['ports', 'orphans', 'journal']]);
    expect(layout.panels).toEqual({
      agents: {left: 0, top: 1, width: 120, height: 24},
      explain: {left: 0, top: 25, width: 120, height: 7},
    });
  });

  test('what has the focus is never a line', () => {
    expect(Object.keys(arrange(120, 36, focused('rigs', MUCH)).panels)).toEqual(['agents', 'rigs', 'explain']);
    expect(arrange(120, 36, focused('explain', MUCH)).panels.explain?.height).toBe(15);
    // One that is short takes no more than it has to say, and hides no rows for it.
    expect(arrange(120, 36, focused('explain', {...MUCH, explain: 9})).panels.explain?.height).toBe(11);
    expect(arrange(120, 36, focused('explain', {...LITTLE, explain: 4})).panels).toEqual(arrange(120, 36, focused()).panels);
  });

  test('on a wide terminal rigs, Explain and the journal stand at the side, and Agents keeps all its columns', () => {
    const {panels} = arrange(200, 60, focused('agents', {...MUCH, agents: 400, journal: 60}));
    expect(panels).toEqual({
      rigs: {left: 0, top: 1, width: 44, height: 8},
      explain: {left: 0, top: 9, width: 44, height: 26},
      journal: {left: 0, top: 35, width: 44, height: 22},
      agents: {left: 44, top: 1, width: 156, height: 56},
    });
    const ids = fitColumns(columnsOf('agents', false), 156 - 6).map(column => column.id);
    expect(ids).toEqual(columnsOf('agents', false).map(column => column.id));
  });

  test('where nothing but Explain would stand at the side, half blank, it stands below, a fifth of the height', () => {
    expect(arrange(200, 60, focused('agents', {...MUCH, agents: 400})).panels).toEqual({
      agents: {left: 0, top: 1, width: 200, height: 44},
      explain: {left: 0, top: 45, width: 200, height: 11},
    });
    // Explain takes no more than it has to say, even with the focus.
    expect(arrange(200, 60, focused('explain', {...MUCH, agents: 400})).panels.explain?.height).toBe(18);
  });

  test('every list whole comes before an Explain that is more than its least', () => {
    const shape = focused('agents', {rigs: 6, ports: 7, agents: 20, orphans: 20, explain: 1, journal: 0});
    const {panels} = arrange(200, 60, shape);
    expect([panels.agents?.height, panels.orphans?.height, panels.explain?.height]).toEqual([23, 23, 10]);
  });

  test('zoomed, one panel has it all', () => {
    expect(arrange(200, 60, {...focused('orphans'), zoomed: true}).panels).toEqual({orphans: {left: 0, top: 2, width: 200, height: 56}});
  });

  const SIZES = [
    [40, 24],
    [48, 24],
    [60, 18],
    [80, 24],
    [100, 30],
    [120, 36],
    [160, 45],
    [200, 60],
  ] as const;
  const COUNTS = [0, 6, 60, 400];

  test.each(SIZES.flatMap(([columns, rows]) => COUNTS.map(agents => [columns, rows, agents] as const)))(
    'at %i×%i with %i agents no list hides a row while more than a quarter of another panel is blank',
    (columns, rows, agents) => {
      for (const rigs of [0, 1, 6, 40]) {
        for (const others of [0, 1, 3, 11, 60]) {
          for (const journal of [0, 2, 60]) {
            for (const focus of PANELS) {
              const explain = agents + others + rigs === 0 ? 0 : 1;
              const shape = focused(focus, {rigs, ports: Math.floor(others / 2), agents, orphans: others, explain, journal});
              const {panels} = arrange(columns, rows, shape);
              expect(isWasteful(panels, shape), JSON.stringify({shape, panels})).toBe(false);
            }
          }
        }
      }
    },
  );

  test('blank is what a box is higher than its rows, and counts only while another list hides some', () => {
    const shape = focused('agents', {...LITTLE, orphans: 40});
    const box = (height: number): Rect => ({left: 0, top: 0, width: 9, height});
    expect([needOf('ports', shape), blankLines('ports', box(12), shape)]).toEqual([6, 6]);
    expect(isWasteful({ports: box(12), orphans: box(20)}, shape)).toBe(true);
    expect(isWasteful({ports: box(8), orphans: box(20)}, shape)).toBe(false);
    expect(isWasteful({ports: box(12), orphans: box(43)}, shape)).toBe(false);
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
    [59, 18, 'phone'],
    [60, 17, 'phone'],
    [40, 10, 'phone'],
    [39, 24, 'list'],
    [40, 9, 'list'],
    [1, 1, 'list'],
    [0, 0, 'list'],
  ])('%i×%i is %s', (columns, rows, kind) => {
    expect(arrange(columns, rows, focused()).kind).toBe(kind);
  });

  const few = fc.nat(70);
  const contents = fc.record({rigs: few, ports: few, agents: fc.nat(400), orphans: few, explain: fc.nat(1), journal: few});

  test('at every size rectangles stay on the terminal, never overlap, and fill it where there is a layout', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 300}),
        fc.integer({min: 1, max: 120}),
        fc.constantFrom(...PANELS),
        contents,
        (columns, rows, focus, content) => {
          const layout = arrange(columns, rows, focused(focus, content));
          const rects = rectsOf(layout);
          expect(rects.every(rect => rect.left >= 0 && rect.top >= 0 && rect.width > 0 && rect.height > 0)).toBe(true);
          expect(rects.every(rect => rect.left + rect.width <= columns && rect.top + rect.height <= rows)).toBe(true);
          expect(rects.some((rect, index) => rects.slice(index + 1).some(other => overlap(rect, other)))).toBe(false);
          expect(layout.panels[focus]).toBeDefined();
          expect(
            rects.reduce((cells, rect) => cells + rect.width * rect.height, 0),
            JSON.stringify(layout),
          ).toBe(columns * rows);
        },
      ),
    );
  });

  test('a dialog is centred and never larger than the terminal', () => {
    expect(dialogRect(120, 36, {width: 100, height: 10})).toEqual({left: 10, top: 13, width: 100, height: 10});
    expect(dialogRect(40, 5, {width: 100, height: 10})).toEqual({left: 0, top: 0, width: 40, height: 5});
  });

  test('a page is what a panel shows', () => {
    const layout = arrange(120, 36, focused());
    expect(contentHeight(layout, 'agents')).toBe((layout.panels.agents?.height ?? 0) - 3);
    expect(contentHeight(arrange(80, 24, focused()), 'ports')).toBe(0);
  });
});

describe('columns', () => {
  test('fill their width at every width of every table, and the badge is never dropped', () => {
    fc.assert(
      fc.property(fc.constantFrom('rigs', 'ports', 'agents', 'orphans' as const), fc.integer({min: 1, max: 250}), (panel, width) => {
        const fitted = fitColumns(columnsOf(panel as 'agents', true), width);
        const used = fitted.reduce((sum, column) => sum + column.width, fitted.length - 1);
        expect(fitted.length).toBeGreaterThan(0);
        expect(used).toBeLessThanOrEqual(width);
        expect(fitted.every(column => column.width > 0)).toBe(true);
      }),
    );
  });

  test('beside rigs and ports, from 160 columns on, Agents is no narrower than over the whole width of 120', () => {
    const content: Content = {rigs: 6, ports: 7, agents: 60, orphans: 0, explain: 1, journal: 0};
    for (const [columns, rows] of [
      [160, 45],
      [190, 50],
      [200, 60],
    ] as const) {
      expect(arrange(columns, rows, focused('agents', content)).panels.agents?.width).toBeGreaterThanOrEqual(120);
    }
  });

  test('one long name of a rig takes nobody’s state away', () => {
    const ids = (width: number): readonly string[] =>
      fitColumns(columnsOf('rigs', false), width, {name: 32, badge: 14}).map(({id, width: cells}) => `${id} ${cells}`);
    expect(ids(28)).toEqual(['name 10', 'count 3', 'badge 13']);
    expect(ids(40)).toEqual(['name 21', 'count 3', 'badge 14']);
    expect(ids(120).slice(0, 3)).toEqual(['name 32', 'count 3', 'badge 14']);
  });

  test('what explains comes before what measures', () => {
    const ids = (width: number): readonly string[] => fitColumns(columnsOf('agents', false), width).map(column => column.id);
    expect(ids(200)).toEqual(columnsOf('agents', false).map(column => column.id));
    expect(ids(74)).toEqual(['badge', 'rig', 'agent', 'runtime', 'why']);
    expect(ids(20)).toEqual(['badge', 'agent']);
    expect(ids(10)).toEqual(['badge']);
  });

  test('a sentence is whole before a process number and the like find a place, and says whose agent it is at 60 columns', () => {
    const content = {badge: 7, rig: 8, agent: 10, runtime: 8, what: 24};
    const fitted = (width: number): readonly string[] =>
      fitColumns(columnsOf('agents', false), width - 6, content).map(({id, width: cells}) => (id === 'why' ? `why ${cells}` : id));
    expect(fitted(120)).toEqual(['badge', 'rig', 'agent', 'runtime', 'since', 'mem', 'slot', 'why 58']);
    expect(fitted(100)).toEqual(['badge', 'rig', 'agent', 'runtime', 'since', 'mem', 'why 45']);
    expect(fitted(60)).toEqual(['badge', 'rig', 'agent', 'why 26']);
    expect(fitColumns(columnsOf('orphans', false), 54, {...content, badge: 11}).map(({id, width}) => `${id} ${width}`)).toEqual([
      'badge 11',
      'what 11',
      'evidence 30',
    ]);
  });

  test.each(
    (
      [
        [120, 36],
        [160, 45],
        [200, 60],
      ] as const
    ).flatMap(([columns, rows]) => [6, 60, 400].map(agents => [columns, rows, agents] as const)),
  )('WHY and EVIDENCE have 40 cells at %i×%i with %i agents, whatever stands beside them', (columns, rows, agents) => {
    const content = {badge: 11, rig: 14, agent: 18, what: 30};
    for (const rigs of [0, 6, 40]) {
      for (const others of [0, 3, 11, 60]) {
        for (const focus of PANELS) {
          const shape = focused(focus, {rigs, ports: Math.floor(others / 2), agents, orphans: others, explain: 1, journal: others});
          const {panels} = arrange(columns, rows, shape);
          for (const panel of ['agents', 'orphans'] as const) {
            const width = panels[panel]?.width ?? columns;
            const last = fitColumns(columnsOf(panel, false), width - 6, content).at(-1);
            expect(last?.width ?? 0, JSON.stringify({shape, panel, width})).toBeGreaterThanOrEqual(40);
          }
        }
      }
    }
  });

  test('a wider panel never shows fewer, whatever the content', () => {
    const content = fc.record({
      badge: fc.nat(14),
      rig: fc.nat(30),
      agent: fc.nat(40),
      runtime: fc.nat(12),
      pid: fc.nat(7),
      where: fc.nat(40),
    });
    fc.assert(
      fc.property(
        fc.constantFrom('ports', 'agents', 'orphans' as const),
        content,
        fc.integer({min: 1, max: 240}),
        (panel, widths, width) => {
          const count = (cells: number): number => fitColumns(columnsOf(panel, true), cells, widths).length;
          expect(count(width + 1)).toBeGreaterThanOrEqual(count(width));
        },
      ),
    );
  });

  test('what explains has 40 cells from 120 columns on, at the side of nothing or of everything', () => {
    const content = {badge: 11, rig: 14, agent: 18, what: 30};
    for (const panel of ['agents', 'orphans'] as const) {
      for (let columns = 120; columns <= 240; columns += 1) {
        for (const shape of [focused(), focused('agents', MUCH), focused('agents', {...LITTLE, orphans: 90})]) {
          const width = arrange(columns, 36, shape).panels[panel]?.width ?? columns;
          const last = fitColumns(columnsOf(panel, false), width - 6, content).at(-1);
          expect([last?.id, (last?.width ?? 0) >= 40], `${panel} ${columns} ${width}`).toEqual([
            panel === 'agents' ? 'why' : 'evidence',
            true,
          ]);
        }
      }
    }
  });

  test('what a list is ordered by is always a column of it', () => {
    for (const panel of ['ports', 'agents', 'orphans'] as const) {
      for (const by of SORTS_OF[panel]) {
        const id = sortedColumn(panel, by);
        const content = {badge: 14, agent: 40, what: 40, held: 40, belongs: 30, where: 40, rig: 30};
        for (const width of [30, 36, 44, 76]) {
          const ids = [{}, content].map(each => fitColumns(columnsOf(panel, true), width, each, id).map(column => column.id));
          expect(ids, `${panel} ${by} ${width}`).toEqual([expect.arrayContaining([id]), expect.arrayContaining([id])]);
        }
      }
    }
  });

  test('are as wide as their content, and never narrower again', () => {
    const rows = (names: readonly string[]): readonly Row[] =>
      names.map(name => ({badge: {word: 'up', tone: 'good'}, cells: {agent: name}}) as unknown as Row);
    const first = measureRows(columnsOf('agents', false), rows(['a-long-name-of-an-agent', 'b']), {});
    const second = measureRows(columnsOf('agents', false), rows(['b']), first);
    expect([first.agent, second.agent]).toEqual([23, 23]);
    expect(fitColumns(columnsOf('agents', false), 114, second).find(column => column.id === 'agent')?.width).toBe(23);
    expect(fitColumns(columnsOf('agents', false), 114).find(column => column.id === 'agent')?.width).toBe(8);
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
