import {describe, expect, test} from 'vitest';
import type {PortUse} from '../../src/core/domain/port.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {Row} from '../../src/store/rows.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {type Column, columnsOf} from '../../src/ui/columns.ts';
import {widthOf} from '../../src/ui/format.ts';
import {arrange, isBare, shapeOf} from '../../src/ui/layout.ts';
import {drawListPanel, FRESH, formatRow} from '../../src/ui/panels/list-panel.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {buildFleet} from '../store/fleet.ts';

const theme = resolveTheme('mono', {LANG: 'C.UTF-8', NO_COLOR: '1'}, 'never');
const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');

const use = (index: number): PortUse => ({
  port: 3000 + index,
  addresses: ['127.0.0.1'],
  holder: {pid: 40_000 + index, startTime: 1, command: 'node vite', program: 'vite'},
  pids: [40_000 + index],
  agent: `agent:shop/a-rather-long-name-${index}`,
  session: null,
  rig: 'shop',
  cwd: `/home/u/w/shop-trees/feature-${index}`,
  service: null,
  state: index % 3 === 0 ? 'orphan' : 'undeclared',
  because: 'declared nowhere',
  conflict: index % 5 === 1 ? {port: 3000, pid: 40_000, agent: null, because: 'vite begins at 3000, which vite 40000 holds'} : null,
});

const open = (count: number) => {
  const store = createScreenStore({readOnly: false});
  store.receive(buildFleet({ports: Array.from({length: count}, (_, index) => use(index))}));
  store.change(() => ({focus: 'ports', subjectPanel: 'ports'}));
  return store.getState();
};

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

describe.each(SIZES)('the panel of ports at %i×%i', (columns, rows) => {
  test.each([0, 6, 60, 400])('with %i of them is within its box, with port, holder and state, and says so where there are none', count => {
    const state = open(count);
    const layout = arrange(columns, rows, shapeOf(state, columns));
    const rect = layout.panels.ports;
    if (rect === undefined) {
      throw new Error('the panel with the focus is not on the screen');
    }
    const {drawn} = drawListPanel(
      {
        rows: state.visible.ports,
        all: state.view.ports,
        header: state.view.header,
        selected: state.selected.ports,
        focused: true,
        current: true,
        filter: '',
        marks: new Map(),
        problemsOnly: false,
        sorting: state.sorting.ports,
        looked: true,
        scroll: null,
        demoCommand: 'rigtop demo',
      },
      'ports',
      {rect, theme, memory: FRESH, bare: isBare(layout), keysOf: () => []},
    );
    const lines = drawn.lines.map(bare);
    expect(lines.length).toBeLessThanOrEqual(rect.height);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(rect.width);
    const text = lines.join('\n');
    expect(text).toMatch(count === 0 ? /No agent, no session[\s\S]*\[\[rigs\]\]/ : /> +30\d\d (?:- +)?vite[ …\d]*.*(undeclared|orphan)/);
  });
});

test('rows are the same objects at the next look, where nothing of them changed', () => {
  const fleet = buildFleet({ports: [use(1), use(2)]});
  const before = viewFleet(fleet, EMPTY_VIEW);
  expect(viewFleet({...fleet, ports: structuredClone(fleet.ports)}, before).ports).toBe(before.ports);
});

test('a holder that is cut keeps its program, and the end of whose it is', () => {
  const row = {badge: {word: 'undeclared', tone: 'plain'}, cells: {held: 'vite 22 of billing/dark-mode'}} as unknown as Row;
  const shown = (width: number): string =>
    formatRow(row, [{...(columnsOf('ports', false).find(({id}) => id === 'held') as Column), width}], {
      selected: false,
      marked: false,
      theme,
    })
      .map(({text}) => text)
      .join('')
      .slice(3);
  expect([28, 18, 12].map(shown)).toEqual(['vite 22 of billing/dark-mode', 'vite 22 …dark-mode', 'vite 22 of …']);
});

test('on a phone the second line of a row without a reason is its place', () => {
  const {ports, header} = viewFleet(buildFleet({ports: [{...use(1), conflict: null}]}), EMPTY_VIEW);
  const state = {
    rows: ports,
    all: ports,
    header,
    selected: null,
    focused: true,
    current: true,
    filter: '',
    marks: new Map(),
    problemsOnly: false,
    sorting: {by: 'severity', inverted: false},
    looked: true,
    scroll: null,
    demoCommand: 'rigtop demo',
  } as const;
  const rect = {left: 0, top: 0, width: 40, height: 6};
  const {drawn} = drawListPanel(state, 'ports', {rect, theme, memory: FRESH, bare: true, keysOf: () => []});
  expect(ports[0]?.cells).toMatchObject({why: '', where: expect.stringMatching(/\/|~/)});
  expect(drawn.lines[1]).toContain(ports[0]?.cells.where ?? '?');
});
