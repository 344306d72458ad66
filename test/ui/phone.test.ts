// The screen of a phone: one panel without borders, two lines a row, and all the lines that every screen has.
import {describe, expect, test} from 'vitest';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {initialState} from '../../src/store/state.ts';
import {arrange, contentHeight} from '../../src/ui/layout.ts';
import {pointAt} from '../../src/ui/mouse.ts';
import {filterLine, hintsLine, messageLines, tabsLine} from '../../src/ui/panels/bars.ts';
import {drawListPanel, FRESH, type ListState} from '../../src/ui/panels/list-panel.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {buildFleet} from '../store/fleet.ts';

const theme = resolveTheme('mono', {LANG: 'C.UTF-8', TERM: 'xterm-256color'});
const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '').trimEnd();
const words = (line: readonly {readonly text: string}[]): string => line.map(({text}) => text).join('');

const view = viewFleet(buildFleet(), EMPTY_VIEW);
const {sorting, marks} = initialState({readOnly: true});

const listOf = (panel: 'agents' | 'orphans' | 'ports', selected: string | null = null): ListState => ({
  rows: view[panel],
  all: view[panel],
  header: view.header,
  demoCommand: 'rigtop demo',
  scroll: null,
  selected,
  focused: true,
  current: true,
  filter: '',
  marks,
  problemsOnly: false,
  sorting: sorting[panel],
  looked: true,
});

const shapeOf = (focus: 'agents' | 'orphans' | 'ports' | 'explain') => ({
  focus,
  zoomed: false,
  content: {rigs: 3, ports: 3, agents: 60, orphans: 11, explain: 1, journal: 0},
});

/** As high as two lines a row take, unless something else is said. */
const draw = (
  panel: 'agents' | 'orphans' | 'ports',
  columns: number,
  selected: string | null = null,
  rows = view[panel].length * 2 + 4,
) => {
  const shape = shapeOf(panel);
  const layout = arrange(columns, rows, {...shape, content: {...shape.content, [panel]: view[panel].length}});
  const rect = layout.panels[panel] ?? {left: 0, top: 0, width: 0, height: 0};
  return {layout, rect, ...drawListPanel(listOf(panel, selected), panel, {rect, theme, bare: true, memory: FRESH, keysOf: () => []})};
};

test('a terminal of two lines, or of one, still shows the row that is selected', () => {
  const [, second] = view.agents;
  for (const rows of [1, 2]) {
    const {drawn} = draw('agents', 40, second?.key, rows);
    expect(drawn.lines.map(bare)).toEqual([expect.stringContaining(second?.badge.word ?? '?')]);
  }
});

describe('a phone', () => {
  test('has header, tabs, messages and footer at every size from 40×10 on', () => {
    for (const [columns, rows] of [
      [40, 10],
      [48, 24],
      [59, 60],
    ] as const) {
      const layout = arrange(columns, rows, shapeOf('agents'));
      expect(layout.kind).toBe('phone');
      expect([layout.header?.top, layout.tabs?.top, layout.toast?.top, layout.footer?.top]).toEqual([0, 1, rows - 2, rows - 1]);
      expect(layout.panels).toEqual({agents: {left: 0, top: 2, width: columns, height: rows - 4}});
    }
  });

  test('shows what a row is in one line and why in the next', () => {
    const {drawn} = draw('agents', 48);
    expect(drawn.lines.slice(0, 4).map(bare)).toEqual([
      expect.stringMatching(/^ {3}RUNNING +checkout +max +claude +-$/),
      '   claude runs in its pane',
      expect.stringMatching(/^ {3}RUNNING ! +search +ida +codex +-$/),
      expect.stringMatching(/^ {3}! WRONG-OWNER port 3102 of checkout slot 2.*…$/),
    ]);
    expect(bare(draw('orphans', 40).drawn.lines[1] ?? '')).toMatch(/^ {3}in …\/w$/);
    expect(bare(draw('ports', 40).drawn.lines[1] ?? '')).toBe(`   ${view.ports[0]?.cells.why}`);
  });

  test('wraps a reason where every row has a line for it, and has one line a row where that is all there is room for', () => {
    const {drawn, layout} = draw('agents', 48, null, view.agents.length * 3 + 4);
    expect(layout.rowLines).toBe(3);
    expect(drawn.lines.slice(3, 6).map(bare)).toEqual([
      expect.stringMatching(/^ {3}RUNNING ! +search +ida/),
      '   ! WRONG-OWNER port 3102 of checkout slot 2 is',
      '   held by vite 5120 of search',
    ]);
    expect(drawn.lines[2]?.trim()).toBe('');
    const wide = draw('agents', 60, null, view.agents.length * 2 + 4);
    expect([wide.layout.kind, wide.layout.rowLines]).toEqual(['phone', 2]);
    expect(bare(wide.drawn.lines[3] ?? '')).toMatch(/^ {3}! WRONG-OWNER port/);
    expect(draw('agents', 60, null, view.agents.length + 7).layout.rowLines).toBe(1);
  });

  test('a page is half as many rows, both lines of a row are its own, and the chosen one is always shown', () => {
    const last = view.agents.at(-1)?.key ?? '';
    const {layout, rect, shown, drawn} = draw('agents', 48, last);
    expect(contentHeight(layout, 'agents')).toBe(view.agents.length);
    expect(drawn.lines.some(line => bare(line).startsWith('>'))).toBe(true);
    const keys = [0, 1, 2, 3].map(line => pointAt({column: 5, row: rect.top + line}, layout, new Map([['agents', shown]]))?.row?.key);
    expect(keys).toEqual([view.agents[0]?.key, view.agents[0]?.key, view.agents[1]?.key, view.agents[1]?.key]);
  });

  test('names the panel in front, the others as far as there is room', () => {
    expect(words(tabsLine('agents', 48))).toBe(' 1  2 [3 Agents] 4 Orphans  5  6 ');
    expect(words(tabsLine('rigs', 24))).toBe('[1 Rigs] 2  3  4  5  6 ');
    expect(words(tabsLine('agents', 60))).toBe(' 1 Rigs  2 Ports [3 Agents] 4 Orphans  5 Explain  6 Journal ');
  });

  test('says why a key does nothing rather than that it does nothing', () => {
    const text = 'f does nothing now: choose a rig (1) or slot (2) to flush';
    const state = {...initialState({readOnly: true}), toasts: [{id: 1, text, tone: 'error' as const, at: 0}]};
    const said = (width: number): readonly string[] =>
      messageLines(state as unknown as Parameters<typeof messageLines>[0], 0, width).map(words);
    expect(said(60)).toEqual([text]);
    expect(said(40)).toEqual(['f: choose a rig (1) or slot (2) to flush']);
    expect(said(24)).toEqual(['f: choose a rig (1) or', 'slot (2) to flush']);
    expect(said(12)).toEqual(['f: choose a', 'rig (1) or', 'slot (2) to flush']);
  });

  test('puts no blank into a path that is cut', () => {
    const [row, ...others] = view.agents;
    const rows =
      row === undefined ? others : [{...row, cells: {...row.cells, why: 'in /home/u/projects/a-long-directory/another'}}, ...others];
    const shape = {...shapeOf('agents'), content: {...shapeOf('agents').content, agents: rows.length}};
    const layout = arrange(30, rows.length * 2 + 4, shape);
    const rect = layout.panels.agents ?? {left: 0, top: 0, width: 0, height: 0};
    const list = {...listOf('agents'), rows, all: rows};
    const {drawn} = drawListPanel(list, 'agents', {rect, theme, bare: true, memory: FRESH, keysOf: () => []});
    expect(drawn.lines.map(bare)[1]).toBe('   in /home/u/projects/a-long…');
  });

  test('never drops help and quit from its footer', () => {
    const hints = ['next', 'why', 'stop', 'help', 'quit'].map(label => ({key: label.slice(0, 1), label}));
    expect(words(hintsLine(hints, 24)).trimEnd()).toBe('n next  h help  q quit');
    expect(words(hintsLine(hints, 15)).trimEnd()).toBe('h help  q quit');
  });
});

test.each([
  ['state:asks', 60, '/state:asks_   Enter keeps  Esc drops  Tab completes'],
  ['state:asks', 40, '/state:asks_   Enter keeps  Esc drops'],
  ['a-name-that-is-long', 24, '/a-name-that-is-long_'],
  ['a-name-that-is-far-too-long', 12, '/…-too-long_'],
])('the filter %s on %i columns shows what was typed last, and whole hints', (filter, width, shown) => {
  expect(
    filterLine(filter, width)
      .map(({text}) => text)
      .join(''),
  ).toBe(shown);
});
